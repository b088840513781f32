"""The directory (*register*): who and what there is, as kpi knows it from the registry's events, now or at a cut."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import orjson

from services.kpi.cuts import Cut
from services.kpi.figure import Dimension
from services.kpi.question import Parameters, relations
from services.kpi.statements import sections
from shared.domain.calendar import month_number
from shared.domain.texts import Text

if TYPE_CHECKING:
    from asyncpg import Record

    from shared.feeds.checkpoints import Connection

_PARTS = sections("directory")

_MEASURES = frozenset(("participation", "provider-choice", "municipality-participation"))

_KINDS = {
    Dimension.MUNICIPALITY: "MUNICIPALITY",
    Dimension.PROVIDER: "PROVIDER",
    Dimension.SUB_REGION: "SUB_REGION",
}


@dataclass(frozen=True, slots=True)
class School:
    """A site that takes part in a programme on a day, and the provider it chose (codes; None where not known)."""

    site: str
    name: str
    type: str | None
    municipality: str | None
    sub_region: str | None
    provider: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A municipality or provider, by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as it is known."""

    code: str
    title: Text
    region: str | None
    status: str | None
    start: date | None


async def schools(connection: "Connection", programme: str, on: date, cut: Cut | None = None) -> list[School]:
    """The schools that take part in the programme on a day, by site code."""
    given = {"programme": (programme, "text"), "day": (on, "date"), "month": (month_number(on), "integer")}
    rows = await _fetch(connection, "schools", cut, given, programme)
    columns = ("site", "name", "type", "municipality", "sub_region", "provider")
    return [School(*(row[column] for column in columns)) for row in rows]


async def municipalities(connection: "Connection", programme: str, on: date, cut: Cut | None = None) -> list[Named]:
    """The municipalities that take part in the programme on a day, by code."""
    return await _members(connection, Dimension.MUNICIPALITY, "municipality-participation", programme, on, cut)


async def providers(connection: "Connection", programme: str, on: date, cut: Cut | None = None) -> list[Named]:
    """The providers that schools of the programme have chosen on a day, by code."""
    return await _members(connection, Dimension.PROVIDER, "provider-choice", programme, on, cut)


async def programmes(connection: "Connection", on: date, cut: Cut | None = None) -> list[Programme]:
    """The programmes that are known on a day, by code."""
    return [
        _programme(code, known) for code, known in (await _entities(connection, "PROGRAMME", None, on, cut)).items()
    ]


async def region_of(connection: "Connection", programme: str, on: date) -> str | None:
    """The region that a programme belongs to."""
    known = await _entities(connection, "PROGRAMME", [programme], on, None)
    region = known.get(programme, {}).get("region")
    return str(region) if region else None


async def names(
    connection: "Connection", dimension: Dimension, codes: Iterable[str], on: date, cut: Cut | None = None
) -> dict[str, str]:
    """The names of places or providers on a day, for those that have one."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    if dimension is Dimension.SCHOOL:
        given = {"codes": (wanted, "text[]"), "month": (month_number(on), "integer")}
        return {row["entity"]: row["name"] for row in await _fetch(connection, "site names", cut, given) if row["name"]}
    if dimension not in _KINDS:
        return {}
    known = await _entities(connection, _KINDS[dimension], wanted, on, cut)
    return {code: str(found["name"]) for code, found in known.items() if "name" in found}


async def _members(
    connection: "Connection", dimension: Dimension, measure: str, programme: str, on: date, cut: Cut | None
) -> list[Named]:
    given = {"measure": (measure, "text"), "programme": (programme, "text"), "day": (on, "date")}
    rows = await _fetch(connection, "members", cut, given, programme, column=dimension.lower())
    codes = [row["code"] for row in rows]
    known = await names(connection, dimension, codes, on, cut)
    return [Named(code, known.get(code, code)) for code in codes]


async def _entities(
    connection: "Connection", kind: str, codes: Sequence[str] | None, on: date, cut: Cut | None
) -> dict[str, Mapping[str, object]]:
    given = {"kind": (kind, "text"), "codes": (codes, "text[]"), "day": (on, "date")}
    rows = await _fetch(connection, "entities", cut, given)
    return {row["entity"]: orjson.loads(row["attributes"]) for row in rows}


async def _fetch(
    connection: "Connection",
    part: str,
    cut: Cut | None,
    given: Mapping[str, tuple[object, str]],
    programme: str = "",
    column: str = "",
) -> "Sequence[Record]":
    parameters = Parameters()
    places = {name: parameters.add(value, type_) for name, (value, type_) in given.items()}
    found = relations(cut, programme, _MEASURES, parameters)
    prologue = "with " + ",\n".join(found.prologue) + "\n" if found.prologue else ""
    text = _PARTS[part].format(**places, column=column, posting=found.posting, fact=found.fact, span=found.span)
    return await connection.fetch(prologue + text, *parameters.values)


def _programme(code: str, known: Mapping[str, object]) -> Programme:
    title = known.get("title")
    text = Text(str(title["nl"]), str(title["en"])) if isinstance(title, dict) else Text(code, code)
    region, status, start = (known.get(name) for name in ("region", "status", "start"))
    return Programme(
        code,
        text,
        str(region) if region else None,
        str(status) if status else None,
        date.fromisoformat(str(start)) if start else None,
    )
