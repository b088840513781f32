"""Who has something open in which months (*lopend*): kept as events are booked, so that distinct counts are sums.

Kept for the subjects of every selection that a shipped definition counts by `distinct_open`; any other selection, and
any moment of the past, is counted from the postings. A subject counts in a period of months when it has something open
in one of them: it has in the first, or comes to have it in a later one when its last such month lies before the period.
How long ago that was stands with each crossing, up to a year: no period is longer.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from services.kpi.compile import condition, quoted
from services.kpi.definitions import shipped
from services.kpi.formula import PERIOD, Aggregate, Selection
from services.kpi.measures import measures
from services.kpi.statements import sections

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

LONGEST = 12
"""Months of the longest period that crossings answer for."""

TABLES = ("open_months", "crossing")
"""The read models that follow from postings of subjects."""

GATE = 7106_01
"""The advisory lock that a batch shares, and that whoever changes what all batches write to takes alone."""
FILL_SECONDS = 3600.0
LOCK = 7106_03
"""The advisory lock of a batch that may change them: what it rests on is one subject's postings, of whatever shard."""

_PARTS = sections("following")

_GATE = f"select pg_advisory_xact_lock({GATE}), set_config('statement_timeout', '0', true)"
_KEPT = "select selection from app.kept"
_FORGET = "delete from app.{table} where selection = any($1)"
_KEEP = "insert into app.kept select unnest($1::text[])"


def name(selection: Selection) -> str:
    """A selection as it is kept: `trajectory where duration in (STRUCTURAL)`."""
    told = " and ".join(_told(each.name, each.values, each.negated) for each in selection.where)
    return f"{selection.measure} where {told}" if told else selection.measure


def _told(column: str, values: Sequence[str], negated: bool) -> str:
    return f"{column} {'not in' if negated else 'in'} ({', '.join(values)})"


def keepable(part: Aggregate) -> bool:
    """Whether it can be kept: subjects of one programme with something open, whatever the period."""
    asks_the_period = any(PERIOD in each.values for each in part.over.where)
    return (
        part.word == "distinct_open"
        and part.of == "subject"
        and measures()[part.over.measure].by_programme
        and not asks_the_period
    )


@cache
def selections() -> dict[str, Selection]:
    """The selections that this version keeps, by name."""
    rules = [rule for definition in shipped().values() for rule in definition.basis.values()]
    parts = [part for rule in rules for part in rule.parts() if keepable(part)]
    return {name(part.over): part.over for part in parts}


@cache
def counted() -> frozenset[str]:
    """The measures whose postings change what is kept."""
    return frozenset(each.measure for each in selections().values())


def of_measures(names: frozenset[str] | None) -> list[str]:
    """The selections of these measures, of all when None."""
    return [each for each, selection in selections().items() if names is None or selection.measure in names]


async def follow(connection: "Connection", touched: Iterable[tuple[str, UUID]], to: Callable[[str], str] = str) -> None:
    """Follow what was booked of these subjects of programmes; `to` says of which read models."""
    pairs = list(touched)
    if not pairs:
        return
    nothing = await connection.fetchval(
        to(following()), [programme for programme, _ in pairs], [subject for _, subject in pairs]
    )
    if nothing:
        await connection.execute(to(_PARTS["tidy"]))


async def fill(connection: "Connection", wanted: Sequence[str], to: Callable[[str], str] = str) -> None:
    """Work out these selections from all postings, into tables that have nothing of them."""
    for statement in filling(wanted):
        await connection.execute(to(statement), timeout=FILL_SECONDS)


async def keep(connection: "Connection") -> None:
    """Make what is kept what this version counts by: fill what is new, forget what nobody asks for any more.

    Within a transaction; nobody books meanwhile, and it takes as long as it takes (seconds for millions of events).
    """
    await connection.execute(_GATE)
    there = {row["selection"] for row in await connection.fetch(_KEPT)}
    for table in (*TABLES, "kept"):
        await connection.execute(_FORGET.format(table=table), sorted(there ^ selections().keys()))
    new = sorted(selections().keys() - there)
    if new:
        await fill(connection, new)
        await connection.execute(_KEEP, new)


@cache
def following() -> str:
    """Follows what was booked of subjects (`$1` programmes, `$2` subjects)."""
    each = " union all ".join(_PARTS["postings of one measure"].format(measure=each) for each in sorted(counted()))
    return _PARTS["follow"].format(
        touched=_PARTS["touched"],
        entry=_entry(_PARTS["postings touched"].format(each=each), sorted(selections())),
        made=_PARTS["made"],
        plus=_PARTS["crossings"].format(made="made"),
        minus=_PARTS["crossings"].format(made="gone"),
    )


def filling(wanted: Sequence[str]) -> list[str]:
    """The statements that fill the months and the crossings of these selections."""
    if not wanted:
        return []
    names = sorted({selections()[each].measure for each in wanted})
    postings = f"(select * from app.posting where measure in ({', '.join(map(quoted, names))})"
    postings += " and programme is not null and subject is not null)"
    listed = f"array[{', '.join(map(quoted, wanted))}]"
    return [
        _PARTS["fill months"].format(entry=_entry(postings, wanted), made=_PARTS["made"]),
        _PARTS["fill crossings"].format(crossings=_PARTS["crossings"].format(made="app.open_months"), wanted=listed),
    ]


def _entry(postings: str, wanted: Sequence[str]) -> str:
    rows = []
    for each in wanted:
        selection = selections()[each]
        chosen = " and ".join(condition(where) for where in selection.where) or "true"
        rows.append(f"({quoted(each)}, {quoted(selection.measure)}, {chosen})")
    return _PARTS["entry"].format(postings=postings, selections=",\n        ".join(rows))
