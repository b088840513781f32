"""Data quality: where a school's delivery and the events from its provider tell different numbers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from services.kpi.answer import Answer, Cell, ask
from services.kpi.definitions import Basis, Definition, Rule
from services.kpi.evaluate import compute
from services.kpi.figure import Dimension
from services.kpi.question import Question

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

Difference = tuple[str, Decimal, Decimal]
"""A site, what was delivered, and what follows from events."""


async def differences(
    connection: "Connection", question: Question, definition: Definition
) -> Mapping[Cell, list[Difference]]:
    """Per cell of the question the schools whose numerators differ beyond the definition's tolerance, by site."""
    if Basis.DELIVERED not in definition.basis or Basis.EVENTS not in definition.basis:
        return {}
    by_school = replace(question, by=(*question.by, Dimension.SCHOOL))
    numbers: list[dict[Cell, Decimal]] = []
    for basis in (Basis.DELIVERED, Basis.EVENTS):
        rule = definition.basis[basis]
        numbers.append(dict(_numerators(definition, rule, await ask(connection, by_school, rule))))
    delivered, derived = numbers
    found: dict[Cell, list[Difference]] = defaultdict(list)
    for index, key in sorted(delivered.keys() & derived.keys()):
        pair = delivered[index, key], derived[index, key]
        if not definition.tolerance.allows(*pair):
            found[index, key[:-1]].append((key[-1], *pair))
    return found


def _numerators(definition: Definition, rule: Rule, answer: Answer) -> Iterator[tuple[Cell, Decimal]]:
    for cell, reporting in answer.reporting.items():
        if reporting.reporting:
            computed = compute(definition, rule, answer.of(cell))
            if computed.numerator is not None:
                yield cell, computed.numerator
