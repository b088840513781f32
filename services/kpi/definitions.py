"""KPI definitions: files in `definitions/`, applied as events; a period is computed by the version of its first day."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel
from ruamel.yaml import YAML

from services.kpi.formula import PERIOD, Aggregate, Formula, aggregates, fraction
from services.kpi.formula import measures as names_in
from services.kpi.grammar import parse
from services.kpi.measures import measures, open_measures
from shared.domain.calendar import PeriodType
from shared.domain.texts import Text

COMPUTED = ("total", "balance", "distinct", "distinct_open")
"""The words of the language that the figures' compiler knows."""
UP_TO_A_DAY = ("balance", "distinct_open")
"""The words that look at what was booked before the period too."""


class Basis(StrEnum):
    """What a figure rests on: what schools delivered, or the events themselves."""

    DELIVERED = "DELIVERED"
    EVENTS = "EVENTS"


class Over(StrEnum):
    """Whose postings a figure is over, and so who is missing from it.

    `DELIVERIES`: the schools that delivered for the period; `EVENTS`: the schools whose interventions or trajectories
    are known; `REGISTER`: everybody, because the register is complete.
    """

    DELIVERIES = "DELIVERIES"
    EVENTS = "EVENTS"
    REGISTER = "REGISTER"


class Unit(StrEnum):
    """What a value is a number of."""

    PUPILS = "PUPILS"
    SCHOOLS = "SCHOOLS"
    MUNICIPALITIES = "MUNICIPALITIES"
    PROVIDERS = "PROVIDERS"
    FTE = "FTE"
    PERCENT = "PERCENT"


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "INCREASE"
    DECREASE = "DECREASE"
    NONE = "NONE"


class Additivity(StrEnum):
    """Over what values may be summed."""

    NONE = "NONE"
    SCHOOLS = "SCHOOLS"
    TIME = "TIME"
    BOTH = "BOTH"


class Protects(StrEnum):
    """Whom a small number could disclose."""

    PUPILS = "PUPILS"
    STAFF = "STAFF"
    NOTHING = "NOTHING"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Words(_Model):
    """A text in both languages."""

    nl: str
    en: str

    def text(self) -> Text:
        """The same as the domain's text."""
        return Text(self.nl, self.en)


class Rule(_Model):
    """How a figure is computed on one basis. `empty` is what it is when no school reports."""

    formula: str
    over: Over
    empty: str = "NO_DATA"

    @model_validator(mode="after")
    def _computable(self) -> "Rule":
        for part in self.parts():
            if part.word not in COMPUTED:
                raise ValueError(f"'{part.word}' is a word of the language that no figure is computed with yet")
            if part.word in UP_TO_A_DAY and any(PERIOD in each.values for each in part.over.where):
                raise ValueError(f"'{part.word}' looks beyond the period: {PERIOD} says nothing there")
            if part.over.measure not in measures():
                raise ValueError(f"no measure '{part.over.measure}'")
        if self.empty not in ("NO_DATA", "ZERO"):
            raise ValueError("empty is NO_DATA or ZERO")
        return self

    def parsed(self) -> Formula:
        """The formula."""
        return _parse(self.formula)

    def parts(self) -> tuple[Aggregate, ...]:
        """The different aggregates in the formula."""
        return tuple(dict.fromkeys(aggregates(self.parsed())))

    def fraction(self) -> tuple[Formula, Formula | None]:
        """Numerator and denominator."""
        return fraction(self.parsed())


class Goal(_Model):
    """A target or baseline: `state` says whether there is a value (INV-27)."""

    state: str
    value: Decimal | None = None


class Tolerance(_Model):
    """How far a delivered figure may differ from the event-derived one of the same school without a warning."""

    absolute: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)

    def allows(self, delivered: Decimal, derived: Decimal) -> bool:
        """Whether the two are near enough."""
        return abs(delivered - derived) <= max(self.absolute, self.percent / 100 * abs(delivered))


class Definition(_Model):
    """What a KPI is. `decimals` is for display alone; `basis` has at least one rule."""

    id: str
    valid_from: date
    name: Words
    question: Words
    unit: Unit
    decimals: int = 0
    direction: Direction = Direction.NONE
    periods: tuple[PeriodType, ...] = tuple(PeriodType)
    additivity: Additivity
    protects: Protects
    target: Goal = Goal(state="NOT_SET")
    baseline: Goal = Goal(state="MISSING")
    tolerance: Tolerance = Tolerance()
    basis: dict[Basis, Rule]

    @model_validator(mode="after")
    def _protecting(self) -> "Definition":
        for rule in self.basis.values():
            telling = sorted(names_in(rule.parsed()) - set(open_measures()))
            if self.protects is Protects.NOTHING and telling:
                raise ValueError(f"rests on what tells about persons: {', '.join(telling)}")
        return self


def read(text: str) -> Definition:
    """A definition from a YAML text. Raises `ValueError` naming what is wrong."""
    return Definition.model_validate(YAML(typ="safe").load(text))


@cache
def shipped() -> dict[str, Definition]:
    """The definitions of this installation's files, by id, in order of id."""
    folder = files(__package__) / "definitions"
    found = [read(file.read_text(encoding="utf-8")) for file in folder.iterdir() if file.name.endswith(".yaml")]
    return {each.id: each for each in sorted(found, key=lambda each: each.id)}


@lru_cache(maxsize=512)
def stored(json: str) -> Definition:
    """A definition as it stands in an event."""
    return Definition.model_validate_json(json)


@lru_cache(maxsize=512)
def _parse(formula: str) -> Formula:
    return parse(formula)
