"""A KPI's definition as the gateway shows it, with its target and baseline."""

from datetime import date
from decimal import Decimal

import strawberry

from services.kpi import definitions, figure
from services.kpi.definitions import Additivity, Basis, Direction, Protects, Unit
from services.kpi.gateway.codes import Lang
from services.kpi.gateway.fields import field
from shared.domain.calendar import PeriodType


@strawberry.type(description="A target or a baseline: `state` says whether there is one, `source` whether it is known.")
class Goal:
    """A target (streefwaarde) or baseline (nulmeting)."""

    value: float | None
    state: str
    source: str


@strawberry.type(description="What a KPI is, in one version.")
class Definition:
    """A KPI's definition."""

    content: strawberry.Private[definitions.Definition]
    code: str
    version: int
    valid_from: date
    unit: Unit
    additivity: Additivity
    direction: Direction
    protects: Protects
    decimals: int
    periods: list[PeriodType]
    bases: list[Basis]
    target: Goal
    baseline: Goal

    @field
    def name(self, lang: Lang = Lang.NL) -> str:
        """Its name."""
        return self.content.name.text().in_(lang.value)

    @field
    def question(self, lang: Lang = Lang.NL) -> str:
        """The question that it answers."""
        return self.content.question.text().in_(lang.value)

    @field
    def formula(self, basis: Basis | None = None) -> str | None:
        """How it is computed, on this basis or on the first that it has."""
        rule = self.content.basis.get(basis) if basis else next(iter(self.content.basis.values()))
        return rule.formula if rule else None


def definition_of(content: definitions.Definition, version: int) -> Definition:
    """A definition in a version."""
    return Definition(
        content=content,
        code=content.id,
        version=version,
        valid_from=content.valid_from,
        unit=content.unit,
        additivity=content.additivity,
        direction=content.direction,
        protects=content.protects,
        decimals=content.decimals,
        periods=list(content.periods),
        bases=list(content.basis),
        target=goal_of(content.target),
        baseline=goal_of(content.baseline),
    )


def goal_of(goal: figure.Goal | definitions.Goal) -> Goal:
    """A target or baseline."""
    return Goal(value=number(goal.value), state=goal.state, source=_source(goal.value))


def number(value: Decimal | None) -> float | None:
    """A JSON number."""
    return None if value is None else float(value)


def _source(value: Decimal | None) -> str:
    return "UNKNOWN" if value is None else "KNOWN"
