"""A worker is absent from a school, and is replaced (*vervanging*, HG-28). Why is nobody's business: it is never asked.

An absence has an id of its own, so that replacements and its end can name it.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, assert_never

from services.registry.at_school import AtSchool
from services.registry.codes import AssignmentId, Command, Day, ProgrammeCode, ProviderCode, SiteReference, StaffKey
from services.registry.refusals import already, before_start, reversed_period, unknown
from services.registry.timeline import Span
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse

# Events


class AbsenceReported(Event):
    """A worker is absent from a day on; `known_to_school` says whether the school was told."""

    TYPE: ClassVar[str] = "absence-reported.v1"

    absence: str
    programme: str
    site: str
    provider: str
    staff: str
    known_to_school: bool
    valid_from: date
    valid_to: date | None


class ReplacementArranged(Event):
    """Another worker takes the place; `known_to_school`: somebody whom the school knew already."""

    TYPE: ClassVar[str] = "replacement-arranged.v1"

    absence: str
    programme: str
    site: str
    provider: str
    staff: str
    replacement: str
    known_to_school: bool
    valid_from: date
    valid_to: date | None


class AbsenceEnded(Event):
    """The absence has this last day."""

    TYPE: ClassVar[str] = "absence-ended.v1"

    absence: str
    programme: str
    site: str
    provider: str
    staff: str
    valid_to: date


AbsenceEvent = AbsenceReported | ReplacementArranged | AbsenceEnded

# Commands


class ReportAbsence(Command):
    """Report an absence; `absence` is the client's own id, or it gets one."""

    absence: AssignmentId | None = None
    programme: ProgrammeCode
    site: SiteReference
    provider: ProviderCode
    staff: StaffKey
    known_to_school: bool = False
    valid_from: Day
    valid_to: Day | None = None


class ArrangeReplacement(Command):
    """Record who takes the place, within the absence."""

    replacement: StaffKey
    known_to_school: bool = False
    valid_from: Day
    valid_to: Day | None = None


class EndAbsence(Command):
    """Give the absence a last day, or another one."""

    valid_to: Day


AbsenceCommand = ReportAbsence | ArrangeReplacement | EndAbsence

# States


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who takes the place, and when."""

    staff: str
    known_to_school: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence with its replacements, in order of their first days."""

    absence: str
    programme: str
    site: str
    provider: str
    staff: str
    known_to_school: bool
    span: Span
    replacements: tuple[Replacement, ...] = ()

    def replaced(self, day: date) -> bool:
        """Whether somebody takes the place on this day."""
        return any(one.span.holds(day) for one in self.replacements)

    def ids(self) -> dict[str, str]:
        """What every event of it is counted by."""
        return {name: str(getattr(self, name)) for name in ("absence", "programme", "site", "provider", "staff")}


# Decide


def decide(command: AbsenceCommand, state: Absence | None, known: AtSchool, absence: str) -> list[AbsenceEvent]:
    """Report under the id `absence`, arrange replacements within it, end it. `known` names the worker in question."""
    match command:
        case ReportAbsence():
            return _report(command, state, known, absence)
        case _ if state is None or known.programme is None:
            raise nowhere()
        case ArrangeReplacement():
            return _replace(command, state, known)
        case EndAbsence():
            if command.valid_to < state.span.start:
                raise reversed_period()
            same = command.valid_to == state.span.end
            return [] if same else [AbsenceEnded(valid_to=command.valid_to, **state.ids())]
        case _:
            assert_never(command)


def _report(command: ReportAbsence, state: Absence | None, known: AtSchool, absence: str) -> list[AbsenceEvent]:
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise reversed_period()
    known.check_worker(command.valid_from)
    event = AbsenceReported(**{**command.model_dump(), "absence": absence})
    if state is None:
        return [event]
    if (state.span.start, state.staff, state.site) == (event.valid_from, event.staff, event.site):
        return []
    raise already("/absence", "deze afwezigheid staat er anders in", "this absence is recorded otherwise")


def _replace(command: ArrangeReplacement, state: Absence, known: AtSchool) -> list[AbsenceEvent]:
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise reversed_period()
    if known.professional is None:
        raise unknown("staff", "/replacement", "deze medewerker", "this worker")
    if command.replacement == state.staff:
        nl, en = "niemand vervangt zichzelf", "nobody replaces themselves"
        raise refuse("replaces-itself", "/replacement", nl, en, None, "invalid")
    if command.valid_from < state.span.start:
        raise before_start()
    if not state.span.holds(command.valid_from):
        raise refuse("absence-ended", "/validFrom", "de afwezigheid is dan voorbij", "the absence is over by then")
    event = ReplacementArranged(**{**command.model_dump(), **state.ids()})
    return [] if evolve(state, event) == state else [event]


# Evolve


def evolve(state: Absence | None, event: AbsenceEvent) -> Absence:
    """The absence; a replacement by the same worker from the same day takes the place of what was said before."""
    if isinstance(event, AbsenceReported):
        ids = (event.absence, event.programme, event.site, event.provider, event.staff)
        return Absence(*ids, event.known_to_school, Span(event.valid_from, event.valid_to))
    assert state is not None, "a stream of an absence begins with its report"  # noqa: S101
    match event:
        case ReplacementArranged():
            one = Replacement(event.replacement, event.known_to_school, Span(event.valid_from, event.valid_to))
            key = (one.staff, one.span.start)
            others = [other for other in state.replacements if (other.staff, other.span.start) != key]
            ordered = sorted([*others, one], key=lambda arranged: (arranged.span.start, arranged.staff))
            return replace(state, replacements=tuple(ordered))
        case AbsenceEnded():
            return replace(state, span=Span(state.span.start, event.valid_to))
