"""Every cell of the registry's rules: what triggers it, and what just does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.registry import rules
from services.registry.absence import Absence
from services.registry.action_plan import ActionPlan, ActionPlanDrafted, ActionPlanSectionCompleted, SectionState
from services.registry.amount import Amount
from services.registry.assignment import Assignment
from services.registry.codes import SECTIONS, AllocationReason, SchoolType, StaffFunction, TeamRole
from services.registry.development_question import DevelopmentQuestions, Question, QuestionState
from services.registry.introduction import Introduction
from services.registry.professional import Education, Professional, QualificationRecorded, Registration
from services.registry.recruitment import Recruitment, SchoolRole
from services.registry.rules.facts import Away, Choosing, Deployment, Facts, Joining, SchoolDay, Week
from services.registry.rules.rule import Rule, judge
from services.registry.switchboard import RULES
from services.registry.timeline import ONE_DAY, Span, Timeline
from shared.domain.findings import Finding, Severity
from tests.registry.given import CARDEA, PRODEBA
from tests.switchboard.cells import DAY, FILES_BY_CODE, Cell, cells, holds

SITE, STAFF, SUPERVISOR = "99HH00", "m-77", "m-78"
NEXT, BEFORE = DAY + ONE_DAY, DAY - ONE_DAY
LONG_AGO = date(2020, 1, 1)
OURS: dict[str, Rule[Any]] = {
    rule.id: rule for rule in (*rules.STANDING, *rules.DEPLOYING, *rules.CHOOSING, *rules.JOINING, *rules.ABSENCE)
}
"""One function of each id; where how things stand has one more (R-QUAL-HBO), that of the act."""

Judgement = tuple[object, Facts]
"""What is judged, and what is known beside it."""


def person(staff: str = STAFF, last: date = DAY, educated: date = LONG_AGO) -> Professional:
    """A worker whose registration ends on `last` and whose HBO education was completed on `educated`."""
    degree = QualificationRecorded(
        provider=CARDEA, staff=staff, level="HBO", education=Education.MWD, valid_from=educated
    )
    registration = Registration("SKJ", Span(LONG_AGO, last))
    return Professional(CARDEA, staff, StaffFunction.YOUTH_WORKER, LONG_AGO, (registration,), (degree,))


def deployment(cell: Cell, **changes: Any) -> Deployment:
    """A worker who comes to the school on the day."""
    return replace(Deployment(cell.file.programme, SITE, CARDEA, STAFF, DAY), **changes)


def facts(cell: Cell, **changes: Any) -> Facts:
    """What is known on the day."""
    return replace(Facts(cell.applied(), DAY, level="PILOT", sub_region="NK"), **changes)


def registered(last: date) -> Callable[[Cell], Judgement]:
    """Whether the registration still covers the day."""
    return lambda cell: (deployment(cell), facts(cell, professional=person(last=last)))


def educated(day: date) -> Callable[[Cell], Judgement]:
    """Whether the education is complete by the day."""
    return lambda cell: (deployment(cell), facts(cell, professional=person(educated=day)))


def allocated(last: date) -> Callable[[Cell], Judgement]:
    """An unregistered worker with a reason, whose supervisor's registration ends on `last`."""

    def made(cell: Cell) -> Judgement:
        unregistered = person(last=BEFORE, educated=NEXT)
        known = facts(cell, professional=unregistered, supervisor=person(SUPERVISOR, last), lot_allows=True)
        return deployment(cell, reason="MBO_UNDER_SUPERVISION", lot="HR-P1"), known

    return made


def met(day: date) -> Callable[[Cell], Judgement]:
    """School and worker met on this day."""
    return lambda cell: (
        deployment(cell),
        facts(cell, introduction=Introduction(cell.file.programme, SITE, CARDEA, STAFF, (day,))),
    )


