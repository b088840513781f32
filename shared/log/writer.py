"""One call of `log.append`: units in, answers out, the database's errors in the words of the log."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.log.errors import StorageFull, Unavailable, Unstorable
from shared.log.events import Appended, Outcome, Position, Unit
from shared.log.rows import NewRow, held_claim, new_claim, new_event

# Stores a batch; the function's own comment says what comes back.
APPEND = """
select outcome, event_id, position, stream_version, recorded_at, held
from log.append($1::smallint, $2::log.new_event[], $3::log.new_claim[])
"""

PATIENCE = 6.0
"""Seconds that an answer may take: above the statement's own limit, so that the server speaks first."""

UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.PostgresSystemError,
    asyncpg.InternalServerError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""Nothing is wrong with what was asked: the server, or the way to it, is."""


@contextmanager
def in_words_of_the_log() -> Iterator[None]:
    """Turn what asyncpg raises into `Unavailable`, `StorageFull` or `Unstorable`."""
    try:
        yield
    except asyncpg.DiskFullError as error:
        raise StorageFull("the disk is full") from error
    except UNREACHABLE as error:
        raise Unavailable(type(error).__name__) from error
    except asyncpg.PostgresError as error:
        raise Unstorable(f"{type(error).__name__} ({error.sqlstate})") from error


class Writer:
    """Appends on a connection that it keeps, because a pool's clean-up after each use is a round trip."""

    def __init__(self, pool: asyncpg.Pool, shard: int) -> None:
        self._pool = pool
        self._shard = shard
        self._connection: PoolConnectionProxy | None = None

    async def write(self, units: Sequence[Unit]) -> list[list[Appended]]:
        """Store the units in one transaction. Raises `LogError`, and then nothing is stored, or it is unknown."""
        events, claims = _rows(units)
        try:
            with in_words_of_the_log():
                connection = await self._connected()
                rows = await connection.fetch(APPEND, self._shard, events, claims, timeout=PATIENCE)
        except Unavailable:
            await self._drop()
            raise
        answers = iter(rows)
        return [[_appended(next(answers), self._shard) for _ in unit.events] for unit in units]

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*UNREACHABLE):
                await self._pool.release(connection, timeout=PATIENCE)

    async def _drop(self) -> None:
        """Never use this connection again: nobody knows what it is still doing."""
        if self._connection is not None:
            self._connection.terminate()
            await self.close()

    async def _connected(self) -> PoolConnectionProxy:
        if self._connection is not None and self._connection.is_closed():
            await self._drop()
        if self._connection is None:
            self._connection = await self._pool.acquire(timeout=PATIENCE)
        return self._connection


def _rows(units: Sequence[Unit]) -> tuple[list[NewRow], list[NewRow]]:
    events: list[NewRow] = []
    claims: list[NewRow] = []
    for number, unit in enumerate(units):
        for event in unit.events:
            events.append(new_event(number, event))
            if event.claims:
                claims.extend(new_claim(len(events), claim) for claim in event.claims)
    return events, claims


def _appended(row: asyncpg.Record, shard: int) -> Appended:
    outcome, event_id, number, stream_version, recorded_at, held = row
    return Appended(
        Outcome(outcome),
        event_id,
        None if number is None else Position(shard, number),
        stream_version,
        recorded_at,
        None if held is None else held_claim(held),
    )
