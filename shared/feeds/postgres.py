"""The feed of a log straight from its PostgreSQL: a tail of the view `log.feed`, woken by NOTIFY, and by a poll if not.

The only place in the feeds that knows of either.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

import asyncpg

from shared.log.events import StoredEvent
from shared.log.notify import CHANNEL
from shared.log.rows import COLUMNS, stored_event
from shared.settings import Settings

# Dense and in order: positions are given out under the log's lock, so whoever sees one sees all below it (G-06).
_READ = f"select {COLUMNS} from log.feed where shard = $1 and position > $2 order by position limit $3"

_HEAD = "select coalesce(max(position), 0) from log.feed where shard = $1"
_EPOCH = "select epoch from log.epoch"
_EPOCHS = "select log_id, epoch from log.epochs order by number desc"

# The first, those that were decided on, and those that are found by steps from shard to shard along the primary key,
# whatever the number of events.
_SHARDS = """
    with recursive steps as (
        select min(shard) as shard from log.feed
        union all
        select (select min(f.shard) from log.feed f where f.shard > s.shard) from steps s where s.shard is not null
    )
    select shard from steps where shard is not null
    union select shard from log.programme_shards union select 1 order by shard"""

SHARDS_AGE = 5.0
"""Seconds for which the list of shards is taken as known: a new shard is noticed within this time."""

TIMEOUT = 10.0
"""Seconds for connecting and for one statement: a server that accepts and answers nothing must not hold a reader."""


class Identity(NamedTuple):
    """A log: the id that its chain begins with, its present epoch, and all that it ever had."""

    log_id: UUID
    epoch: str
    epochs: frozenset[str]


class PostgresFeed:
    """Follows the log of one service with its role `<service>_feed`, on one connection of its own.

    The connection listens and reads; when it is lost the next call makes a new one. Meant for one reader, which waits
    only after it has read to the end; with more, one may hear of an event only by its poll.
    """

    def __init__(self, service: str, settings: Settings) -> None:
        self.log = service
        self._settings = settings
        self._connection: asyncpg.Connection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._told = asyncio.Event()
        self._shards: tuple[float, Sequence[int]] | None = None

    async def shards(self) -> Sequence[int]:
        """The first shard, and those that hold events or will."""
        now = asyncio.get_running_loop().time()
        if self._shards is None or now - self._shards[0] > SHARDS_AGE:
            rows = await self._fetch(_SHARDS)
            self._shards = (now, [row["shard"] for row in rows])
        return self._shards[1]

    async def epoch(self) -> str:
        """The log's present epoch."""
        return str((await self._fetch(_EPOCH))[0]["epoch"])

    async def head(self, shard: int) -> int:
        """The number of the last event, 0 for none."""
        return int((await self._fetch(_HEAD, shard))[0][0])

    async def read(self, shard: int, after: int, limit: int) -> Sequence[StoredEvent]:
        """At most `limit` events after `after`, dense and in order."""
        return [stored_event(row) for row in await self._fetch(_READ, shard, after, limit)]

    async def at(self, shard: int, number: int) -> StoredEvent | None:
        """The event at this position."""
        events = await self.read(shard, number - 1, 1)
        return events[0] if events and events[0].position.number == number else None

    async def identity(self) -> Identity:
        """Which log this is, and by which epochs it was known."""
        rows = await self._fetch(_EPOCHS)
        return Identity(rows[0]["log_id"], rows[0]["epoch"], frozenset(row["epoch"] for row in rows))

    async def wait(self, timeout: float) -> None:
        """Return at a NOTIFY since the last wait, when the connection is lost, or after `timeout` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._told.wait()
        self._told.clear()

    async def close(self) -> None:
        """Give the connection back; a later call makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            await connection.close(timeout=TIMEOUT)

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        async with self._one_at_a_time:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect()
            return await self._connection.fetch(query, *arguments)

    async def _connect(self) -> asyncpg.Connection:
        role = f"{self.log}_feed"
        connection = await asyncpg.connect(
            host=self._settings.database_host,
            port=self._settings.database_port,
            database=self._settings.database(self.log),
            user=role,
            password=self._settings.secret(role).get_secret_value(),
            timeout=TIMEOUT,
            command_timeout=TIMEOUT,
            server_settings={
                "application_name": f"jos-feed-{self.log}",
                "default_transaction_read_only": "on",
                "statement_timeout": str(self._settings.statement_timeout_ms),
            },
        )
        try:
            connection.add_termination_listener(self._wake)
            await connection.add_listener(CHANNEL, self._wake)
        except BaseException:
            connection.terminate()  # nobody else has it yet
            raise
        return connection

    def _wake(self, *_: object) -> None:
        self._told.set()
