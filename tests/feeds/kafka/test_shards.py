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


class Group:
    """Consumers of one name, each with a client of its own."""

    def __init__(self, consume: Consume, open_kafka: OpenFeed) -> None:
        self.members: list[tuple[Consumer, KafkaFeed]] = []
        self.chance = random.Random(20)  # noqa: S311
        self._consume = consume
        self._open_kafka = open_kafka

    async def join(self) -> None:
        """One more begins."""
        feed = self._open_kafka("swaps")
        consumer = self._consume(InOrder(), feed=feed, batch=self.chance.randint(5, 40))
        self.members.append((consumer, feed))
        await consumer.start()

    async def leave(self) -> None:
        """One of them goes."""
        consumer, _ = self.members.pop(self.chance.randrange(len(self.members)))
        await consumer.close()

    def each_has_one(self) -> bool:
        """Whether the three shards are divided among three."""
        return sorted(list(feed._subscription.partitions()) for _, feed in self.members) == [[0], [1], [2]]


@pytest.fixture
async def group(consume: Consume, open_kafka: OpenFeed) -> Group:
    """Three consumers."""
    made = Group(consume, open_kafka)
    for _ in range(3):
        await made.join()
    return made


@pytest.mark.slow
async def test_g10_twenty_joins_and_leaves_over_three_shards_lose_and_double_nothing(
    apart: Log, pool: asyncpg.Pool, relay: StartRelay, group: Group
) -> None:
    """G-10: while events come; sometimes the next goes before the group has settled. In the end each has one shard."""

    async def level(end: int) -> bool:
        rows = await pool.fetch("select shard, position from app.checkpoints where consumer = 'count'")
        return sorted(tuple(row) for row in rows) == [(shard, end) for shard in (1, 2, 3)]

    started = await relay()
    for swap in range(1, SWAPS + 1):
        await asyncio.gather(group.leave(), group.join(), spread(apart, (swap - 1) * STEP, swap * STEP))
        if group.chance.random() < 0.3:
            await until(lambda end=swap * STEP: level(end), 2 * SOON)  # type: ignore[misc]
    await until(lambda: level(EACH), 2 * SOON)
    assert await applied(pool) == EVERYTHING
    await until(lambda: [started.published(shard) for shard in (1, 2, 3)] == [EACH] * 3)
    await until(group.each_has_one, SOON)
