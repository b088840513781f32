"""School holidays (*schoolvakanties*) per holiday region, as the national government publishes them.

From 2025 on they come from the library `holidays`; 2024 is our own table (standards.md 6.11). What is not published
yet is not there: nothing is guessed. A school that deviates has an entry of its own, which its service keeps.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from holidays.countries.netherlands import Netherlands

from shared.domain.findings import refuse

FIRST_YEAR, LAST_YEAR = 2024, 2100


class HolidayRegion(StrEnum):
    """The three regions whose holidays are staggered (*vakantieregio's*)."""

    NOORD = "NOORD"
    MIDDEN = "MIDDEN"
    ZUID = "ZUID"


class HolidayKind(StrEnum):
    """The five holidays of a school year."""

    AUTUMN = "AUTUMN"
    CHRISTMAS = "CHRISTMAS"
    SPRING = "SPRING"
    MAY = "MAY"
    SUMMER = "SUMMER"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday from its first up to and including its last day."""

    kind: HolidayKind
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last


LONGEST = {HolidayKind.SUMMER: 50}
"""Days; any other holiday lasts at most 21: longer is a slip of the pen, such as 21 March for 21 February."""

_NAMES = {
    "Autumn Break": HolidayKind.AUTUMN,
    "Christmas Break": HolidayKind.CHRISTMAS,
    "Spring Break": HolidayKind.SPRING,
    "May Break": HolidayKind.MAY,
    "Summer Break": HolidayKind.SUMMER,
}
_SUMMER_2024 = {
    HolidayRegion.NOORD: (date(2024, 7, 20), date(2024, 9, 1)),
    HolidayRegion.MIDDEN: (date(2024, 7, 13), date(2024, 8, 25)),
    HolidayRegion.ZUID: (date(2024, 7, 6), date(2024, 8, 18)),
}
_ONE_DAY = timedelta(days=1)


def summer(region: HolidayRegion, year: int) -> Holiday | None:
    """The summer holiday of a year, or None as long as it is not published."""
    return next((one for one in published(region, year) if one.kind is HolidayKind.SUMMER), None)


@cache
def published(region: HolidayRegion, year: int) -> tuple[Holiday, ...]:
    """The holidays that begin in a calendar year, in order. Raises `Refused` (`holiday`) where the source is wrong."""
    if year == 2024:
        return (Holiday(HolidayKind.SUMMER, *_SUMMER_2024[region]),)
    if not FIRST_YEAR <= year < LAST_YEAR:
        return ()
    # Years 2025 to 2030 in the source; a region that it did not know would give an empty set without a word.
    days = Netherlands(  # type: ignore[no-untyped-call]
        subdiv=region.title(), categories=("school",), years=(year, year + 1), expand=False, language="en_US"
    )
    # What began the year before, and what would end after the last year of the source, is not whole here.
    whole = (one for one in _runs(days.items()) if one.first > date(year, 1, 1) and one.last != date(year, 12, 31))
    found = tuple(one for one in whole if one.first.year == year)
    check(found)
    return found


def check(found: Iterable[Holiday]) -> None:
    """The load rule: none too long, none that overlaps another. Raises `Refused` (`holiday`, invalid)."""
    before: Holiday | None = None
    for one in sorted(found, key=lambda holiday: holiday.first):
        days = (one.last - one.first).days + 1
        if not 0 < days <= LONGEST.get(one.kind, 21):
            raise refuse("holiday", "", f"{one.kind}: {days} dagen", f"{one.kind}: {days} days", kind="invalid")
        if before and before.last >= one.first:
            nl, en = f"{before.kind} en {one.kind} overlappen", f"{before.kind} and {one.kind} overlap"
            raise refuse("holiday", "", nl, en, kind="invalid")
        before = one


def _runs(days: Iterable[tuple[date, str]]) -> Iterator[Holiday]:
    """Days in a row with one name are one holiday."""
    first: date | None = None
    last, name = date.min, ""
    for day, called in sorted(days):
        if first is not None and (day != last + _ONE_DAY or called != name):
            yield Holiday(_NAMES[name], first, last)
            first = None
        first, last, name = first or day, day, called
    if first is not None:
        yield Holiday(_NAMES[name], first, last)
