"""Consumers over a log of several shards: each shard in order, every event once, whoever applies it."""

import asyncio
from collections.abc import Sequence

import asyncpg

from shared.feeds.consumer import Consumer
from shared.feeds.follower import Follower
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.settings import Settings
from tests.feeds.conftest import Consume
from tests.feeds.given import LOG, SOON
from tests.feeds.spread import EACH, EVERYTHING, HEADS, InOrder, applied, spread


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
