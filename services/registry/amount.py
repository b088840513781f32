"""How much: fte, or hours per week that a programme's full-time hours turn into fte."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from services.registry.codes import Command, Fte, Hours
from shared.domain.findings import refuse
from shared.domain.texts import Text

CENT = Decimal("0.01")
FULL_TIME = Decimal(36)
"""Hours per week of one fte where a programme says nothing else (cao Jeugdzorg)."""


class Asking(Command):
    """Fte, hours per week, or both when they agree."""

    fte: Fte | None = None
    hours_per_week: Hours | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """Fte with two decimals; `hours` per week only when they were stated."""

    fte: Decimal
    hours: Decimal | None


def amount(asked: Asking, full_time: Decimal) -> Amount:
    """What is asked, as fte; `full_time` is the hours per week of one fte (36 in the cao Jeugdzorg).

    Raises `Refused` when neither is given, when they disagree, or when the hours are less than a hundredth of a fte.
    """
    by_hours = None if asked.hours_per_week is None else _rounded(asked.hours_per_week / full_time)
    fte = by_hours if asked.fte is None else asked.fte.quantize(CENT)
    if fte is None:
        raise refuse(
            "missing", "/fte", "fte of hoursPerWeek ontbreekt", "fte or hoursPerWeek is missing", None, "invalid"
        )
    if by_hours is not None and (by_hours != fte or not fte):
        hint = Text(f"{full_time} uur is 1 fte", f"{full_time} hours is 1 fte")
        nl, en = "fte en hoursPerWeek komen niet overeen", "fte and hoursPerWeek disagree"
        raise refuse("hours-disagree", "/hoursPerWeek", nl, en, hint, "invalid")
    return Amount(fte, asked.hours_per_week)


def _rounded(fte: Decimal) -> Decimal:
    return fte.quantize(CENT, ROUND_HALF_UP)
