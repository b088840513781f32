"""Three shards divided among consumers that come and go: every event once, whoever applies it."""

import asyncio
import random

import asyncpg
import pytest

from shared.feeds.consumer import Consumer
from shared.feeds.kafka.feed import KafkaFeed
from shared.log.log import Log
from tests.feeds.conftest import Consume
from tests.feeds.given import SOON
from tests.feeds.kafka.conftest import OpenFeed, StartRelay
from tests.feeds.kafka.given import until
from tests.feeds.spread import EACH, EVERYTHING, InOrder, applied, spread

SWAPS = 20
STEP = EACH // SWAPS


@pytest.mark.slow
async def test_g10_twenty_joins_and_leaves_over_three_shards_lose_and_double_nothing(
    apart: Log, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed, relay: StartRelay
) -> None:
    """G-10: while events come; sometimes the next goes before the group has settled. In the end each has one shard."""
    chance = random.Random(20)  # noqa: S311
    standing: list[tuple[Consumer, KafkaFeed]] = []

    async def join() -> None:
        feed = open_kafka("swaps")
        consumer = consume(InOrder(), feed=feed, batch=chance.randint(5, 40))
        standing.append((consumer, feed))
        await consumer.start()

    async def leave() -> None:
        consumer, _ = standing.pop(chance.randrange(len(standing)))
        await consumer.close()

    async def level(end: int) -> bool:
        rows = await pool.fetch("select shard, position from app.checkpoints where consumer = 'count'")
        return sorted(tuple(row) for row in rows) == [(shard, end) for shard in (1, 2, 3)]

    started = await relay()
    for _ in range(3):
        await join()
    for swap in range(1, SWAPS + 1):
        await asyncio.gather(leave(), join(), spread(apart, (swap - 1) * STEP, swap * STEP))
        if chance.random() < 0.3:
            await until(lambda end=swap * STEP: level(end), 2 * SOON)  # type: ignore[misc]
    await until(lambda: level(EACH), 2 * SOON)
    assert await applied(pool) == EVERYTHING
    await until(lambda: [started.published(shard) for shard in (1, 2, 3)] == [EACH] * 3)
    await until(lambda: sorted(list(feed._subscription.partitions()) for _, feed in standing) == [[0], [1], [2]], SOON)
