"""A worker is assigned to a school (*inzet*), with a number of fte that may change in the course of time.

Every change says on which days it holds and what held there before, so that the sum of the changes is the fte of each
day, in whatever order they were recorded. The same worker is at most once assigned to a school on a day: an assignment
claims its days in the log (`assignment`).
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, assert_never

from services.registry.amount import Amount, Asking, amount
from services.registry.codes import (
    AllocationReason,
    AssignmentId,
    Command,
    Day,
    Fte,
    Hours,
    ProgrammeCode,
    ProviderCode,
    SiteReference,
    StaffKey,
)
from services.registry.lot import LotCode
from services.registry.professional import Professional
from services.registry.refusals import already, before_start, not_participating, reversed_period, unknown
from services.registry.timeline import ONE_DAY, Span, Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse

# Events


class WorkerAssignedToSchool(Event):
    """A worker was assigned to a school for a period; `hours_per_week` only when they were stated."""

    TYPE: ClassVar[str] = "worker-assigned-to-school.v1"

    programme: str
    site: str
    provider: str
    staff: str
    assignment: str
    fte: Fte
    hours_per_week: Hours | None
    fixed_face: bool
    valid_from: date
    valid_to: date | None


class AssignmentHoursChanged(Event):
    """On the days named it is `fte` instead of `previous_fte`; `valid_to` null: as long as the assignment lasts."""

    TYPE: ClassVar[str] = "assignment-hours-changed.v1"

    programme: str
    site: str
    provider: str
    staff: str
    assignment: str
    fte: Fte
    previous_fte: Fte
    hours_per_week: Hours | None
    valid_from: date
    valid_to: date | None


class AssignmentEnded(Event):
    """The assignment, of `fte` at its end, has another last day than before."""

    TYPE: ClassVar[str] = "assignment-ended.v1"

    programme: str
    site: str
    provider: str
    staff: str
    assignment: str
    fte: Fte
    valid_to: date
    previous_valid_to: date | None


class ResponsibleAllocationStated(Event):
    """The worker need not be registered for this assignment, and why; `lot` is the lot that allows it (2C-35)."""

    TYPE: ClassVar[str] = "responsible-allocation-stated.v1"

    programme: str
    site: str
    provider: str
    staff: str
    assignment: str
    reason: AllocationReason
    lot: str | None
    valid_from: date


AssignmentEvent = WorkerAssignedToSchool | AssignmentHoursChanged | AssignmentEnded | ResponsibleAllocationStated

# Commands


class AssignWorker(Asking):
    """Assign a worker, for a period; `assignment` is the client's own id, or it gets one.

    `allocation` says why a worker without registration may do this, `lot` under which lot.
    """

    assignment: AssignmentId | None = None
    programme: ProgrammeCode
    site: SiteReference
    provider: ProviderCode
    staff: StaffKey
    fixed_face: bool = False
    allocation: AllocationReason | None = None
    lot: LotCode | None = None
    valid_from: Day
    valid_to: Day | None = None


class ChangeHours(Asking):
    """Change the fte, from a day on."""

    valid_from: Day


class EndAssignment(Command):
    """Give the assignment a last day, or another one."""

    valid_to: Day


AssignmentCommand = AssignWorker | ChangeHours | EndAssignment

# States


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment with its fte through time."""

    assignment: str
    programme: str
    site: str
    provider: str
    staff: str
    fixed_face: bool
    amounts: Timeline[Amount]
    span: Span
    allocation: AllocationReason | None = None
    lot: str | None = None

    @property
    def valid_from(self) -> date:
        """The first day."""
        return self.span.start

    @property
    def valid_to(self) -> date | None:
        """The last day."""
        return self.span.end

    def amount(self, day: date) -> Amount:
        """What it is on this day; before the first day, what it begins with."""
        return self.amounts.at(day) or self.amounts.steps[0][1]

    def ids(self) -> dict[str, str]:
        """What every event of it is counted by."""
        names = ("programme", "site", "provider", "staff", "assignment")
        return {name: str(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an assignment is decided by: who and what is known, and the full-time hours.

    What the programme's rules say of it is judged beside it (`rules.DEPLOYING`).
    """

    programme_known: bool
    site_known: bool
    participates: bool
    provider_known: bool
    professional: Professional | None
    full_time: Decimal


# Decide


def decide(
    command: AssignmentCommand, state: Assignment | None, known: Surroundings, assignment: str
) -> list[AssignmentEvent]:
    """Assign under the id `assignment`, change on a day within it, end it."""
    match command:
        case AssignWorker():
            return _assign(command, state, known, assignment)
        case _ if state is None or not known.programme_known:
            raise nowhere()
        case ChangeHours():
            return _change(command, state, known.full_time)
        case EndAssignment():
            return _end(command, state)
        case _:
            assert_never(command)


def _assign(
    command: AssignWorker, state: Assignment | None, known: Surroundings, assignment: str
) -> list[AssignmentEvent]:
    _check(command, known)
    asked = amount(command, known.full_time)
    event = WorkerAssignedToSchool(
        assignment=assignment,
        fte=asked.fte,
        hours_per_week=asked.hours,
        **command.model_dump(exclude={"assignment", "fte", "hours_per_week", "allocation", "lot"}),
    )
    begun = _begun(event)
    events: list[AssignmentEvent] = [event]
    if command.allocation is not None:
        stated = {"reason": command.allocation, "lot": command.lot, "valid_from": command.valid_from}
        events.append(ResponsibleAllocationStated.model_validate({**begun.ids(), **stated}))
        begun = replace(begun, allocation=command.allocation, lot=command.lot)
    if state is None:
        return events
    if state == begun:
        return []
    raise already("/assignment", "deze inzet staat er anders in", "this assignment is recorded otherwise")


def _check(command: AssignWorker, known: Surroundings) -> None:
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise reversed_period()
    if not known.programme_known:
        raise unknown("programme", "/programme", "dit programma", "this programme")
    if not known.site_known:
        raise unknown("site", "/site", "deze vestiging", "this site")
    if not known.provider_known:
        raise unknown("provider", "/provider", "deze aanbieder", "this provider")
    if known.professional is None:
        raise unknown("staff", "/staff", "deze medewerker", "this worker")
    if not known.participates:
        raise not_participating("/validFrom")


def _change(command: ChangeHours, state: Assignment, full_time: Decimal) -> list[AssignmentEvent]:
    day = command.valid_from
    if day < state.span.start:
        raise before_start()
    if not state.span.holds(day):
        raise refuse("assignment-ended", "/validFrom", "de inzet is dan beëindigd", "the assignment has ended by then")
    asked = amount(command, full_time)
    return [] if state.amount(day) == asked else [_changed(state, day, asked)]


def _changed(state: Assignment, day: date, asked: Amount) -> AssignmentHoursChanged:
    """The change from this day until the next one that is known."""
    later = state.amounts.after(day)
    return AssignmentHoursChanged(
        fte=asked.fte,
        previous_fte=state.amount(day).fte,
        hours_per_week=asked.hours,
        valid_from=day,
        valid_to=later[0][0] - ONE_DAY if later else state.span.end,
        **state.ids(),
    )


def _end(command: EndAssignment, state: Assignment) -> list[AssignmentEvent]:
    """Changes that were to come after the new last day are taken back first, so that what ends is one fte."""
    last = command.valid_to
    if last < state.span.start:
        raise reversed_period()
    if last == state.span.end:
        return []
    kept = state.amount(last)
    taken_back = [_changed(state, day, kept) for day, planned in state.amounts.after(last) if planned != kept]
    ended = AssignmentEnded(fte=kept.fte, valid_to=last, previous_valid_to=state.span.end, **state.ids())
    return [*taken_back, ended]


# Evolve


def evolve(state: Assignment | None, event: AssignmentEvent) -> Assignment:
    """The assignment with its fte through time."""
    if isinstance(event, WorkerAssignedToSchool):
        return _begun(event)
    assert state is not None, "a stream of an assignment begins with it"  # noqa: S101
    match event:
        case AssignmentHoursChanged():
            now = Amount(event.fte, event.hours_per_week)
            return replace(state, amounts=state.amounts.put(event.valid_from, now))
        case ResponsibleAllocationStated():
            return replace(state, allocation=event.reason, lot=event.lot)
        case AssignmentEnded():
            amounts = state.amounts.until(event.valid_to)
            return replace(state, amounts=amounts, span=Span(state.span.start, event.valid_to))


def _begun(event: WorkerAssignedToSchool) -> Assignment:
    return Assignment(
        assignment=event.assignment,
        programme=event.programme,
        site=event.site,
        provider=event.provider,
        staff=event.staff,
        fixed_face=event.fixed_face,
        amounts=Timeline(((event.valid_from, Amount(event.fte, event.hours_per_week)),)),
        span=Span(event.valid_from, event.valid_to),
    )
