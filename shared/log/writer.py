"""One call of `log.append`: units in, answers out."""

from collections.abc import Sequence

import asyncpg

from shared.log.connection import PATIENCE, Kept
from shared.log.errors import Unavailable, in_words_of_the_log
from shared.log.events import Appended, Outcome, Position, Unit
from shared.log.rows import NewRow, held_claim, new_claim, new_event

# Stores a batch; the function's own comment says what comes back.
APPEND = """
select outcome, event_id, position, stream_version, recorded_at, held
from log.append($1::smallint, $2::log.new_event[], $3::log.new_claim[])
"""

OUTCOMES = {outcome.value: outcome for outcome in Outcome}


class Writer:
    """Appends to a shard, one call at a time."""

    def __init__(self, pool: asyncpg.Pool, shard: int) -> None:
        self._kept = Kept(pool)
        self._shard = shard

    async def write(self, units: Sequence[Unit]) -> list[list[Appended]]:
        """Store the units in one transaction. Raises `LogError`, and then nothing is stored, or it is unknown."""
        events, claims = _rows(units)
        try:
            with in_words_of_the_log():
                connection = await self._kept.get()
                rows = await connection.fetch(APPEND, self._shard, events, claims, timeout=PATIENCE)
        except Unavailable:
            await self._kept.drop()
            raise
        answers = iter(rows)
        return [[_appended(next(answers), self._shard) for _ in unit.events] for unit in units]

    async def close(self) -> None:
        """Give the connection back."""
        await self._kept.close()


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
        OUTCOMES[outcome],
        event_id,
        None if number is None else Position(shard, number),
        stream_version,
        recorded_at,
        None if held is None else held_claim(held),
    )
