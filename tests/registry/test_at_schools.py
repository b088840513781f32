"""What happens at a school is decided with the school's participation and the worker at hand."""

from dataclasses import replace
from datetime import date

import pytest

from services.registry import absence, action_plan, development_question, introduction, presence, team
from services.registry.absence import ArrangeReplacement, EndAbsence, ReportAbsence
from services.registry.action_plan import AgreePlan, CompleteSection, DraftPlan, Party, RevisePlan, SectionState
from services.registry.at_school import AtSchool
from services.registry.codes import StaffFunction, TeamRole
from services.registry.development_question import ChangeQuestionState, FormulateQuestion, QuestionState
from services.registry.introduction import RecordIntroduction, WithdrawIntroduction
from services.registry.presence import PresenceWithdrawn, RecordPresence, WithdrawPresence
from services.registry.professional import Professional
from services.registry.team import AddMember, FormTeam, RemoveMember, TeamKind
from tests.registry.given import CARDEA, START, after, hr_jos, participating, refused

WORKER = Professional(CARDEA, "m-77", StaffFunction.YOUTH_WORKER, START)
KNOWN = AtSchool(hr_jos(), participating(), WORKER)
IDS = {"programme": "HR-JOS", "site": "99HH00", "provider": CARDEA, "staff": "m-77"}
PLACE = {"programme": "HR-JOS", "site": "99HH00"}
MARCH = date(2022, 3, 1)


def test_a_meeting_before_the_school_began_is_held_and_counts_from_its_day() -> None:
    before = date(2021, 12, 15)
    command = RecordIntroduction(**IDS, held_on=before)
    state = after(introduction.evolve, introduction.decide(command, None, KNOWN))
    assert (state.by(before), state.by(date(2021, 12, 14))) == (True, False)
    assert introduction.decide(command, state, KNOWN) == []
    [withdrawn] = introduction.decide(WithdrawIntroduction(held_on=before), state, KNOWN)
    assert not introduction.evolve(state, withdrawn).by(MARCH)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (replace(KNOWN, programme=None), "no-such-programme"),
        (replace(KNOWN, participation=None), "no-such-site"),
        (replace(KNOWN, professional=None), "no-such-staff"),
    ],
)
def test_what_is_not_known_is_told_at_its_place(known: AtSchool, code: str) -> None:
    meeting = RecordIntroduction(**IDS, held_on=MARCH)
    assert refused(lambda: introduction.decide(meeting, None, known))[:2] == ("invalid", code)
    report = ReportAbsence(**IDS, valid_from=MARCH)
    assert refused(lambda: absence.decide(report, None, known, "HR-1"))[:2] == ("invalid", code)
    day = RecordPresence(**IDS, day=MARCH, start="08:30", end="15:00")
    assert refused(lambda: presence.decide(day, None, known))[:2] == ("invalid", code)


def absent() -> absence.Absence:
    return after(absence.evolve, absence.decide(ReportAbsence(**IDS, valid_from=MARCH), None, KNOWN, "HR-1"))


def test_an_absence_is_replaced_from_the_day_that_somebody_comes_until_it_ends() -> None:
    command = ArrangeReplacement(replacement="m-90", known_to_school=True, valid_from=date(2022, 3, 3))
    state = after(absence.evolve, absence.decide(command, absent(), KNOWN, "HR-1"), absent())
    assert [state.replaced(date(2022, 3, day)) for day in (2, 3)] == [False, True]
    assert absence.decide(command, state, KNOWN, "HR-1") == []
    [ended] = absence.decide(EndAbsence(valid_to=date(2022, 3, 4)), state, KNOWN, "HR-1")
    late = ArrangeReplacement(replacement="m-91", valid_from=date(2022, 3, 5))
    assert refused(lambda: absence.decide(late, absence.evolve(state, ended), KNOWN, "HR-1"))[1] == "absence-ended"


def test_nobody_replaces_themselves_or_before_the_absence() -> None:
    self_ = ArrangeReplacement(replacement="m-77", valid_from=MARCH)
    assert refused(lambda: absence.decide(self_, absent(), KNOWN, "HR-1"))[1] == "replaces-itself"
    early = ArrangeReplacement(replacement="m-90", valid_from=date(2022, 2, 28))
    assert refused(lambda: absence.decide(early, absent(), KNOWN, "HR-1"))[1] == "before-start"
    assert refused(lambda: absence.decide(EndAbsence(valid_to=START), absent(), KNOWN, "HR-1"))[1] == "period-reversed"


@pytest.mark.parametrize(("start", "end", "minutes"), [("08:30", "15:00", 390), ("00:00", "12:00", 720)])
def test_presence_is_the_time_between(start: str, end: str, minutes: int) -> None:
    [event] = presence.decide(RecordPresence(**IDS, day=MARCH, start=start, end=end), None, KNOWN)
    assert presence.evolve(None, event).minutes == minutes


@pytest.mark.parametrize(("start", "end"), [("15:00", "08:30"), ("08:30", "08:30"), ("00:00", "12:01")])
def test_presence_ends_after_it_starts_and_on_the_same_half_day(start: str, end: str) -> None:
    command = RecordPresence(**IDS, day=MARCH, start=start, end=end)
    assert refused(lambda: presence.decide(command, None, KNOWN)) == ("invalid", "time-of-day", "/end")


