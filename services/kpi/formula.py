"""The language that a KPI's formula is written in: parsed in `grammar.py`, computed in `figures.py`.

    total(minutes where kind in (GROUP, COACHING)) / total(minutes where kind != CRISIS)

A formula adds, subtracts, multiplies and divides numbers and aggregates. An aggregate is a word and a measure:

| Word | Gives |
|---|---|
| `total(m)` | the sum of the amounts in the period |
| `balance(m)` | the sum of the amounts up to and including the period's last day |
| `distinct(m)` | the subjects whose amounts in the period add up to more than nothing |
| `distinct_open(m)` | the subjects with a case whose balance is above nothing on any day of the period |
| `lead(a to b)` | the days from the first a to the first b of each case, on the day of b |
| `median(...)` | the middle of what `lead` gives |
| `days_where(m >= n)` | the days of the period on which the balance of m meets a bound |
| `top(n, m of x)` | the total of m for the n largest x |

`of` names what is counted or ranked (`distinct_open(participation of municipality)`); without it that is the subject.
`where` filters on a dimension or an attribute of the posting; `@period` stands for the code of the period asked for.
`each worker` makes `days_where` count per worker instead of per school.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

PERIOD = "@period"
"""In a filter: the code of the period asked for."""

Word = Literal["total", "balance", "distinct", "distinct_open", "lead", "days_where", "top"]


class BadFormula(ValueError):
    """A formula that cannot be read; the message says where and what was expected."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter: the posting's dimension or attribute is one of the values, or none of them when `negated`."""

    name: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """A measure and the conditions that its postings must meet."""

    measure: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison of a balance with a number."""

    operator: Literal[">=", "<=", ">", "<"]
    number: Decimal


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A word over a measure: `to` is of `lead`, `of` of `distinct*` and `top`, `bound` and `each` of `days_where`."""

    word: Word
    over: Selection
    of: str = "subject"
    to: Selection | None = None
    bound: Bound | None = None
    number: int | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the formula."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of a distribution; only `lead` gives one."""

    of: Aggregate


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic on two formulas."""

    operator: Literal["+", "-", "*", "/"]
    left: "Formula"
    right: "Formula"


Formula = Number | Aggregate | Median | Operation


def fraction(formula: Formula) -> tuple[Formula, Formula | None]:
    """Numerator and denominator: the two sides of an outermost `/`, else the whole and nothing."""
    if isinstance(formula, Operation) and formula.operator == "/":
        return formula.left, formula.right
    return formula, None


def aggregates(formula: Formula) -> Iterator[Aggregate]:
    """Every aggregate in the formula, in the order written."""
    match formula:
        case Aggregate():
            yield formula
        case Median(of):
            yield of
        case Operation(_, left, right):
            yield from aggregates(left)
            yield from aggregates(right)


def measures(formula: Formula) -> frozenset[str]:
    """The names of the measures that the formula rests on."""
    names = (part.measure for each in aggregates(formula) for part in (each.over, each.to) if part is not None)
    return frozenset(names)
