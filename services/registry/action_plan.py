"""The action plan (*plan van aanpak*) of a school in a programme: drafted, filled in by section, agreed, revised.

Thirteen sections, A1 to D4 (HG-55 to HG-74), each with a state. What is written in them stays in the plan itself: a
section may point to it with a reference and a hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal, assert_never

from pydantic import Field

from services.registry.at_school import AtSchool
from services.registry.codes import (
    SECTIONS,
    Command,
    Day,
    DocumentHash,
    DocumentReference,
    ProgrammeCode,
    Section,
    SiteReference,
)
from services.registry.configuration import Kind
from services.registry.refusals import before_start
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse

Director = Literal["MUNICIPALITY", "PROVIDER", "SCHOOL"]
"""Who directs the plan (HR-09)."""


class Party(StrEnum):
    """Who agrees to a plan, as a role."""

    SCHOOL = "SCHOOL"
    PROVIDER = "PROVIDER"
    MUNICIPALITY = "MUNICIPALITY"
    PARTNERSHIP = "PARTNERSHIP"
    LOCAL_TEAM = "LOCAL_TEAM"


class TargetGroup(StrEnum):
    """For whom the plan is (HG-21)."""

    WHOLE_SCHOOL = "WHOLE_SCHOOL"
    CLASSES = "CLASSES"
    PUPILS_WITH_SUPPORT_NEEDS = "PUPILS_WITH_SUPPORT_NEEDS"


class Goal(StrEnum):
    """Goals of a programme that a plan takes over (HG-02 to HG-06, ALK-01 to ALK-04)."""

    SAFE_ENVIRONMENT = "SAFE_ENVIRONMENT"
    OPTIMAL_DEVELOPMENT = "OPTIMAL_DEVELOPMENT"
    UNINTERRUPTED_SCHOOLING = "UNINTERRUPTED_SCHOOLING"
    OUTFLOW_TO_SCHOOL = "OUTFLOW_TO_SCHOOL"
    EDUCATION_GOALS_CENTRAL = "EDUCATION_GOALS_CENTRAL"
    SOCIAL_BASE = "SOCIAL_BASE"
    FEELING_HEARD = "FEELING_HEARD"
    INCLUSION = "INCLUSION"
    RESILIENCE = "RESILIENCE"
    LESS_DROPOUT = "LESS_DROPOUT"


class SectionState(StrEnum):
    """How a section stands."""

    STARTED = "STARTED"
    COMPLETED = "COMPLETED"


# Events


class ActionPlanDrafted(Event):
    """A plan was begun for a school."""

    TYPE: ClassVar[str] = "action-plan-drafted.v1"

    programme: str
    site: str
    director: Director | None
    target_group: TargetGroup | None
    goals: tuple[Goal, ...]
    planned_kinds: tuple[Kind, ...]
    valid_from: date


class ActionPlanSectionCompleted(Event):
    """A section stands like this from a day on."""

    TYPE: ClassVar[str] = "action-plan-section-completed.v1"

    programme: str
    site: str
    section: Section
    state: SectionState
    document: str | None
    document_hash: str | None
    valid_from: date


class ActionPlanAgreed(Event):
    """These parties agreed to the plan as it then stood."""

    TYPE: ClassVar[str] = "action-plan-agreed.v1"

    programme: str
    site: str
    agreed_by: tuple[Party, ...]
    valid_from: date


class ActionPlanRevised(Event):
    """The plan is another one from a day on; it has to be agreed anew."""

    TYPE: ClassVar[str] = "action-plan-revised.v1"

    programme: str
    site: str
    director: Director | None
    target_group: TargetGroup | None
    goals: tuple[Goal, ...]
    planned_kinds: tuple[Kind, ...]
    valid_from: date


ActionPlanEvent = ActionPlanDrafted | ActionPlanSectionCompleted | ActionPlanAgreed | ActionPlanRevised

# Commands


class _Outline(Command):
    director: Director | None = None
    target_group: TargetGroup | None = None
    goals: Annotated[list[Goal], Field(max_length=20, default_factory=list)]
    planned_kinds: Annotated[list[Kind], Field(max_length=5, default_factory=list)]
    valid_from: Day


class DraftPlan(_Outline):
    """Begin a plan for a school."""

    programme: ProgrammeCode
    site: SiteReference


class RevisePlan(_Outline):
    """Change what a plan is about, from a day on."""


class CompleteSection(Command):
    """Record how a section stands, with a pointer to what is written in it."""

    section: Section
    state: SectionState = SectionState.COMPLETED
    document: DocumentReference | None = None
    document_hash: DocumentHash | None = None
    valid_from: Day


class AgreePlan(Command):
    """Record who agreed."""

    agreed_by: Annotated[list[Party], Field(min_length=1, max_length=5)]
    valid_from: Day


ActionPlanCommand = DraftPlan | RevisePlan | CompleteSection | AgreePlan

# States

Outline = ActionPlanDrafted | ActionPlanRevised


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """A plan through time: what it is about, its sections and its agreements, each from a day on."""

    programme: str
    site: str
    valid_from: date
    outlines: tuple[Outline, ...]
    sections: Mapping[Section, tuple[ActionPlanSectionCompleted, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    agreements: tuple[ActionPlanAgreed, ...] = ()

    def outline(self, day: date) -> Outline:
        """What it is about on this day; before the first day, as it began."""
        held = [one for one in self.outlines if one.valid_from <= day]
        return held[-1] if held else self.outlines[0]

    def section(self, section: Section, day: date) -> ActionPlanSectionCompleted | None:
        """How a section stands on this day; None while nothing is recorded."""
        held = [one for one in self.sections.get(section, ()) if one.valid_from <= day]
        return held[-1] if held else None

    def completed(self, day: date) -> tuple[Section, ...]:
        """The sections that are complete on this day (R-PLAN)."""
        stands = {section: self.section(section, day) for section in SECTIONS}
        return tuple(code for code, one in stands.items() if one and one.state is SectionState.COMPLETED)

    def agreed(self, day: date) -> ActionPlanAgreed | None:
        """The agreement that holds: the last one, if the plan was not revised after it."""
        held = [one for one in self.agreements if one.valid_from <= day]
        return held[-1] if held and held[-1].valid_from >= self.outline(day).valid_from else None


# Decide


def decide(command: ActionPlanCommand, state: ActionPlan | None, known: AtSchool) -> list[ActionPlanEvent]:
    """Draft once; fill in, agree and revise what is drafted. Planned kinds are among those the programme allows."""
    if isinstance(command, DraftPlan):
        return _draft(command, state, known)
    if state is None or known.programme is None:
        raise nowhere()
    if command.valid_from < state.valid_from:
        raise before_start()
    event = _event(command, state, known)
    return [] if evolve(state, event) == state else [event]


def _draft(command: DraftPlan, state: ActionPlan | None, known: AtSchool) -> list[ActionPlanEvent]:
    known.check(command.valid_from)
    _check_kinds(command, known)
    event = ActionPlanDrafted.model_validate(_plain(command))
    if state is None:
        return [event]
    if state.outlines[0] == event:
        return []
    nl, en = "er is al een plan voor deze school", "there is a plan for this school already"
    raise refuse("already-registered", "/site", nl, en)


def _event(command: ActionPlanCommand, state: ActionPlan, known: AtSchool) -> ActionPlanEvent:
    ids = {"programme": state.programme, "site": state.site}
    match command:
        case CompleteSection():
            return ActionPlanSectionCompleted(**{**ids, **command.model_dump()})
        case AgreePlan():
            parties = tuple(sorted(set(command.agreed_by)))
            return ActionPlanAgreed(**ids, agreed_by=parties, valid_from=command.valid_from)
        case RevisePlan():
            _check_kinds(command, known)
            return ActionPlanRevised.model_validate({**ids, **_plain(command)})
        case DraftPlan():
            raise AssertionError("a draft is decided apart")
        case _:
            assert_never(command)


def _plain(command: DraftPlan | RevisePlan) -> dict[str, object]:
    """Each goal and kind once, in a fixed order."""
    lists = {"goals": tuple(sorted(set(command.goals))), "planned_kinds": tuple(sorted(set(command.planned_kinds)))}
    return {**command.model_dump(), **lists}


def _check_kinds(command: DraftPlan | RevisePlan, known: AtSchool) -> None:
    allowed = known.programme.configuration(command.valid_from).allowed_kinds if known.programme else []
    for index, kind in enumerate(command.planned_kinds):
        if kind not in allowed:
            nl, en = "het programma kent deze soort niet", "the programme does not have this kind"
            raise refuse("planned-kind", f"/plannedKinds/{index}", nl, en, None, "invalid")


# Evolve


def evolve(state: ActionPlan | None, event: ActionPlanEvent) -> ActionPlan:
    """The plan through time; what begins on the same day as what was said before takes its place."""
    if isinstance(event, ActionPlanDrafted):
        return ActionPlan(event.programme, event.site, event.valid_from, (event,))
    assert state is not None, "a stream of a plan begins with its draft"  # noqa: S101
    match event:
        case ActionPlanRevised():
            others = [one for one in state.outlines if one.valid_from != event.valid_from]
            outlines = tuple(sorted([*others, event], key=lambda one: one.valid_from))
            return replace(state, outlines=outlines)
        case ActionPlanSectionCompleted():
            said = [one for one in state.sections.get(event.section, ()) if one.valid_from != event.valid_from]
            steps = tuple(sorted([*said, event], key=lambda one: one.valid_from))
            return replace(state, sections=MappingProxyType({**state.sections, event.section: steps}))
        case ActionPlanAgreed():
            agreed = [one for one in state.agreements if one.valid_from != event.valid_from]
            return replace(state, agreements=tuple(sorted([*agreed, event], key=lambda one: one.valid_from)))
