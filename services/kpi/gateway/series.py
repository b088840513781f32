"""Figures as columns, for charts and wide answers: an object per cell costs more than everything else together."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from services.kpi.figure import Figure, FigureStatus, State
from services.kpi.gateway.definition_types import number
from services.kpi.gateway.figure_types import Completeness, completeness_of
from services.kpi.gateway.refusal import Refusal
from shared.domain.texts import Text

MAX_CELLS = 5_000


@strawberry.type(
    description="Figures as columns of the same length; `keys` are codes, joined by | where there are more."
)
class Series:
    """A series; `asOf` and `lagSeconds` hold for all of it."""

    keys: list[str]
    names: list[str]
    periods: list[str]
    values: list[float | None]
    numerators: list[float | None]
    denominators: list[float | None]
    signs: list[str]
    states: list[State]
    status: list[FigureStatus]
    completeness: list[Completeness]
    as_of: datetime | None
    lag_seconds: float | None


def series_of(found: Sequence[Figure]) -> Series:
    """The figures as columns. Raises `Refusal` (`COST_EXCEEDED`) when there are too many."""
    if len(found) > MAX_CELLS:
        text = Text(f"Hoogstens {MAX_CELLS} cijfers in één reeks.", f"At most {MAX_CELLS} figures in one series.")
        raise Refusal("COST_EXCEEDED", text, computed=len(found), allowed=MAX_CELLS, mostExpensive="series")
    return Series(
        keys=["|".join(part.code for part in each.key) for each in found],
        names=["|".join(part.name for part in each.key) for each in found],
        periods=[each.period.code for each in found],
        values=[number(each.value) for each in found],
        numerators=[number(each.numerator) for each in found],
        denominators=[number(each.denominator) for each in found],
        signs=[each.sign for each in found],
        states=[each.state for each in found],
        status=[each.status for each in found],
        completeness=[completeness_of(each.completeness) for each in found],
        as_of=found[0].as_of if found else None,
        lag_seconds=found[0].lag_seconds if found else None,
    )
