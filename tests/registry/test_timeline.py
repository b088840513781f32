"""Values and periods in the course of time."""

from datetime import date

import pytest

from services.registry.timeline import Span, Timeline

JAN, MAR, JUN = date(2022, 1, 1), date(2022, 3, 1), date(2022, 6, 30)


def test_a_value_holds_from_its_day_until_the_next() -> None:
    timeline = Timeline[str]().put(MAR, "later").put(JAN, "first")
    assert [timeline.at(day) for day in (date(2021, 12, 31), JAN, date(2022, 2, 28), MAR, JUN)] == [
        None,
        "first",
        "first",
        "later",
        "later",
    ]


def test_what_is_put_on_the_same_day_replaces() -> None:
    assert Timeline[str]().put(JAN, "wrong").put(JAN, "right").steps == ((JAN, "right"),)


def test_only_the_steps_after_a_day_come_after_it() -> None:
    timeline = Timeline[str]().put(JAN, "first").put(MAR, "later")
    assert timeline.after(JAN) == ((MAR, "later"),)
    assert timeline.after(MAR) == ()


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (Span(JAN, MAR), Span(MAR, JUN), True),
        (Span(JAN, date(2022, 2, 28)), Span(MAR, JUN), False),
        (Span(JAN), Span(JUN), True),
        (Span(MAR, MAR), Span(MAR, MAR), True),
        (Span(MAR), Span(JAN, date(2022, 2, 28)), False),
    ],
)
def test_first_and_last_days_count_when_periods_overlap(one: Span, other: Span, shared: bool) -> None:
    assert one.overlaps(other) is shared
    assert other.overlaps(one) is shared
