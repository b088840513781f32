"""A site takes part in a programme in periods, with the type it has on the first day."""

from dataclasses import replace
from datetime import date

from services.registry.codes import SchoolType
from services.registry.municipality_participation import Leave
from services.registry.participation import (
    JoinProgramme,
    Participation,
    SchoolJoinedProgramme,
    SchoolLeftProgramme,
    evolve,
    join,
    leave,
)
from services.registry.site import SchoolTypeChanged
from services.registry.site import evolve as evolve_site
from tests.registry.given import LEIDEN, START, after, hr_jos, open_site, participating, refused

JOIN = JoinProgramme(programme="HR-JOS", site="99HH00", valid_from=START)
SUMMER = date(2022, 7, 31)


def departed() -> Participation:
    return after(evolve, leave(Leave(valid_to=SUMMER), participating()), participating())


def test_joining_carries_type_and_municipality_of_that_day() -> None:
    assert join(JOIN, None, hr_jos(), open_site()) == [
        SchoolJoinedProgramme(
            programme="HR-JOS",
            site="99HH00",
            municipality=LEIDEN,
            school_type=SchoolType.SBO,
            level=None,
            valid_from=START,
        )
    ]


def test_leaving_repeats_what_joining_counted() -> None:
    assert leave(Leave(valid_to=SUMMER), participating()) == [
        SchoolLeftProgramme(
            programme="HR-JOS", site="99HH00", municipality=LEIDEN, school_type=SchoolType.SBO, valid_to=SUMMER
        )
    ]


def test_joined_or_left_twice_is_joined_or_left_once() -> None:
    assert join(JOIN, participating(), hr_jos(), open_site()) == []
    assert leave(Leave(valid_to=SUMMER), departed()) == []


def test_periods_do_not_overlap_but_may_follow_each_other() -> None:
    again = JoinProgramme(programme="HR-JOS", site="99HH00", valid_from=date(2022, 8, 1))
    assert refused(lambda: join(again, participating(), hr_jos(), open_site()))[1] == "period-overlaps"
    state = after(evolve, join(again, departed(), hr_jos(), open_site()), departed())
    assert [state.holds(day) for day in (SUMMER, date(2022, 8, 1), date(2021, 12, 31))] == [True, True, False]


def test_programme_and_site_must_be_known() -> None:
    assert refused(lambda: join(JOIN, None, None, open_site())) == ("invalid", "no-such-programme", "/programme")
    assert refused(lambda: join(JOIN, None, hr_jos(), None)) == ("invalid", "no-such-site", "/site")


def test_the_programme_takes_its_own_types_of_school_alone() -> None:
    secondary = open_site(SchoolType.VO)
    assert refused(lambda: join(JOIN, None, hr_jos(), secondary)) == ("conflict", "school-type", "/site")


def test_the_type_is_that_of_the_first_day_and_not_of_today() -> None:
    changed = SchoolTypeChanged(site="99HH00", school_type=SchoolType.SO, valid_from=date(2022, 6, 1))
    site = evolve_site(open_site(), changed)
    [joined] = join(JOIN, None, hr_jos(), site)
    assert isinstance(joined, SchoolJoinedProgramme) and joined.school_type is SchoolType.SBO


def test_nothing_begins_before_the_programme_or_on_a_closed_site() -> None:
    early = JoinProgramme(programme="HR-JOS", site="99HH00", valid_from=date(2021, 12, 31))
    assert refused(lambda: join(early, None, hr_jos(), open_site()))[1] == "before-programme"
    closed = replace(open_site(), valid_to=date(2022, 3, 31))
    late = JoinProgramme(programme="HR-JOS", site="99HH00", valid_from=date(2022, 4, 1))
    assert refused(lambda: join(late, None, hr_jos(), closed))[1] == "site-closed"


def test_who_has_left_cannot_leave_on_another_day_nor_before_joining() -> None:
    assert refused(lambda: leave(Leave(valid_to=START), departed()))[1] == "already-left"
    assert refused(lambda: leave(Leave(valid_to=date(2021, 12, 31)), participating()))[1] == "period-reversed"
    assert refused(lambda: leave(Leave(valid_to=SUMMER), None))[0] == "unknown"
