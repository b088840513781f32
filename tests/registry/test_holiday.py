"""Holidays of a region and of a site, and the school days that are left."""

from datetime import date

import pytest

from services.registry import holiday
from services.registry.holiday import HolidayCorrected, HolidayPublished, Holidays, PublishHoliday, decide
from services.registry.school_days import of_region, of_site, school_days
from shared.domain.school_holidays import Holiday, HolidayKind, HolidayRegion
from tests.registry.given import after, refused

YEAR = "2026-2027"
MIDDEN = HolidayRegion.MIDDEN


def spring(first: date, last: date) -> PublishHoliday:
    return PublishHoliday(
        holiday_region=MIDDEN, school_year=YEAR, kind=HolidayKind.SPRING, valid_from=first, valid_to=last
    )


RIGHT = spring(date(2027, 2, 20), date(2027, 2, 28))


def recorded() -> Holidays:
    return after(holiday.evolve, decide(RIGHT, None, (), True))


def test_a_holiday_is_published_once_and_then_corrected() -> None:
    assert isinstance(decide(RIGHT, None, (), True)[0], HolidayPublished)
    assert decide(RIGHT, recorded(), (), True) == []
    [event] = decide(spring(date(2027, 2, 13), date(2027, 2, 21)), recorded(), (), True)
    assert isinstance(event, HolidayCorrected)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        # 21 March for 21 February: 37 days
        (date(2027, 2, 13), date(2027, 3, 21)),
        (date(2027, 2, 28), date(2027, 2, 20)),
        (date(2026, 2, 20), date(2026, 2, 28)),
        (date(2026, 12, 26), date(2027, 1, 5)),
    ],
)
def test_a_slip_of_the_pen_is_refused(first: date, last: date) -> None:
    beside = (Holiday(HolidayKind.CHRISTMAS, date(2026, 12, 19), date(2027, 1, 3)),)
    assert refused(lambda: decide(spring(first, last), None, beside, True))[:2] == ("invalid", "holiday")


def test_what_is_recorded_takes_the_place_of_what_was_published_and_a_site_of_its_region() -> None:
    published = {one.kind: one for one in of_region(MIDDEN, YEAR, None)}
    assert published[HolidayKind.AUTUMN].first == date(2026, 10, 17)
    assert published[HolidayKind.SUMMER].first == date(2027, 7, 17)
    own = Holidays(YEAR, (Holiday(HolidayKind.AUTUMN, date(2026, 10, 10), date(2026, 10, 18)),))
    of_own = {one.kind: one for one in of_site(of_region(MIDDEN, YEAR, None), own)}
    assert of_own[HolidayKind.AUTUMN].first == date(2026, 10, 10)
    assert of_own[HolidayKind.SUMMER] == published[HolidayKind.SUMMER]


WEEKS = [
    # a monday, and how many school days its week has
    (date(2026, 9, 7), 5),
    (date(2026, 10, 19), 0),
    # Easter Monday, Ascension Day, King's Day in the May holiday
    (date(2027, 3, 29), 4),
    (date(2027, 5, 3), 4),
    (date(2027, 4, 26), 0),
]


@pytest.mark.parametrize(("monday", "days"), WEEKS)
def test_a_week_counts_by_its_school_days(monday: date, days: int) -> None:
    last = date.fromordinal(monday.toordinal() + 6)
    assert len(school_days(monday, last, of_region(MIDDEN, YEAR, None))) == days