def involved(day: date) -> Callable[[Cell], Judgement]:
    """The school spoke on this day."""
    return lambda cell: (
        deployment(cell),
        facts(
            cell,
            recruitment=Recruitment(cell.file.programme, SITE, CARDEA, STAFF, (SchoolRole.SCHOOL_LEADER,), day),
        ),
    )


def planned(day: date) -> Callable[[Cell], Judgement]:
    """A whole plan and one development question, complete on this day."""

    def made(cell: Cell) -> Judgement:
        code = cell.file.programme
        question = Question(1, None, None, day, ((day, QuestionState.OPEN),))
        known = facts(cell, plan=plan(code, day), questions=DevelopmentQuestions(code, SITE, (question,)))
        return deployment(cell), known

    return made


def plan(code: str, day: date, last_section: date | None = None) -> ActionPlan:
    """A plan whose sections are complete on a day, the last of them possibly later."""
    draft = ActionPlanDrafted(
        programme=code, site=SITE, director=None, target_group=None, goals=(), planned_kinds=(), valid_from=day
    )
    sections = {
        section: (
            ActionPlanSectionCompleted(
                programme=code,
                site=SITE,
                section=section,
                state=SectionState.COMPLETED,
                document=None,
                document_hash=None,
                valid_from=(last_section or day) if section == SECTIONS[-1] else day,
            ),
        )
        for section in SECTIONS
    }
    return ActionPlan(code, SITE, day, (draft,), sections)


def chosen_until(last: date) -> Callable[[Cell], Judgement]:
    """Another provider is chosen until this day."""
    return lambda cell: (
        Choosing(PRODEBA, Span(DAY)),
        facts(cell, choices=(Choosing(CARDEA, Span(LONG_AGO, last)),)),
    )


def joins(days: int) -> Callable[[Cell], Judgement]:
    """A school that no source names joins so many days after the day that Haaglanden allows."""

    def made(cell: Cell) -> Judgement:
        first = date(2027, 8, 1) + timedelta(days=days)
        joining = Joining("99ZZ00", ("De Nieuwe",), SchoolType.SBO, "GM1783", first)
        return joining, facts(cell, day=first)

    return made


def team(*roles: TeamRole) -> Callable[[Cell], Judgement]:
    """A pilot school in NK has a team with these roles."""
    return lambda cell: (SchoolDay(cell.file.programme, SITE, DAY), facts(cell, team=frozenset(roles)))


NK = (
    TeamRole.SUPPORT_COORDINATOR,
    TeamRole.YOUTH_FAMILY_COACH,
    TeamRole.BEHAVIOURAL_SCIENTIST_JGGZ,
    TeamRole.PREVENTIVE_AMBULATORY_WORKER,
)


def advised(*functions: StaffFunction, roles: tuple[TeamRole, ...] = ()) -> Callable[[Cell], Judgement]:
    """The provider has these functions, the team these roles."""
    return lambda cell: (
        SchoolDay(cell.file.programme, SITE, DAY),
        facts(cell, advisors=frozenset(functions), team=frozenset(roles)),
    )


def assigned(staff: str, hours: str, fixed: bool = True) -> Assignment:
    """A worker at the school."""
    amounts = Timeline(((LONG_AGO, Amount(Decimal("0.5"), Decimal(hours))),))
    return Assignment(f"HR-{staff}", "P", SITE, CARDEA, staff, fixed, amounts, Span(LONG_AGO))


def staffed(*assignments: Assignment, **known: Any) -> Callable[[Cell], Judgement]:
    """These people work at the school, whose teachers are there 30 hours a week."""
    return lambda cell: (
        SchoolDay(cell.file.programme, SITE, DAY),
        facts(cell, assignments=assignments, school_hours=Decimal(30), **known),
    )


def away_since(first: date) -> Callable[[Cell], Judgement]:
    """A worker is absent from this day on, and nobody takes the place; Friday and Monday were school days."""
    absence = Absence("HR-a1", "P", SITE, CARDEA, STAFF, True, Span(first))
    return lambda cell: (Away(absence, DAY), facts(cell, school_days=(DAY - timedelta(days=3), DAY)))


