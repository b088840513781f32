"""School holidays, held against the table of the government (standards.md 6.11)."""

from datetime import date

import pytest

from shared.domain.findings import Refused
from shared.domain.school_holidays import Holiday, HolidayKind, HolidayRegion, check, published, summer

SUMMERS = {
    2024: ("07-20", "07-13", "07-06"),
    2025: ("07-12", "07-19", "07-05"),
    2026: ("07-04", "07-18", "07-11"),
    2027: ("07-10", "07-17", "07-24"),
    2028: ("07-15", "07-08", "07-22"),
    2029: ("07-21", "07-07", "07-14"),
    2030: ("07-20", "07-13", "07-06"),
}


@pytest.mark.parametrize("year", SUMMERS)
def test_a_summer_begins_on_the_day_that_was_published_for_each_region(year: int) -> None:
    for region, first in zip(HolidayRegion, SUMMERS[year], strict=True):
        found = summer(region, year)
        assert found is not None
        assert found.first == date.fromisoformat(f"{year}-{first}")
        assert (found.last - found.first).days == 43


@pytest.mark.parametrize("year", [1990, 2023, 2031, 2033, 2100, 9999])
def test_what_is_not_published_is_not_there(year: int) -> None:
    assert summer(HolidayRegion.MIDDEN, year) is None


def test_a_school_year_has_its_five_holidays_in_order() -> None:
    kinds = [one.kind for one in published(HolidayRegion.MIDDEN, 2027)]

    assert kinds == ["SPRING", "MAY", "SUMMER", "AUTUMN", "CHRISTMAS"]


def test_christmas_lasts_into_the_new_year() -> None:
    christmas = published(HolidayRegion.NOORD, 2026)[-1]

    assert christmas == Holiday(HolidayKind.CHRISTMAS, date(2026, 12, 19), date(2027, 1, 3))
    assert christmas.holds(date(2027, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        [Holiday(HolidayKind.SPRING, date(2027, 2, 13), date(2027, 3, 21))],
        [Holiday(HolidayKind.SUMMER, date(2027, 7, 1), date(2027, 8, 20))],
        [Holiday(HolidayKind.MAY, date(2027, 5, 2), date(2027, 4, 24))],
        [
            Holiday(HolidayKind.SPRING, date(2027, 2, 20), date(2027, 2, 28)),
            Holiday(HolidayKind.MAY, date(2027, 2, 28), date(2027, 3, 2)),
        ],
    ],
)
def test_what_is_too_long_reversed_or_overlaps_is_refused(wrong: list[Holiday]) -> None:
    with pytest.raises(Refused):
        check(wrong)
