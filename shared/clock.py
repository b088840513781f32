"""The clock, handed to everything that needs the time; nothing reads the system's clock but `SystemClock`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """What time it is, for whoever was handed one."""

    def now(self) -> datetime:
        """The moment, in UTC, with microseconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FrozenClock:
    """A clock that stands still until it is moved (tests, clock walks)."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Move the clock by this much, forward or back."""
        self.moment += by


def today(clock: Clock) -> date:
    """The local day in the Netherlands: every date in this system is one of these (INV-15)."""
    return clock.now().astimezone(AMSTERDAM).date()