PAIRS: dict[str, list[tuple[Callable[[Cell], Judgement], Callable[[Cell], Judgement]]]] = {
    "R-QUAL-REGISTERED": [(registered(BEFORE), registered(DAY))],
    "R-QUAL-HBO": [(educated(NEXT), educated(DAY))],
    "R-QUAL-VWT": [(allocated(BEFORE), allocated(DAY))],
    "R-INTRO": [(met(NEXT), met(DAY))],
    "R-RECRUITMENT": [(involved(NEXT), involved(DAY))],
    "R-PLAN": [(planned(NEXT), planned(DAY))],
    "R-ONE-PROVIDER": [(chosen_until(DAY), chosen_until(BEFORE))],
    "R-NEW-SCHOOL-2027": [(joins(-1), joins(0))],
    "R-TEAM-COMPOSITION": [(team(*NK[:3]), team(*NK)), (team(), team(*NK))],
    "R-ADVISOR": [
        (
            advised(StaffFunction.YOUTH_WORKER, roles=NK[:2]),
            advised(StaffFunction.BEHAVIOURAL_SCIENTIST, roles=NK[:3]),
        )
    ],
    "R-STAFF-MIN2": [
        (
            staffed(assigned("m-1", "30"), assigned("m-2", "30", fixed=False)),
            staffed(assigned("m-1", "30"), assigned("m-2", "30")),
        )
    ],
    "R-PRESENCE": [
        (staffed(assigned("m-1", "29.75")), staffed(assigned("m-1", "30"))),
        (
            staffed(assigned("m-1", "30"), week=Week(DAY - timedelta(days=7), 4, 24 * 60 - 1)),
            staffed(assigned("m-1", "30"), week=Week(DAY - timedelta(days=7), 4, 24 * 60)),
        ),
    ],
    "R-REPLACEMENT": [(away_since(DAY - timedelta(days=3)), away_since(DAY))],
}
"""What triggers each rule, and what just does not."""


def judged(cell: Cell, judgement: Callable[[Cell], Judgement]) -> Finding | None:
    return OURS[cell.rule].apply(*judgement(cell))


def test_every_rule_that_the_registry_owns_is_a_function_here_and_no_other_is() -> None:
    assert set(OURS) == set(PAIRS) == {rule for rule, word in RULES.items() if word.owner == "registry"}


@pytest.mark.parametrize("cell", cells("registry"))
def test_a_cell_finds_what_triggers_it_and_lets_pass_what_just_does_not(cell: Cell) -> None:
    for triggers, just_not in PAIRS[cell.rule]:
        holds(cell, judged(cell, triggers))
        assert judged(cell, just_not) is None


HAAGLANDEN, ALKMAAR = FILES_BY_CODE["HG-COLLECTIEF"], FILES_BY_CODE["ALK-VO"]


def test_an_emergency_is_told_and_not_refused() -> None:
    """HG-29: who takes the place of an absent worker may come before the introduction."""
    cell = Cell(HAAGLANDEN, "R-INTRO")
    finding = OURS["R-INTRO"].apply(deployment(cell), facts(cell, replaces=True))
    assert finding is not None and finding.severity is Severity.FLAG


def test_allocation_makes_up_for_registration_where_it_is_allowed_alone() -> None:
    """INV-09: with a reason and a registered supervisor, in a programme or lot that allows it."""
    event, known = allocated(DAY)(Cell(HAAGLANDEN, "R-QUAL-REGISTERED"))
    assert OURS["R-QUAL-REGISTERED"].apply(event, known) is None
    assert OURS["R-QUAL-HBO"].apply(event, known) is None
    product = Cell(FILES_BY_CODE["2C-PRODUCT"], "R-QUAL-VWT")
    event, known = allocated(DAY)(product)
    elsewhere = replace(known, lot_allows=False)
    assert [one.code for one in judge(rules.DEPLOYING[:3], event, elsewhere)] == [
        "R-QUAL-REGISTERED",
        "R-QUAL-HBO",
        "R-QUAL-VWT",
    ]


