"""Consumers over a log of several shards: each shard in order, every event once, whoever applies it."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest

from shared.feeds.checkpoints import Connection
from shared.feeds.consumer import Consumer
from shared.feeds.follower import Follower
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent, Unit
from shared.log.log import Log
from shared.log.shards import assign_shard
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.conftest import Consume
from tests.feeds.given import LOG, SOON, Count, unit

PROGRAMMES = ("HR-JOS", "IJK-TOETS", "HG-COLLECTIEF")
EACH = 300
HEADS = {(LOG, shard): EACH for shard in (1, 2, 3)}


def of(programme: str, number: int) -> Unit:
    """The event of this number, of a programme."""
    [event] = unit(number).events
    return Unit((event._replace(columns=event.columns._replace(programme=programme)),))


async def spread(log: Log) -> None:
    """Three programmes push at once, in calls of ten."""
    for start in range(0, EACH, 10):
        calls = [
            log.append_units([of(programme, place * 1000 + start + n) for n in range(10)])
            for place, programme in enumerate(PROGRAMMES)
        ]
        await asyncio.gather(*calls)


@pytest.fixture
async def apart(log: Log, databases: Settings) -> AsyncIterator[Log]:
    """The log, in which every programme has a shard of its own."""
    async with await open_pool(databases, LOG, "owner", max_size=1) as pool, pool.acquire() as owner:
        for shard, programme in enumerate(PROGRAMMES, 1):
            await assign_shard(owner, programme, shard)
    yield log


class InOrder(Count):
    """Counts, and notes the numbers of each shard in the order in which they were committed to the same database."""

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        assert len({event.position.shard for event in events}) == 1
        await super().__call__(connection, log, events)


async def applied(pool: asyncpg.Pool) -> list[int]:
    """What was counted, as quantities: a thousand a programme."""
    return [int(row["minutes"]) for row in await pool.fetch("select minutes from app.counted order by minutes")]


EVERYTHING = [place * 1000 + n for place in range(3) for n in range(EACH)]


async def test_g10_three_consumers_of_one_name_share_three_shards(
    apart: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-10: each shard's checkpoint lets one of them apply at a time; together they count every event once."""
    consumers: list[Consumer] = [consume(InOrder(), batch=size) for size in (7, 11, 13)]
    for consumer in consumers:
        await consumer.start()
    await spread(apart)
    for consumer in consumers:
        assert await consumer.reached(HEADS, SOON)
    assert await applied(pool) == EVERYTHING


async def test_g10_a_consumer_that_goes_leaves_its_shards_to_the_others(
    apart: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-10: joins and leaves over three shards, while events come, lose and double nothing."""
    pushing = asyncio.create_task(spread(apart))
    for _ in range(10):
        comer = consume(InOrder(), batch=5)
        await comer.start()
        await comer.reached({(LOG, 2): 20}, 0.2)
        await comer.close()
    await pushing
    last = consume(InOrder())
    await last.catch_up()
    assert last.vector() == HEADS
    assert await applied(pool) == EVERYTHING


async def test_a_follower_is_ready_when_every_shard_was_read(apart: Log, databases: Settings) -> None:
    await spread(apart)
    seen: dict[int, list[int]] = {}

    def apply(_: str, events: Sequence[StoredEvent]) -> None:
        for event in events:
            seen.setdefault(event.position.shard, []).append(event.position.number)

    follower = Follower("copy", [PostgresFeed(LOG, databases)], apply, batch=50)
    await follower.start()
    await asyncio.wait_for(follower.ready.wait(), SOON)
    await follower.close()
    assert seen == {shard: list(range(1, EACH + 1)) for shard in (1, 2, 3)}
    assert follower.vector() == HEADS
