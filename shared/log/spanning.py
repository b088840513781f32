"""A unit whose events belong to several shards: all of it or nothing, in one transaction (G-09)."""

from collections.abc import Sequence

import asyncpg

from shared.log.connection import PATIENCE
from shared.log.errors import in_words_of_the_log
from shared.log.events import Appended, Outcome, Unit
from shared.log.writer import call, retried

STANDS = (Outcome.CREATED, Outcome.DUPLICATE)


class _Undone(Exception):
    """Something of the unit cannot be stored, so nothing may be."""


async def write_spanning(pool: asyncpg.Pool, unit: Unit, shards: Sequence[int]) -> list[Appended]:
    """Store a unit of which each event belongs to the shard beside it; an answer per event. Raises `LogError`.

    The shards' locks are taken in ascending order, so that two such units never wait for each other.
    """
    with in_words_of_the_log():
        return await retried(lambda: _write(pool, unit, shards))


async def _write(pool: asyncpg.Pool, unit: Unit, shards: Sequence[int]) -> list[Appended]:
    answers: list[Appended | None] = [None] * len(shards)
    try:
        async with pool.acquire(timeout=PATIENCE) as connection, connection.transaction():
            for shard in sorted(set(shards)):
                mine = [place for place, one in enumerate(shards) if one == shard]
                part = Unit(tuple(unit.events[place] for place in mine))
                [told] = await call(connection, shard, [part])
                for place, answer in zip(mine, told, strict=True):
                    answers[place] = answer
                if any(answer.outcome not in STANDS for answer in told):
                    raise _Undone
    except _Undone:
        own = {event.id for event in unit.events}
        return [_undone(answer, answer is not None and answer.event_id in own) for answer in answers]
    return [answer for answer in answers if answer is not None]


def _undone(answer: Appended | None, own: bool) -> Appended:
    """The answer for an event of a unit that was undone; what rests on an event of the unit itself stands no more."""
    if answer is None or answer.outcome is Outcome.CREATED or (own and answer.outcome is Outcome.DUPLICATE):
        return Appended(Outcome.SKIPPED)
    return Appended(answer.outcome) if own else answer