def test_one_missing_section_of_thirteen_is_named() -> None:
    cell = Cell(HAAGLANDEN, "R-PLAN")
    finding = OURS["R-PLAN"].apply(deployment(cell), facts(cell, plan=plan("HG-COLLECTIEF", DAY, NEXT)))
    assert finding is not None and "D4" in finding.text.en and "C2" not in finding.text.en


@pytest.mark.parametrize(
    ("name", "school_type", "municipality"),
    [
        ("De Strandwacht", SchoolType.SO_C4, "GM1783"),
        ("Pleysiercollege Zoetermeer", SchoolType.VSO_C4, "GM0637"),
        ("SBO Voorbeeld", SchoolType.SBO, "GM0503"),
        ("Praktijkschool Voorbeeld", SchoolType.PRO, "GM1783"),
    ],
)
def test_a_school_of_the_start_may_join_at_once(name: str, school_type: SchoolType, municipality: str) -> None:
    """HG-43 to HG-45: by name, or by type and municipality where the source gives no name."""
    event = Joining("99ZZ00", (name,), school_type, municipality, DAY)
    assert OURS["R-NEW-SCHOOL-2027"].apply(event, facts(Cell(HAAGLANDEN, "R-NEW-SCHOOL-2027"))) is None


@pytest.mark.parametrize(
    ("name", "school_type", "municipality"),
    [("Strandwacht", SchoolType.SO_C4, "GM0637"), ("De Andere", SchoolType.SO_C4, "GM1783")],
)
def test_another_place_or_another_name_is_another_school(name: str, school_type: SchoolType, municipality: str) -> None:
    event = Joining("99ZZ00", (name,), school_type, municipality, DAY)
    assert OURS["R-NEW-SCHOOL-2027"].apply(event, facts(Cell(HAAGLANDEN, "R-NEW-SCHOOL-2027"))) is not None


def test_the_preventive_worker_is_for_noord_kennemerland_alone() -> None:
    """ALK-24: in Midden-Kennemerland three roles make a team, and the fourth is a finding."""
    cell, rule = Cell(ALKMAAR, "R-TEAM-COMPOSITION"), OURS["R-TEAM-COMPOSITION"]
    day = SchoolDay("ALK-VO", SITE, DAY)
    assert rule.apply(day, facts(cell, sub_region="MK", team=frozenset(NK[:3]))) is None
    finding = rule.apply(day, facts(cell, sub_region="MK", team=frozenset(NK)))
    assert finding is not None and "PREVENTIVE_AMBULATORY_WORKER" in finding.text.en
    assert rule.apply(day, facts(cell, level="BASE", team=None)) is None
    assert rule.apply(day, facts(cell, team=None)) is not None


@pytest.mark.parametrize(("registered_hours", "told"), [("29.75", True), ("30", False)])
def test_work_by_allocation_is_at_most_half_of_the_hours_in_haaglanden(registered_hours: str, told: bool) -> None:
    """OQ-05: told and not refused, until the region decides."""
    cell = Cell(HAAGLANDEN, "R-QUAL-HBO")
    allocated = replace(assigned("m-2", "30"), allocation=AllocationReason.MBO_UNDER_SUPERVISION)
    _, known = staffed(assigned("m-1", registered_hours), allocated)(cell)
    [rule] = [one for one in rules.STANDING if one.id == "R-QUAL-HBO"]
    finding = rule.apply(SchoolDay("HG-COLLECTIEF", SITE, DAY), known)
    assert (finding is not None) is told
    assert finding is None or (finding.severity is Severity.FLAG and "50%" in finding.text.en)
    elsewhere = replace(known, programme=Cell(ALKMAAR, "R-QUAL-HBO").applied())
    assert rule.apply(SchoolDay("ALK-VO", SITE, DAY), elsewhere) is None
