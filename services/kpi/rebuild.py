"""Rebuilds the read models: filled anew beside the live ones, compared, and switched, while writes go on (G-11).

A rebuild reads `incoming`; with `from_log` that is read anew from the logs first. It acts as the owner of the database:
what it makes are tables.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from services.kpi import presence, statements
from services.kpi.catalogue import versions
from services.kpi.formula import measures as measures_in
from services.kpi.ledger import CONSUMER, follow, follow_subjects
from services.kpi.presence import GATE
from services.kpi.refill import refill
from shared.postgres.pool import open_pool
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

LOCK = 7106_02
"""The advisory lock of whoever rebuilds."""
CHUNK = 200_000
"""Positions in one statement of a fill: a longer one would show no progress."""
BATCH = 1000
"""Events in one statement of catching up; what is left under the gate is at most this many per log."""
STATEMENT_MS = 3_600_000

_PARTS = statements.sections("rebuild")

# The gate is held for as long as it takes; sums and indexes are made in memory as far as a small machine allows.
_SESSION = """
set idle_in_transaction_session_timeout = 0;
set work_mem = '128MB';
set maintenance_work_mem = '128MB';
set jit = off;
set max_parallel_workers_per_gather = 2;
set max_parallel_maintenance_workers = 2"""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

Place = tuple[str, int]


class Busy(Exception):
    """Another rebuild is under way."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it: events read, postings made, and rows in which the live read models differed (normally 0).

    `refilled` says how many events the logs gave that `incoming` did not have as they are there; `reset` that a log was
    another one than was read, so that the ledger starts over by itself.
    """

    events: int
    postings: int
    differing: int
    refilled: int = 0
    reset: bool = False


def silent(_what: str, _done: int, _of: int) -> None:
    """No progress shown."""


async def rebuild(
    settings: Settings,
    from_log: bool = False,
    progress: Progress = silent,
    only: str | None = None,
    *,
    compare: bool = True,
) -> Rebuilt:
    """Rebuild everything, or with `only` what one KPI counts by. Raises `Busy`, and `Refused` for an unknown KPI."""
    pool = await open_pool(settings, "kpi", "owner", max_size=1, statement_timeout_ms=STATEMENT_MS)
    async with pool, pool.acquire() as connection:
        await connection.execute(_SESSION)
        if not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            raise Busy
        await connection.execute(_PARTS["clear"])
        refilled = await refill(connection, settings, progress) if from_log else 0
        if refilled is None:
            return Rebuilt(0, 0, 0, reset=True)
        names = await _measures(connection, only)
        done = await Rebuild(connection, progress, names).run(compare)
        return Rebuilt(done.events, done.postings, done.differing, refilled)


async def _measures(connection: "Connection", only: str | None) -> frozenset[str] | None:
    if only is None:
        return None
    rules = [rule for version in await versions(connection, only) for rule in version.definition.basis.values()]
    return frozenset(name for rule in rules for name in measures_in(rule.parsed()))


class Rebuild:
    """One rebuild on one connection of the owner; `names` are the measures to make anew, None for all."""

    def __init__(self, connection: "Connection", progress: Progress, names: frozenset[str] | None) -> None:
        self._connection = connection
        self._progress = progress
        self._names = names
        self._at: dict[Place, int] = {}
        self._parked: Sequence[asyncpg.Record] = ()

    async def run(self, compare: bool = True) -> Rebuilt:
        """Fill, compare and switch."""
        events = await self.fill()
        differing = await self.differing() if compare else 0
        await self._catch_up(leave=BATCH - 1)
        async with self._connection.transaction():
            await self._connection.execute("set local lock_timeout = '10s'")
            await self._connection.execute("select pg_advisory_xact_lock($1)", GATE)
            await self._catch_up(leave=0)
            await self._late()
            differing += await self._differing_rest() if compare else 0
            postings = await self._connection.fetchval("select count(*) from app.posting_next")
            await self._switch(needed=differing > 0 or not compare)
        return Rebuilt(events, postings, differing)

    async def fill(self) -> int:
        """Make the new read models up to where the ledger is now; gives how many events that is."""
        rows = await self._connection.fetch(_PARTS["vector"], CONSUMER)
        self._at = {(row["log"], row["shard"]): row["position"] for row in rows}
        self._parked = await self._connection.fetch(_PARTS["parked"], CONSUMER)
        await self._connection.execute(_next(statements.sql("ledger") + statements.sql("presence")))
        total, done = sum(self._at.values()), 0
        for (log, shard), last in self._at.items():
            for after in range(0, last, CHUNK):
                upto = min(after + CHUNK, last)
                await self._connection.execute(_next(statements.fill(self._names)), log, shard, after, upto)
                done += upto - after
                self._progress("postings", done, total)
            if self._names is None:
                await self._connection.execute(_next(statements.fill_facts()), log, shard, 0, last)
        await self._finish()
        return total

    async def differing(self) -> int:
        """In how many postings, up to where the new ones were filled, live and new differ."""
        self._progress("comparing", 0, 1)
        live = await self._connection.fetch(_PARTS["fingerprint"], *self._vector(), self._only())
        new = await self._connection.fetch(_next(_PARTS["fingerprint"]), *self._vector(), self._only())
        differing: int = 0
        if live != new:
            differing = await self._connection.fetchval(_PARTS["differing"], *self._vector(), self._only())
        self._progress("comparing", 1, 1)
        return differing

    async def _differing_rest(self) -> int:
        cells: int = await self._connection.fetchval(_PARTS["differing cells"], self._only())
        cells += await self._connection.fetchval(_PARTS["differing presence"], self._selections())
        if self._names is not None:
            return cells
        directory: int = await self._connection.fetchval(_PARTS["differing directory"])
        reporting: int = await self._connection.fetchval(_PARTS["differing reporting"])
        return cells + directory + reporting

    async def _switch(self, needed: bool) -> None:
        """Put the new in the place of the live; of some measures only their rows, and only if they were wrong."""
        if self._names is None:
            await self._connection.execute(_PARTS["switch"])
            await self._connection.execute(_PARTS["now kept"], self._selections())
            return
        if needed:
            await self._replace_presence()
            for table in ("postings", "cells"):
                await self._connection.execute(_PARTS[f"replace {table}"], self._only())
                await self._connection.execute(_PARTS[f"insert {table}"])
            await self._connection.execute(_PARTS["empty reporting"])
            await self._connection.execute(statements.reporting())
        await self._connection.execute(_PARTS["clear"])

    async def _finish(self) -> None:
        """Sum, index, and place the sites."""
        steps = [statements.sum_cells(), statements.sql("indexes"), *presence.filling(self._selections())]
        if self._names is None:
            steps += [statements.spans(), statements.reporting()]
        steps += [statements.sql("presence_indexes"), statements.policies()]
        for number, step in enumerate(steps):
            self._progress("cells and indexes", number, len(steps))
            await self._connection.execute(_next(step))
        await self._connection.execute("analyze app.posting_next; analyze app.cell_next")
        self._progress("cells and indexes", len(steps), len(steps))

    async def _catch_up(self, leave: int) -> None:
        """Follow what the ledger has applied since, until no more than this many events of any log are left."""
        for log, shard in [*self._at, *await self._new_places()]:
            while len(positions := await self._since(log, shard)) > leave:
                await self._book(log, [(shard, position) for position in positions])
                self._at[log, shard] = positions[-1]

    async def _since(self, log: str, shard: int) -> list[int]:
        rows = await self._connection.fetch(_PARTS["since"], log, shard, self._at.get((log, shard), 0), BATCH)
        return [row["position"] for row in rows]

    async def _new_places(self) -> list[Place]:
        rows = await self._connection.fetch(_PARTS["vector"], CONSUMER)
        return [place for row in rows if (place := (row["log"], row["shard"])) not in self._at]

    async def _late(self) -> None:
        """Book what was parked when the fill began and has been applied since: its position lies behind."""
        now = set(await self._connection.fetch(_PARTS["parked"], CONSUMER))
        for log, shard, position in set(self._parked) - now:
            await self._book(log, [(shard, position)])

    async def _book(self, log: str, places: Sequence[tuple[int, int]]) -> None:
        shards, positions = [shard for shard, _ in places], [position for _, position in places]
        book = statements.book(presence.counted(), self._names)
        booked = await self._connection.fetch(_next(book), log, shards, positions)
        if self._names is not None:
            await follow_subjects(self._connection, booked, _next)
            return
        await follow(self._connection, booked, _next)
        stated = await self._connection.fetch(_next(statements.remember()), log, shards, positions)
        sites = [fact["entity"] for fact in stated if fact["kind"] == "SITE"]
        if sites:
            await self._connection.execute("delete from app.site_span_next where site = any($1)", sites)
            await self._connection.execute(_next(statements.spans("and entity = any($1)")), sites)

    async def _replace_presence(self) -> None:
        for table in presence.TABLES:
            await self._connection.execute(_PARTS[f"replace {table}"], self._selections())
            await self._connection.execute(_PARTS[f"insert {table}"])

    def _selections(self) -> list[str]:
        return presence.of_measures(self._names)

    def _only(self) -> list[str] | None:
        return None if self._names is None else sorted(self._names)

    def _vector(self) -> tuple[list[str], list[int], list[int]]:
        return [log for log, _ in self._at], [shard for _, shard in self._at], list(self._at.values())


def _next(text: str) -> str:
    return statements.beside(text)
