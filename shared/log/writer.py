"""One call of `log.append`: units in, answers out."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.log.connection import PATIENCE, Kept
from shared.log.errors import Unavailable, in_words_of_the_log
from shared.log.events import Appended, Outcome, Position, Unit
from shared.log.rows import NewRow, held_claim, new_claim, new_event

# Stores a batch; the function's own comment says what comes back.
APPEND = """
select outcome, event_id, home, position, stream_version, recorded_at, held
from log.append($1::smallint, $2::log.new_event[], $3::log.new_claim[])
"""

OUTCOMES = {outcome.value: outcome for outcome in Outcome}

ANEW = (asyncpg.UniqueViolationError, asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""Another shard stored the same key, id or stream at the same moment: judged again, what it stored is seen."""

ATTEMPTS = 3

T = TypeVar("T")


class Writer:
    """Appends to a shard, one call at a time; `keep` whether it keeps its connection in between."""

    def __init__(self, pool: asyncpg.Pool, shard: int, keep: bool = True) -> None:
        self._kept = Kept(pool)
        self._shard = shard
        self._keep = keep

    async def write(self, units: Sequence[Unit]) -> list[list[Appended]]:
        """Store the units in one transaction. Raises `LogError`, and then nothing is stored, or it is unknown."""

        async def once() -> list[list[Appended]]:
            return await call(await self._kept.get(), self._shard, units)

        try:
            with in_words_of_the_log():
                return await retried(once)
        except Unavailable:
            await self._kept.drop()
            raise
        finally:
            if not self._keep:
                await self._kept.close()

    async def close(self) -> None:
        """Give the connection back."""
        await self._kept.close()


async def call(connection: PoolConnectionProxy, shard: int, units: Sequence[Unit]) -> list[list[Appended]]:
    """The function's answers, per unit and event. Raises what asyncpg raises."""
    events, claims = _rows(units)
    answers = iter(await connection.fetch(APPEND, shard, events, claims, timeout=PATIENCE))
    return [[_appended(next(answers)) for _ in unit.events] for unit in units]


async def retried(write: Callable[[], Awaitable[T]]) -> T:
    """What a transaction gives, tried again when another shard came in between."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await write()
        except ANEW:
            continue
    return await write()


def _rows(units: Sequence[Unit]) -> tuple[list[NewRow], list[NewRow]]:
    events: list[NewRow] = []
    claims: list[NewRow] = []
    for number, unit in enumerate(units):
        for event in unit.events:
            events.append(new_event(number, event))
            if event.claims:
                claims.extend(new_claim(len(events), claim) for claim in event.claims)
    return events, claims


def _appended(row: asyncpg.Record) -> Appended:
    outcome, event_id, home, number, stream_version, recorded_at, held = row
    return Appended(
        OUTCOMES[outcome],
        event_id,
        Position(home, number or 0) if number is not None or outcome == "ELSEWHERE" else None,
        stream_version,
        recorded_at,
        None if held is None else held_claim(held),
    )
