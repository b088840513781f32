"""Reads the logs anew into `incoming`, beside the live one, for a rebuild that trusts nothing it has kept."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from services.kpi import statements
from services.kpi.incoming import row
from services.kpi.ledger import CONSUMER
from services.kpi.presence import GATE
from services.kpi.standing import LOGS
from shared.feeds import checkpoints
from shared.feeds.feed import Feed
from shared.feeds.postgres import PostgresFeed
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

BATCH = 5000

_PARTS = statements.sections("rebuild")

_CHECKPOINTS = "select log, shard, position, epoch from app.checkpoints where consumer = $1 order by log, shard"


async def refill(connection: "Connection", settings: Settings, progress: Callable[[str, int, int], None]) -> int | None:
    """Read every log up to where the ledger is and put it in the place of `incoming`; gives the rows that differed.

    None when a log is another one than was read (it was restored): then everything is emptied, and the ledger, which
    notices by itself, starts over.
    """
    feeds = {log: PostgresFeed(log, settings) for log in LOGS}
    try:
        marks = await connection.fetch(_CHECKPOINTS, CONSUMER)
        for mark in marks:
            if await feeds[mark["log"]].epoch() != mark["epoch"]:
                await _start_over(connection)
                return None
        await connection.execute(_PARTS["refill"])
        vector = {(mark["log"], mark["shard"]): mark["position"] for mark in marks}
        return await _Refill(connection, feeds, vector, progress).run()
    finally:
        for feed in feeds.values():
            await feed.close()


async def _start_over(connection: "Connection") -> None:
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", GATE)
        await connection.execute(_PARTS["empty"])
        await checkpoints.forget(connection, CONSUMER)


class _Refill:
    def __init__(
        self,
        connection: "Connection",
        feeds: dict[str, PostgresFeed],
        vector: dict[tuple[str, int], int],
        progress: Callable[[str, int, int], None],
    ) -> None:
        self._connection = connection
        self._feeds = feeds
        self._vector = vector
        self._progress = progress

    async def run(self) -> int:
        parked = await self._parked()
        total, done = sum(self._vector.values()), 0
        for (log, shard), last in self._vector.items():
            async for read in self._read(self._feeds[log], shard, last, parked):
                done += read
                self._progress("reading the logs", done, total)
        columns = [log for log, _ in self._vector], [shard for _, shard in self._vector], [*self._vector.values()]
        differing: int = await self._connection.fetchval(_PARTS["differing incoming"], *columns)
        async with self._connection.transaction():
            await self._connection.execute("set local lock_timeout = '10s'")
            await self._connection.execute("select pg_advisory_xact_lock($1)", GATE)
            late = sorted(parked - await self._parked())
            await self._connection.execute(_PARTS["since refill"], *columns, *_columns(late))
            await self._connection.execute(_PARTS["switch incoming"])
        return differing

    async def _read(self, feed: Feed, shard: int, last: int, parked: set[tuple[str, int, int]]) -> AsyncIterator[int]:
        after = 0
        while after < last:
            events = [each for each in await feed.read(shard, after, BATCH) if each.position.number <= last]
            kept = [each for each in events if (feed.log, shard, each.position.number) not in parked]
            records = [(feed.log, *row(each)) for each in kept]
            await self._connection.copy_records_to_table("incoming_next", schema_name="app", records=records)
            after = events[-1].position.number
            yield len(events)

    async def _parked(self) -> set[tuple[str, int, int]]:
        rows = await self._connection.fetch(_PARTS["parked"], CONSUMER)
        return {(each["log"], each["shard"], each["position"]) for each in rows}


def _columns(places: list[tuple[str, int, int]]) -> tuple[list[str], list[int], list[int]]:
    return [log for log, _, _ in places], [shard for _, shard, _ in places], [number for _, _, number in places]
