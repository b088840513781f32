"""What holds when: spans with a first and a last day."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.interventions.timeline import Timeline

JANUARY, MARCH, MAY, JUNE = date(2022, 1, 1), date(2022, 3, 1), date(2022, 5, 1), date(2022, 6, 1)


def test_first_and_last_day_belong_to_it() -> None:
    spans: Timeline[str] = Timeline()
    spans.add(MARCH, MAY, "x")
    assert [spans.at(day) for day in (date(2022, 2, 28), MARCH, MAY, date(2022, 5, 2))] == [None, "x", "x", None]


def test_what_starts_later_goes_before_what_started_earlier() -> None:
    spans: Timeline[str] = Timeline()
    spans.add(MARCH, None, "new")
    spans.add(JANUARY, None, "old")
    assert [spans.at(day) for day in (JANUARY, MARCH)] == ["old", "new"]


def test_of_two_that_start_on_one_day_the_one_known_last_holds() -> None:
    spans: Timeline[str] = Timeline()
    spans.add(JANUARY, None, "first said")
    spans.add(JANUARY, None, "said after that")
    assert spans.at(MARCH) == "said after that"


def test_an_end_leaves_what_starts_after_it() -> None:
    spans: Timeline[bool] = Timeline()
    spans.add(JANUARY, None, True)
    spans.end(MARCH)
    spans.add(JUNE, None, True)
    assert [spans.at(day) for day in (MARCH, MAY, JUNE)] == [True, None, True]


def test_the_end_of_a_value_may_be_moved_and_may_undo_it() -> None:
    spans: Timeline[str] = Timeline()
    spans.add(JANUARY, MARCH, "a")
    spans.add(MAY, None, "a")
    spans.end_value(MAY, "a", JANUARY)
    assert spans.spans[0].end == MAY
    spans.end_value(date(2022, 4, 30), "a", MAY)
    assert len(spans.spans) == 1


def test_what_came_before_does_not_come_back_when_the_latest_ends() -> None:
    spans: Timeline[str] = Timeline()
    spans.add(JANUARY, None, "old")
    spans.add(MARCH, MAY, "new")
    assert [spans.latest(day) for day in (JANUARY, MARCH, JUNE)] == ["old", "new", None]


days = st.dates(date(2022, 1, 1), date(2022, 2, 1))


@given(st.lists(st.tuples(days, st.one_of(st.none(), days), st.sampled_from("abc"))), days)
def test_said_twice_is_said_once(facts: list[tuple[date, date | None, str]], day: date) -> None:
    once: Timeline[str] = Timeline()
    twice: Timeline[str] = Timeline()
    for fact in facts:
        once.add(*fact)
        twice.add(*fact)
        twice.add(*fact)
    assert once.spans == twice.spans
    assert set(once.holding(day)) == {
        value for start, end, value in facts if start <= day and (end is None or day <= end)
    }
