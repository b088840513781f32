"""What holds when: facts with a first and a last day (inclusive), read as of a day."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """Holds from `start` up to and including `end`; None is open."""

    start: date
    end: date | None
    value: T

    def holds(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(slots=True)
class Timeline(Generic[T]):
    """Spans of one thing in order of (start, becoming known); where two hold on a day, the later one in that order."""

    spans: list[Span[T]] = field(default_factory=list)

    def add(self, start: date, end: date | None, value: T) -> None:
        """Say that something holds from `start` on. Said twice it changes nothing."""
        span = Span(start, end, value)
        if span not in self.spans:
            at = next((i for i, other in enumerate(self.spans) if other.start > start), len(self.spans))
            self.spans.insert(at, span)

    def end(self, last: date) -> None:
        """Say that what holds on `last` does not hold after it; what starts later stays."""
        self.spans = [replace(span, end=last) if span.holds(last) else span for span in self.spans]

    def end_value(self, last: date, value: T, start: date | None = None) -> None:
        """Say that `last` is the last day of this value (of its span from `start`, where that is said)."""
        meant = [span for span in self.spans if span.value == value and start in (None, span.start)]
        ended = [replace(span, end=last) if span in meant else span for span in self.spans]
        self.spans = [span for span in ended if span.end is None or span.end >= span.start]

    def at(self, day: date) -> T | None:
        """What holds on this day, or None."""
        for span in reversed(self.spans):
            if span.start <= day and (span.end is None or day <= span.end):
                return span.value
        return None

    def latest(self, day: date) -> T | None:
        """What began last, if it still holds: what came before it ended when it began."""
        for span in reversed(self.spans):
            if span.start <= day:
                return span.value if span.holds(day) else None
        return None

    def holding(self, day: date) -> Iterator[T]:
        """Everything that holds on this day."""
        return (span.value for span in self.spans if span.holds(day))
