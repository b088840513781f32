"""What is counted: the measures of `measures.yaml`, read once.

A posting (*boeking*) is one amount of one measure on one day. Which postings an event enters is said by lines, each a
pure function of the event alone.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict
from ruamel.yaml import YAML

COLUMNS = ("programme", "school", "provider", "municipality", "kind", "subject", "case")
"""The dimensions of a posting that an event's typed columns give, unless a line says otherwise."""

_SOURCE = re.compile(r"(?:[a-z]+|\$(?:\.[A-Za-z]+)+|@\.[A-Za-z]+)")
_DAY = re.compile(_SOURCE.pattern + r"(?: \+ 1)?")
_AMOUNT = re.compile(r"-?(?:\d+|" + _SOURCE.pattern + ")")


def _matching(pattern: re.Pattern[str]) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError("neither a column nor a path")
        return value

    return AfterValidator(check)


Source = Annotated[str, _matching(_SOURCE)]
"""A typed column (`quantity`), a path in the payload (`$.validFrom`) or in a list's element (`@.code`)."""
Day = Annotated[str, _matching(_DAY)]
Amount = Annotated[str | int, AfterValidator(str), _matching(_AMOUNT)]


class _Text(BaseModel):
    nl: str
    en: str


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: int
    on: list[str]
    amount: Amount
    day: Day
    programme: Source | None = None
    school: Source | None = None
    provider: Source | None = None
    municipality: Source | None = None
    kind: Source | None = None
    subject: Source | None = None
    case: Source | None = None
    attributes: dict[str, Source] = {}


class _Measure(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: _Text
    scope: Literal["PROGRAMME", "SCHOOL"] = "PROGRAMME"
    protects: Literal["NOTHING", "PERSONS"] = "PERSONS"
    lines: list[_Line]


@dataclass(frozen=True, slots=True)
class Line:
    """One amount that events of the types `on` enter for `measure`.

    `sources` gives per dimension where it comes from, for those that are not the typed column of that name.
    """

    number: int
    measure: str
    on: tuple[str, ...]
    amount: str
    day: str
    sources: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def reads_payload(self) -> bool:
        """Whether it needs more than the typed columns."""
        return any(
            "$" in source for source in (self.amount, self.day, *self.sources.values(), *self.attributes.values())
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted. `by_programme` is false for what a school has whatever the programme (pupils).

    `open` is what tells about no person: everybody who is signed in may see it of every place.
    """

    name: str
    nl: str
    en: str
    by_programme: bool
    open: bool
    lines: tuple[Line, ...]


def read(text: str) -> dict[str, Measure]:
    """The measures in a YAML text. Raises `ValueError` for what cannot be, such as one line number used twice."""
    raw = YAML(typ="safe").load(text)
    measures = {name: _measure(name, _Measure.model_validate(given)) for name, given in raw.items()}
    numbers = [line.number for measure in measures.values() for line in measure.lines]
    twice = {number for number in numbers if numbers.count(number) > 1}
    if twice or any(number < 1 for number in numbers):
        raise ValueError(f"line numbers are positive and each its own: {sorted(twice)}")
    return measures


@cache
def measures() -> dict[str, Measure]:
    """The measures of this installation, by name."""
    return read((files(__package__) / "measures.yaml").read_text(encoding="utf-8"))


@cache
def open_measures() -> tuple[str, ...]:
    """The names of the measures that tell about no person."""
    return tuple(sorted(name for name, measure in measures().items() if measure.open))


def lines_of(names: frozenset[str] | None = None) -> tuple[Line, ...]:
    """The lines of these measures, of all when None."""
    chosen = [measure for name, measure in measures().items() if names is None or name in names]
    return tuple(line for measure in chosen for line in measure.lines)


def _measure(name: str, given: _Measure) -> Measure:
    lines = []
    for line in given.lines:
        sources = {column: source for column in COLUMNS if (source := getattr(line, column)) is not None}
        lines.append(Line(line.line, name, tuple(line.on), str(line.amount), line.day, sources, line.attributes))
    return Measure(
        name, given.title.nl, given.title.en, given.scope == "PROGRAMME", given.protects == "NOTHING", tuple(lines)
    )
