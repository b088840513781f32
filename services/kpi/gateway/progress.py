"""How a figure stands against where it came from and where it should be (kpis.md 4.1)."""

from decimal import Decimal
from enum import Enum

import strawberry

from services.kpi.definitions import Direction
from services.kpi.figure import Figure


@strawberry.enum(description="Never achieved or missed before the figure of the target's year is final.")
class Progress(Enum):
    """How far towards the target."""

    NO_TARGET = "NO_TARGET"
    NOT_COMPUTABLE = "NOT_COMPUTABLE"
    IN_PROGRESS = "IN_PROGRESS"


def change(figure: Figure) -> Decimal | None:
    """The change against the baseline in percent, better is positive; None without a baseline or with one of 0."""
    baseline, value = figure.baseline.value, figure.value
    if not baseline or value is None or figure.definition.direction is Direction.NONE:
        return None
    gained = value - baseline if figure.definition.direction is Direction.INCREASE else baseline - value
    return gained / baseline * 100


def progress(figure: Figure) -> Progress:
    """How the figure stands."""
    if figure.target.value is None:
        return Progress.NO_TARGET
    return Progress.NOT_COMPUTABLE if change(figure) is None else Progress.IN_PROGRESS
