"""What the tests of several shards start from: three programmes, each in a shard of its own."""

import asyncio
from collections.abc import Sequence

import asyncpg

from shared.feeds.checkpoints import Connection
from shared.log.events import StoredEvent, Unit
from shared.log.log import Log
from tests.feeds.given import LOG, Count, unit

PROGRAMMES = ("HR-JOS", "IJK-TOETS", "HG-COLLECTIEF")
EACH = 300
HEADS = {(LOG, shard): EACH for shard in (1, 2, 3)}


def of(programme: str, number: int) -> Unit:
    """The event of this number, of a programme."""
    [event] = unit(number).events
    return Unit((event._replace(columns=event.columns._replace(programme=programme)),))


async def spread(log: Log, begin: int = 0, end: int = EACH) -> None:
    """Three programmes push their events of these numbers at once, in calls of ten."""
    for start in range(begin, end, 10):
        calls = [
            log.append_units([of(programme, place * 1000 + n) for n in range(start, min(start + 10, end))])
            for place, programme in enumerate(PROGRAMMES)
        ]
        await asyncio.gather(*calls)


class InOrder(Count):
    """Counts, and notes the numbers of each shard in the order in which they were committed to the same database."""

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        assert len({event.position.shard for event in events}) == 1
        await super().__call__(connection, log, events)


async def applied(pool: asyncpg.Pool) -> list[int]:
    """What was counted, as quantities: a thousand a programme."""
    return [int(row["minutes"]) for row in await pool.fetch("select minutes from app.counted order by minutes")]


EVERYTHING = [place * 1000 + n for place in range(3) for n in range(EACH)]
