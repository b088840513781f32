"""When a worker was at a school (*aanwezigheid*): from and until what time, one record per day (HG-27, HG-68).

A second record of the same day replaces the first; one that was wrong altogether is withdrawn.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, assert_never

from pydantic import StringConstraints

from services.registry.at_school import AtSchool
from services.registry.codes import Command, Day, ProgrammeCode, ProviderCode, SiteReference, StaffKey
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of the day in the Netherlands, such as `08:30`."""

LONGEST = 720
"""Minutes: nobody is at a school for more than twelve hours a day."""

# Events


class PresenceRecorded(Event):
    """A worker was at the school on this day, between these times; `minutes` is the time between them."""

    TYPE: ClassVar[str] = "presence-recorded.v1"

    programme: str
    site: str
    provider: str
    staff: str
    day: date
    start: str
    end: str
    minutes: int


class PresenceWithdrawn(Event):
    """What was recorded of this day is not so."""

    TYPE: ClassVar[str] = "presence-withdrawn.v1"

    programme: str
    site: str
    provider: str
    staff: str
    day: date


PresenceEvent = PresenceRecorded | PresenceWithdrawn

# Commands


class RecordPresence(Command):
    """Record a day."""

    programme: ProgrammeCode
    site: SiteReference
    provider: ProviderCode
    staff: StaffKey
    day: Day
    start: ClockTime
    end: ClockTime


class WithdrawPresence(Command):
    """Take back what was recorded of a day."""


# States


@dataclass(frozen=True, slots=True)
class Presence:
    """One worker at one school on one day; without times when it was withdrawn."""

    programme: str
    site: str
    provider: str
    staff: str
    day: date
    start: str | None
    end: str | None
    minutes: int

    @property
    def hours(self) -> Decimal:
        """The same in hours, with two decimals."""
        return (Decimal(self.minutes) / 60).quantize(Decimal("0.01"))


# Decide


def decide(command: RecordPresence | WithdrawPresence, state: Presence | None, known: AtSchool) -> list[PresenceEvent]:
    """Record it when it differs from what is known of that day; withdraw what stands."""
    match command:
        case RecordPresence():
            known.check_worker(command.day, "/day")
            event = PresenceRecorded(minutes=_minutes(command), **command.model_dump())
            return [] if state is not None and state == evolve(state, event) else [event]
        case WithdrawPresence():
            if state is None or known.programme is None:
                raise nowhere()
            if state.start is None:
                return []
            ids = {name: getattr(state, name) for name in ("programme", "site", "provider", "staff", "day")}
            return [PresenceWithdrawn(**ids)]
        case _:
            assert_never(command)


def _minutes(command: RecordPresence) -> int:
    minutes = _of_day(command.end) - _of_day(command.start)
    if not 0 < minutes <= LONGEST:
        nl, en = (
            "eindigt na de begintijd, hoogstens twaalf uur later",
            "ends after it starts, at most twelve hours later",
        )
        raise refuse("time-of-day", "/end", nl, en, None, "invalid")
    return minutes


def _of_day(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


# Evolve


def evolve(_state: Presence | None, event: PresenceEvent) -> Presence:
    """What was last said of the day."""
    ids = (event.programme, event.site, event.provider, event.staff, event.day)
    match event:
        case PresenceRecorded():
            return Presence(*ids, event.start, event.end, event.minutes)
        case PresenceWithdrawn():
            return Presence(*ids, None, None, 0)
