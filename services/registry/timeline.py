"""What changes in the course of time, by the day from which it holds."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")

FOREVER = date.max
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Timeline(Generic[Value]):
    """Values by the day from which each holds, in order; what was put later on the same day replaces."""

    steps: tuple[tuple[date, Value], ...] = ()

    def put(self, day: date, value: Value) -> "Timeline[Value]":
        """With this value from this day until the next step."""
        others = [step for step in self.steps if step[0] != day]
        return Timeline(tuple(sorted([*others, (day, value)], key=lambda step: step[0])))

    def at(self, day: date) -> Value | None:
        """The value on this day; None before the first."""
        before = bisect_right(self.steps, day, key=lambda step: step[0])
        return self.steps[before - 1][1] if before else None

    def until(self, day: date) -> "Timeline[Value]":
        """Without the steps that begin after this day."""
        return Timeline(tuple(step for step in self.steps if step[0] <= day))

    def after(self, day: date) -> tuple[tuple[date, Value], ...]:
        """The steps that begin after this day."""
        return tuple(step for step in self.steps if step[0] > day)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, inclusive; `end` None is open."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day <= (self.end or FOREVER)

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a day in common."""
        return self.start <= (other.end or FOREVER) and other.start <= (self.end or FOREVER)

    def __str__(self) -> str:
        return f"{self.start.isoformat()} – {self.end.isoformat() if self.end else '…'}"
