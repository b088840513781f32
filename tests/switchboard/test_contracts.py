"""Every cell of the rules by which contracts judges: what triggers it, and what just does not."""

from datetime import date

import pytest

from services.contracts.parts import Product
from services.contracts.rules import Switch, code_mutex, judge, taken
from services.contracts.suitability import Candidate, Stretch
from services.registry.switchboard import RULES
from shared.domain.findings import Finding
from tests.switchboard.cells import DAY, Cell, cells, holds

EXPERTISE = frozenset(("PSYCHIATRIC_DISORDERS", "BEHAVIOURAL_PROBLEMS", "SOCIAL_EMOTIONAL_PROBLEMS"))
TWO_YEARS_AGO = date(2024, 10, 5)
CODES = ("45ABS", "41S01")


def candidate(
    school_type: str = "SO_C4",
    expertise: frozenset[str] = EXPERTISE,
    since: date = TWO_YEARS_AGO,
    wlz: bool = True,
) -> Candidate:
    """A provider that has what Haaglanden asks, unless it is said otherwise."""
    return Candidate(school_type, DAY, expertise, (Stretch(since, None),), wlz)


def product(code: str, first: date, last: date | None = None) -> Product:
    """A product code at the school."""
    return Product(code=code, site="99HH00", subject=None, valid_from=first, valid_to=last, exclusive=True)


MILD = frozenset(("MILD_INTELLECTUAL_DISABILITY",))

CANDIDATES: dict[str, tuple[Candidate, Candidate]] = {
    "R-SUITABILITY": (candidate(expertise=EXPERTISE - {"BEHAVIOURAL_PROBLEMS"}), candidate()),
    "R-EXPERIENCE": (candidate(since=date(2024, 10, 6)), candidate()),
    "R-WLZ": (candidate("SO_C3", MILD, wlz=False), candidate("SO_C3", MILD)),
}
"""What triggers each rule, and what just does not."""


def found(cell: Cell, who: Candidate) -> Finding | None:
    """What this one rule finds, as the programme takes it."""

    def switches(rule: str) -> Switch:
        return Switch(cell.severity, cell.switch.parameters) if rule == cell.rule else Switch()

    return next(iter(judge(who, switches)), None)


def mutex(cell: Cell, last: date) -> Finding | None:
    """One code until `last`, the other from the day."""
    if cell.severity == "OFF":
        return None
    other, asked = product(CODES[1], TWO_YEARS_AGO, last), product(CODES[0], DAY)
    finding = code_mutex(asked, [other], cell.switch.parameters)
    return taken(finding, Switch(cell.severity, cell.switch.parameters), "/code") if finding else None


def test_every_rule_that_contracts_owns_is_tried_here() -> None:
    assert {*CANDIDATES, "R-CODE-MUTEX"} == {rule for rule, word in RULES.items() if word.owner == "contracts"}


@pytest.mark.parametrize("cell", cells("contracts"))
def test_a_cell_finds_what_triggers_it_and_lets_pass_what_just_does_not(cell: Cell) -> None:
    if cell.rule == "R-CODE-MUTEX":
        holds(cell, mutex(cell, DAY))
        assert mutex(cell, DAY - date.resolution) is None
        return
    triggers, just_not = CANDIDATES[cell.rule]
    holds(cell, found(cell, triggers))
    assert found(cell, just_not) is None