def test_a_second_record_of_a_day_replaces_and_a_withdrawn_one_can_come_back() -> None:
    first = RecordPresence(**IDS, day=MARCH, start="08:30", end="15:00")
    second = RecordPresence(**IDS, day=MARCH, start="09:00", end="15:00")
    state = after(presence.evolve, presence.decide(first, None, KNOWN))
    assert presence.decide(first, state, KNOWN) == []
    state = after(presence.evolve, presence.decide(second, state, KNOWN), state)
    [withdrawn] = presence.decide(WithdrawPresence(), state, KNOWN)
    assert isinstance(withdrawn, PresenceWithdrawn)
    state = presence.evolve(state, withdrawn)
    assert (state.minutes, presence.decide(WithdrawPresence(), state, KNOWN)) == (0, [])
    assert presence.decide(second, state, KNOWN) != []


def test_a_role_is_filled_on_the_days_that_somebody_has_it() -> None:
    formed = after(team.evolve, team.decide(FormTeam(**PLACE, kind=TeamKind.CARE, valid_from=START), None, KNOWN))
    add = AddMember(role=TeamRole.YOUTH_WORKER, provider=CARDEA, staff="m-77", valid_from=MARCH)
    state = after(team.evolve, team.decide(add, formed, KNOWN), formed)
    assert (state.roles(START), state.roles(MARCH)) == (frozenset(), frozenset((TeamRole.YOUTH_WORKER,)))
    again = AddMember(role=TeamRole.YOUTH_WORKER, provider=CARDEA, staff="m-77", valid_from=date(2022, 4, 1))
    assert refused(lambda: team.decide(again, state, KNOWN))[1] == "already-member"
    leave = RemoveMember(role=TeamRole.YOUTH_WORKER, provider=CARDEA, staff="m-77", valid_to=date(2022, 6, 30))
    state = after(team.evolve, team.decide(leave, state, KNOWN), state)
    assert state.roles(date(2022, 7, 1)) == frozenset()
    assert team.decide(leave, state, KNOWN) == []
    half = AddMember(role=TeamRole.TEACHER, provider=CARDEA, valid_from=MARCH)
    assert refused(lambda: team.decide(half, state, KNOWN))[1:] == ("missing", "/staff")


def drafted() -> action_plan.ActionPlan:
    return after(action_plan.evolve, action_plan.decide(DraftPlan(**PLACE, valid_from=START), None, KNOWN))


def test_a_section_stands_from_a_day_and_an_agreement_until_the_plan_is_revised() -> None:
    done = CompleteSection(section="A1", valid_from=MARCH)
    state = after(action_plan.evolve, action_plan.decide(done, drafted(), KNOWN), drafted())
    assert (state.completed(START), state.completed(MARCH)) == ((), ("A1",))
    assert action_plan.decide(done, state, KNOWN) == []
    reopened = CompleteSection(section="A1", state=SectionState.STARTED, valid_from=date(2022, 5, 1))
    state = after(action_plan.evolve, action_plan.decide(reopened, state, KNOWN), state)
    assert (state.completed(MARCH), state.completed(date(2022, 5, 1))) == (("A1",), ())
    agreed = AgreePlan(agreed_by=[Party.SCHOOL], valid_from=MARCH)
    state = after(action_plan.evolve, action_plan.decide(agreed, state, KNOWN), state)
    revised = RevisePlan(planned_kinds=["GROUP"], valid_from=date(2022, 8, 1))
    state = after(action_plan.evolve, action_plan.decide(revised, state, KNOWN), state)
    assert (state.agreed(date(2022, 7, 31)) is not None, state.agreed(date(2022, 8, 1))) == (True, None)


def test_a_plan_names_only_kinds_that_the_programme_has_and_begins_once() -> None:
    programme = hr_jos()
    allowed = programme.configuration(START).allowed_kinds
    assert "GROUP" in allowed
    assert refused(lambda: action_plan.decide(DraftPlan(**PLACE, valid_from=MARCH), drafted(), KNOWN))[1] == (
        "already-registered"
    )
    early = CompleteSection(section="A1", valid_from=date(2021, 12, 31))
    assert refused(lambda: action_plan.decide(early, drafted(), KNOWN))[1] == "before-start"


def test_open_questions_are_counted_by_the_day() -> None:
    state = None
    for number in (1, 2):
        command = FormulateQuestion(**PLACE, number=number, valid_from=START)
        state = after(development_question.evolve, development_question.decide(command, state, KNOWN), state)
    answered = ChangeQuestionState(number=1, state=QuestionState.ANSWERED, valid_from=MARCH)
    state = after(development_question.evolve, development_question.decide(answered, state, KNOWN), state)
    assert (state.open(START), state.open(MARCH)) == (2, 1)
    assert development_question.decide(answered, state, KNOWN) == []
    other = FormulateQuestion(**PLACE, number=1, document="zaak:2022/0142", valid_from=START)
    assert refused(lambda: development_question.decide(other, state, KNOWN))[1] == "already-registered"
