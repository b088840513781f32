"""Change against the baseline: better is always positive (kpis.md 4.1)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.kpi.definitions import Direction, shipped
from services.kpi.figure import Completeness, Figure, Goal, State
from services.kpi.gateway.progress import Progress, change, progress
from shared.domain.calendar import period


def figure(value: int | None, baseline: int | None, direction: str = "INCREASE", target: int | None = None) -> Figure:
    """A figure that stands against a baseline and a target."""
    definition = shipped()["KPI-HR-04"].model_copy(update={"direction": Direction(direction)})
    made = Figure(
        definition=definition,
        version=1,
        programme="HR-JOS",
        period=period("2022-H1"),
        key=(),
        basis=None,
        state=State.OK,
        value=None if value is None else Decimal(value),
        numerator=None,
        denominator=None,
        reason=None,
        completeness=Completeness(0, 0),
        target=Goal("NOT_SET"),
        baseline=Goal("PRESENT", None if baseline is None else Decimal(baseline)),
        as_of=None,
        lag_seconds=None,
    )
    return made if target is None else replace(made, target=Goal("SET", Decimal(target)))


@pytest.mark.parametrize(("direction", "expected"), [("INCREASE", 25), ("DECREASE", -25), ("NONE", None)])
def test_better_is_positive_in_either_direction(direction: str, expected: int | None) -> None:
    assert change(figure(125, 100, direction)) == expected


@pytest.mark.parametrize(("value", "baseline"), [(5, None), (5, 0), (None, 5)])
def test_without_a_baseline_or_with_one_of_zero_there_is_no_change(value: int | None, baseline: int | None) -> None:
    assert change(figure(value, baseline)) is None


def test_nothing_is_achieved_or_missed_before_it_is_final() -> None:
    assert progress(figure(125, 100)) is Progress.NO_TARGET
    assert progress(figure(125, 100, target=10)) is Progress.IN_PROGRESS
    assert progress(figure(125, None, target=10)) is Progress.NOT_COMPUTABLE
