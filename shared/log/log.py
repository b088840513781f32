"""The log of one service: append to it, and read it by stream, key, id or owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.clock import Clock
from shared.log.errors import in_words_of_the_log
from shared.log.events import Appended, Key, Position, StoredEvent, Unit
from shared.log.group import GroupCommit
from shared.log.ids import uuid7
from shared.log.notify import Notifier
from shared.log.rows import COLUMNS, stored_event
from shared.log.writer import Writer

# The events of streams, of keys, of ids: functions that run with the rights of the append role.
BY_STREAM = f"select {COLUMNS} from log.by_stream($1)"
BY_KEY = f"select {COLUMNS} from log.by_key($1, $2, $3)"
BY_ID = f"select {COLUMNS} from log.by_id($1)"

# The last event of a shard, 0 and the genesis hash for none.
HEAD = "select position, row_hash, epoch from log.head($1)"

# Set for this transaction alone: whose rows the row policy lets through.
BECOME = "select set_config('jos.organisation', $1, true)"

# An organisation's own events, in order, from a position on; the row policy says the same a second time, and
# `position > 0` opens the index that is made for it.
OWN_COLUMNS = COLUMNS.replace("epoch", "(select e.epoch from log.epoch e) as epoch", 1)
OWN = f"""
select {OWN_COLUMNS} from log.events
where organisation = $1 and shard = $2 and position > $3 and position > 0
  and ($5::text is null or source = $5) and ($6::text is null or source_id = $6)
order by position limit $4
"""
OWN_BY_KEY = f"""
select {OWN_COLUMNS} from log.events
where organisation = $1 and shard = $2 and position > $3 and source = $5 and source_id = $6
limit $4
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a shard: number 0 and the genesis hash when there is none."""

    position: Position
    row_hash: bytes
    epoch: str


class Log:
    """A service's own log; open it once per process and close it last.

    Every method raises `Unavailable` when the database cannot be reached or does not answer in time.
    """

    def __init__(self, service: str, pool: asyncpg.Pool, clock: Clock, shard: int = 1) -> None:
        self.service = service
        self.shard = shard
        self._pool = pool
        self._clock = clock
        self._notifier = Notifier(pool)
        self._writer = Writer(pool, shard)
        self._group = GroupCommit(self._write)

    async def start(self) -> None:
        """Begin to take appends."""
        self._notifier.start()
        self._group.start()

    async def close(self) -> None:
        """Store what waits, wake the readers, and give the connection back."""
        await self._group.close()
        await self._writer.close()
        await self._notifier.close()

    def new_id(self) -> UUID:
        """An id for a new event (UUIDv7)."""
        return uuid7(self._clock)

    async def append(self, unit: Unit) -> list[Appended]:
        """Store a unit, together or not at all; an answer per event, in order.

        Raises `Overloaded` when too much is waiting, `Unavailable` when it is unknown whether it was stored (send it
        again: asked twice, happened once), `Unstorable` when the database refuses it by itself.
        """
        [answer] = await self.append_units([unit])
        return answer

    async def append_units(self, units: Sequence[Unit]) -> list[list[Appended]]:
        """Store units, each together or not at all, judged in order; the others stand when one is refused."""
        return await self._group.submit(units) if units else []

    async def stream(self, name: str) -> list[StoredEvent]:
        """The events of a stream, oldest first; empty when there is none."""
        return (await self.streams([name]))[name]

    async def streams(self, names: Sequence[str]) -> dict[str, list[StoredEvent]]:
        """The events of each of these streams, oldest first."""
        found: dict[str, list[StoredEvent]] = {name: [] for name in names}
        for event in await self._fetch(BY_STREAM, list(found)):
            found[event.stream].append(event)
        return found

    async def find(self, keys: Sequence[Key]) -> dict[Key, StoredEvent]:
        """The events that have these keys; keys that nobody used are left out."""
        parts = [[k.organisation for k in keys], [k.source for k in keys], [k.source_id for k in keys]]
        return {event.key: event for event in await self._fetch(BY_KEY, *parts)}

    async def by_id(self, ids: Sequence[UUID]) -> dict[UUID, StoredEvent]:
        """The events with these ids; unknown ids are left out."""
        return {event.id: event for event in await self._fetch(BY_ID, list(ids))}

    async def own(
        self, organisation: str, after: int, limit: int, *, source: str | None = None, source_id: str | None = None
    ) -> list[StoredEvent]:
        """At most `limit` events that this organisation sent, after a position, in order (G-21).

        Read as that organisation: the row policy keeps out every other row, whatever the query says.
        """
        query = OWN if source is None or source_id is None else OWN_BY_KEY
        arguments = (organisation, self.shard, after, limit, source, source_id)
        with in_words_of_the_log():
            async with self._pool.acquire(timeout=5) as connection, connection.transaction(readonly=True):
                await connection.execute(BECOME, organisation)
                return [stored_event(row) for row in await connection.fetch(query, *arguments)]

    async def epoch(self) -> str:
        """The log's epoch: a new one begins when the log is restored from a backup."""
        return (await self.head()).epoch

    async def head(self) -> Head:
        """The last event of this shard."""
        with in_words_of_the_log():
            [(number, row_hash, epoch)] = await self._pool.fetch(HEAD, self.shard)
        return Head(Position(self.shard, number), row_hash, epoch)

    async def _fetch(self, query: str, *arguments: object) -> list[StoredEvent]:
        with in_words_of_the_log():
            return [stored_event(row) for row in await self._pool.fetch(query, *arguments)]

    async def _write(self, units: Sequence[Unit]) -> list[list[Appended]]:
        answers = await self._writer.write(units)
        self._notifier.appended()
        return answers
