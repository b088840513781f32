"""Every cell of the switchboard: a rule as one of the five programmes takes it, read from the programmes' own files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from services.registry import programme
from services.registry.configuration import Programme, RuleSwitch
from services.registry.programme import Applied
from services.registry.programmes import FILES, load
from services.registry.switchboard import RULES
from shared.domain.findings import Finding, Severity
from tests.registry.given import after

DAY = date(2026, 10, 5)
"""A Monday in term, on which all five programmes run."""

CODES = ("2C-PRODUCT", "ALK-VO", "HG-COLLECTIEF", "IJK-TOETS", "HR-JOS")


@dataclass(frozen=True, slots=True)
class Cell:
    """A rule in a programme."""

    file: Programme
    rule: str

    @property
    def switch(self) -> RuleSwitch:
        """How the file takes it."""
        return self.file.switch(self.rule)

    @property
    def severity(self) -> Severity:
        """How severely."""
        return self.switch.severity

    def applied(self) -> Applied:
        """The programme as the registry knows it when the file was applied."""
        return after(programme.evolve, programme.decide(self.file, None, self.file.region or "HR", True))


@dataclass(frozen=True, slots=True)
class Try:
    """What triggers a rule, and what just does not, in any programme."""

    triggers: Callable[[Cell], Finding | None]
    just_not: Callable[[Cell], Finding | None]


FILES_BY_CODE = {code: load(FILES / f"{code}.yaml") for code in CODES}


def cells(owner: str) -> list[object]:
    """The cells of the rules of one service."""
    return [
        pytest.param(Cell(file, rule), id=f"{rule}-{code}")
        for rule, word in RULES.items()
        if word.owner == owner
        for code, file in FILES_BY_CODE.items()
    ]


def holds(cell: Cell, finding: Finding | None) -> None:
    """A cell that is on gives a finding as severe as it says, in both languages; one that is off lets it pass."""
    if cell.severity is Severity.OFF:
        assert finding is None
        return
    assert finding is not None
    assert (finding.code, finding.severity) == (cell.rule, cell.severity)
    assert finding.text.nl and finding.text.en and finding.text.nl != finding.text.en
    assert finding.hint is not None and finding.hint.nl and finding.hint.en
