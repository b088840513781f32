"""What the ledger answers to a question by a rule: the aggregates of every cell, and who is expected and reports."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from services.kpi.definitions import Rule
from services.kpi.figure import Dimension
from services.kpi.formula import Aggregate
from services.kpi.query import COMPLETENESS, sites_statement, statement
from services.kpi.question import Question

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

Cell = tuple[int, tuple[str, ...]]
"""A period by its index in the question (from 0), and the codes of the question's dimensions ('' where unknown)."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """How many schools are expected and how many report; `missing` are the sites of the others."""

    expected: int = 0
    reporting: int = 0
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class Answer:
    """The amounts per cell and aggregate, and per cell who reports (schools have no kind: it is '' there)."""

    by: tuple[Dimension, ...] = ()
    amounts: dict[Cell, dict[Aggregate, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    reporting: dict[Cell, Reporting] = field(default_factory=dict)

    def keys(self, index: int) -> list[tuple[str, ...]]:
        """The keys for which a period has an amount or, but by kind, an expected school; sorted."""
        schools = () if Dimension.KIND in self.by else self.reporting
        return sorted({key for at, key in (*self.amounts, *schools) if at == index})

    def of(self, cell: Cell) -> Mapping[Aggregate, Decimal]:
        """The amounts of a cell."""
        return self.amounts.get(cell, {})

    def reported(self, cell: Cell) -> Reporting | None:
        """Who reports in a cell; None where no school is expected."""
        index, key = cell
        if key and Dimension.KIND in self.by:
            key = tuple("" if each is Dimension.KIND else code for each, code in zip(self.by, key, strict=True))
        return self.reporting.get((index, key))


async def ask(connection: "Connection", question: Question, rule: Rule) -> Answer:
    """Ask the ledger: which sites it is about, if not all, and then everything in one statement."""
    text, values = statement(question, rule, await _sites(connection, question))
    parts = rule.parts()
    answer = Answer(question.by)
    for term, index, key, value, reporting, missing in await connection.fetch(text, *values):
        cell = (index - 1, tuple(key))
        if term == COMPLETENESS:
            answer.reporting[cell] = Reporting(int(value), reporting, tuple(missing or ()))
        else:
            answer.amounts[cell][parts[term]] = value
    return answer


async def _sites(connection: "Connection", question: Question) -> list[str] | None:
    asked = sites_statement(question)
    if asked is None:
        return None
    text, values = asked
    return [row["site"] for row in await connection.fetch(text, *values)]
