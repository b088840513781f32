"""On which days a site has school (*schooldagen*): no weekend, no school holiday, no public holiday."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from holidays.countries.netherlands import Netherlands

from services.registry.holiday import Holidays
from shared.domain.calendar import school_year
from shared.domain.school_holidays import Holiday, HolidayRegion, published


def of_region(region: HolidayRegion, year: str, recorded: Holidays | None) -> tuple[Holiday, ...]:
    """The holidays of a region that begin in a school year: as published, with what was recorded in its place."""
    first = int(year[:4])
    known = [
        one
        for calendar_year in (first, first + 1)
        for one in published(region, calendar_year)
        if school_year(one.first) == year
    ]
    return _in_place(known, recorded)


def of_site(region: tuple[Holiday, ...], own: Holidays | None) -> tuple[Holiday, ...]:
    """The holidays of a site: those of its region, with its own in the place of theirs."""
    return _in_place(region, own)


def _in_place(known: Iterable[Holiday], recorded: Holidays | None) -> tuple[Holiday, ...]:
    own = recorded.holidays if recorded else ()
    kinds = {one.kind for one in own}
    kept = (one for one in known if one.kind not in kinds)
    return tuple(sorted((*kept, *own), key=lambda one: one.first))


def school_days(first: date, last: date, holidays: Iterable[Holiday]) -> list[date]:
    """The school days from the first up to and including the last day."""
    free = tuple(holidays)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        day
        for day in days
        if day.weekday() < 5 and day not in public(day.year) and not any(one.holds(day) for one in free)
    ]


@cache
def public(year: int) -> frozenset[date]:
    """The public holidays of a year (*feestdagen*), on which no school is open."""
    return frozenset(Netherlands(years=year))  # type: ignore[no-untyped-call]
