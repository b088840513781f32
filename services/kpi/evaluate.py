"""Arithmetic: from a cell's aggregates to numerator, denominator and value. A ratio over nothing is no number."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.kpi.definitions import Definition, Rule, Unit
from services.kpi.formula import Aggregate, Formula, Number, Operation

ZERO_DENOMINATOR = "ZERO_DENOMINATOR"


@dataclass(frozen=True, slots=True)
class Computed:
    """A value with what it was made of; `reason` where there is none."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    reason: str | None = None


def compute(definition: Definition, rule: Rule, amounts: Mapping[Aggregate, Decimal]) -> Computed:
    """The value of the rule's formula, where an aggregate without an amount is nothing (0)."""
    above, below = rule.fraction()
    numerator = _value(above, amounts)
    denominator = _value(below, amounts) if below is not None else None
    if numerator is None or (below is not None and not denominator):
        return Computed(None, numerator, denominator, ZERO_DENOMINATOR)
    value = numerator / denominator if denominator else numerator
    return Computed(value * 100 if definition.unit is Unit.PERCENT else value, numerator, denominator)


def _value(formula: Formula, amounts: Mapping[Aggregate, Decimal]) -> Decimal | None:
    match formula:
        case Number(value):
            return value
        case Aggregate():
            return amounts.get(formula, Decimal(0))
        case Operation(operator, left, right):
            return _operate(operator, _value(left, amounts), _value(right, amounts))
        case _:
            raise TypeError(f"no figure is computed with {type(formula).__name__}")


def _operate(operator: str, left: Decimal | None, right: Decimal | None) -> Decimal | None:
    if left is None or right is None:
        return None
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right if right else None
