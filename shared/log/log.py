"""The log of one service: append to it, and read it by stream, key, id or owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.clock import Clock
from shared.log.errors import in_words_of_the_log
from shared.log.events import Appended, Key, Position, StoredEvent, Unit
from shared.log.ids import uuid7
from shared.log.lanes import FIRST, Lanes
from shared.log.notify import Notifier
from shared.log.rows import COLUMNS, stored_event

# The events of streams, of keys, of ids: functions that run with the rights of the append role.
BY_STREAM = f"select {COLUMNS} from log.by_stream($1)"
BY_KEY = f"select {COLUMNS} from log.by_key($1, $2, $3)"
BY_ID = f"select {COLUMNS} from log.by_id($1)"

# The shards that may hold events.
SHARDS = f"(select {FIRST}::smallint as shard union select shard from log.programme_shards)"

# The last event of each shard, 0 and the genesis hash for none.
HEADS = f"""
select s.shard, h.position, h.row_hash, h.epoch
from {SHARDS} s cross join lateral log.head(s.shard) h where $1::smallint is null or s.shard = $1 order by s.shard
"""

# Set for this transaction alone: whose rows the row policy lets through.
BECOME = "select set_config('jos.organisation', $1, true)"

# An organisation's own events after a position per shard ($2 shards, $3 numbers; 0 for a shard that is not named):
# shard by shard, each in order, so that whoever goes on after the last of each misses nothing. The row policy says the
# same a second time, and `position > 0` opens the index that is made for it.
OWN_COLUMNS = COLUMNS.replace("epoch", "(select e.epoch from log.epoch e) as epoch", 1)
OWN = f"""
select e.*
from {SHARDS} s left join unnest($2::smallint[], $3::bigint[]) as a (shard, number) on a.shard = s.shard
cross join lateral (
    select {OWN_COLUMNS} from log.events v
    where v.organisation = $1 and v.shard = s.shard and v.position > coalesce(a.number, 0) and v.position > 0
      and ($5::text is null or v.source = $5) and ($6::text is null or v.source_id = $6)
    order by v.position limit $4) e
order by e.shard, e.position limit $4
"""
OWN_BY_KEY = f"""
select {OWN_COLUMNS} from log.events v
where v.organisation = $1 and v.source = $5 and v.source_id = $6
  and v.position > coalesce((select a.number from unnest($2::smallint[], $3::bigint[]) as a (shard, number)
                             where a.shard = v.shard), 0)
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

    Events go to the shard of their programme, or to that of their stream when it exists (`shared.log.shards`): to the
    first, unless an operator decided otherwise. Every method raises `Unavailable` when the database cannot be reached
    or does not answer in time.
    """

    def __init__(self, service: str, pool: asyncpg.Pool, clock: Clock) -> None:
        self.service = service
        self._pool = pool
        self._clock = clock
        self._notifier = Notifier(pool)
        self._lanes = Lanes(pool, self._notifier.appended)

    async def start(self) -> None:
        """Begin to take appends."""
        self._notifier.start()
        self._lanes.start()

    async def close(self) -> None:
        """Store what waits, wake the readers, and give the connections back."""
        await self._lanes.close()
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
        """Store units, each together or not at all; the others stand when one is refused.

        Those of one shard are judged in order; a unit whose events belong to several is stored in one transaction.
        """
        return await self._lanes.append(units) if units else []

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
        self,
        organisation: str,
        after: Mapping[int, int],
        limit: int,
        *,
        source: str | None = None,
        source_id: str | None = None,
    ) -> list[StoredEvent]:
        """At most `limit` events that this organisation sent, after a number per shard, shard by shard in order (G-21).

        Read as that organisation: the row policy keeps out every other row, whatever the query says.
        """
        query = OWN if source is None or source_id is None else OWN_BY_KEY
        arguments = (organisation, list(after), list(after.values()), limit, source, source_id)
        with in_words_of_the_log():
            async with self._pool.acquire(timeout=5) as connection, connection.transaction(readonly=True):
                await connection.execute(BECOME, organisation)
                return [stored_event(row) for row in await connection.fetch(query, *arguments)]

    async def epoch(self) -> str:
        """The log's epoch: a new one begins when the log is restored from a backup."""
        return (await self.head()).epoch

    async def head(self) -> Head:
        """The last event of the first shard."""
        [head] = await self._heads(FIRST)
        return head

    async def heads(self) -> list[Head]:
        """The last event of every shard, by shard."""
        return await self._heads(None)

    async def _heads(self, shard: int | None) -> list[Head]:
        with in_words_of_the_log():
            rows = await self._pool.fetch(HEADS, shard)
        return [Head(Position(shard, number), row_hash, epoch) for shard, number, row_hash, epoch in rows]

    async def _fetch(self, query: str, *arguments: object) -> list[StoredEvent]:
        with in_words_of_the_log():
            return [stored_event(row) for row in await self._pool.fetch(query, *arguments)]
