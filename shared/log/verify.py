"""`jos verify-log`: is the log still what it was when it was written? (G-07)

Reads a log from its first event to its last, a page at a time, and recomputes everything that can be recomputed.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import asyncpg

from shared.domain.texts import Text
from shared.log.canonical import content_hash
from shared.log.events import StoredEvent
from shared.log.heads import WrittenHead, heads_file, written_heads
from shared.log.row_hash import genesis, row_hash
from shared.log.rows import COLUMNS, stored_event
from shared.postgres.pool import open_pool
from shared.settings import Settings

PAGE = 2_000

# A page of a shard, in order.
READ = f"select {COLUMNS} from log.feed where shard = $1 and position > $2 order by position limit {PAGE}"

# The shards that have events, each found by one step in the primary key.
NEXT_SHARD = "select min(shard) from log.feed where shard > $1"

# The first event of a page whose predecessor in its stream is missing, or does not stand before it.
VERSION_GAP = """
select min(e.position) from log.feed e
where e.shard = $1 and e.position > $2 and e.position <= $3 and e.stream_version > 1
  and not exists (select from log.feed p where p.stream = e.stream and p.stream_version = e.stream_version - 1
                  and p.shard = e.shard and p.position < e.position)
"""

# Every epoch, with the position on which the one after it began (null for the present one).
EPOCHS = """
select epoch, log_id, (lead(heads) over (order by number) ->> $1)::bigint as ended_after,
       lead(number) over (order by number) is null as present
from log.epochs
"""


class Wrong(StrEnum):
    """What is wrong with a position."""

    MISSING = "MISSING"
    CONTENT = "CONTENT"
    ROW = "ROW"
    VERSION = "VERSION"
    HEAD = "HEAD"
    TRUNCATED = "TRUNCATED"
    REPLACED = "REPLACED"

    @property
    def text(self) -> Text:
        """For the officer who runs the check."""
        return TEXTS[self]


TEXTS = {
    Wrong.MISSING: Text("de gebeurtenis ontbreekt", "the event is missing"),
    Wrong.CONTENT: Text("de inhoud klopt niet met zijn hash", "the content does not match its hash"),
    Wrong.ROW: Text("de rij klopt niet met de keten", "the row does not match the chain"),
    Wrong.VERSION: Text("de vorige versie van de stroom ontbreekt", "the version before it in its stream is missing"),
    Wrong.HEAD: Text("de rij is niet die van het bewaarde hoofd", "the row is not the one of the head that was kept"),
    Wrong.TRUNCATED: Text("het einde van het log ontbreekt", "the end of the log is missing"),
    Wrong.REPLACED: Text("dit is niet het log van het bewaarde hoofd", "this is not the log of the head that was kept"),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first position of a shard where something is wrong, and what."""

    shard: int
    position: int
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: how many events were read in good order, and at most one flaw per shard."""

    service: str
    events: int
    heads: int
    flaws: tuple[Flaw, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


async def verify_log(service: str, settings: Settings) -> Report:
    """Check the whole log of a service, with the rights of a reader of its feed.

    Raises what asyncpg raises when the database cannot be read, `ValueError` when the file with heads is damaged.
    """
    written = list(written_heads(heads_file(settings, service)))
    flaws: list[Flaw] = []
    events = 0
    async with (
        await open_pool(settings, service, role="feed", min_size=1, max_size=1) as pool,
        pool.acquire() as connection,
    ):
        shards = {head.shard for head in written} | {shard async for shard in _shards(connection)} | {1}
        for shard in sorted(shards):
            checked = _Shard(connection, shard)
            flaw = await checked.verify([head for head in written if head.shard == shard])
            events += checked.good
            if flaw is not None:
                flaws.append(flaw)
    return Report(service, events, len(written), tuple(flaws))


async def _shards(connection: asyncpg.pool.PoolConnectionProxy) -> AsyncIterator[int]:
    shard = 0
    while (shard := await connection.fetchval(NEXT_SHARD, shard)) is not None:
        yield shard


class _Shard:
    """The check of one shard: how far it is, and what the row before was."""

    def __init__(self, connection: asyncpg.pool.PoolConnectionProxy, shard: int) -> None:
        self._connection = connection
        self._shard = shard
        self.good = 0

    async def verify(self, written: list[WrittenHead]) -> Flaw | None:
        epochs = await self._connection.fetch(EPOCHS, str(self._shard))
        ends = {epoch["epoch"]: epoch["ended_after"] for epoch in epochs}
        for head in written:
            if head.epoch not in ends:
                return Flaw(self._shard, head.position, Wrong.REPLACED)
        binding = [head for head in written if ends[head.epoch] is None or head.position <= ends[head.epoch]]
        [log_id] = {epoch["log_id"] for epoch in epochs}
        wrong = await self._read(log_id, {head.position: head.row_hash for head in binding})
        if wrong is not None:
            return Flaw(self._shard, self.good + 1, wrong)
        if any(head.position > self.good for head in binding):
            return Flaw(self._shard, self.good + 1, Wrong.TRUNCATED)
        return None

    async def _read(self, log_id: UUID, hashes: dict[int, str]) -> Wrong | None:
        previous = genesis(log_id, self._shard)
        while rows := await self._connection.fetch(READ, self._shard, self.good):
            gap = await self._connection.fetchval(VERSION_GAP, self._shard, self.good, self.good + len(rows))
            for row in rows:
                event = stored_event(row)
                number = self.good + 1
                wrong = _wrong(event, number, previous)
                if wrong is None and gap == number:
                    wrong = Wrong.VERSION
                if wrong is None and hashes.get(number, event.row_hash.hex()) != event.row_hash.hex():
                    wrong = Wrong.HEAD
                if wrong is not None:
                    return wrong
                self.good = number
                previous = event.row_hash
        return None


def _wrong(event: StoredEvent, number: int, previous: bytes) -> Wrong | None:
    if event.position.number != number:
        return Wrong.MISSING
    if content_hash(event.type, event.time, event.payload) != event.content_hash:
        return Wrong.CONTENT
    if row_hash(previous, event) != event.row_hash:
        return Wrong.ROW
    return None
