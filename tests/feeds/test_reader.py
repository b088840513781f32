"""What follows a log skips nothing, follows no other history, and says how far it is."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.feeds import checkpoints
from shared.feeds.checkpoints import Connection
from shared.feeds.consumer import Consumer
from shared.feeds.continuity import HoleInFeed, RebuildNeeded
from shared.feeds.health import Lag, State
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.log.writer import Writer
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.conftest import Consume
from tests.feeds.given import LOG, NEW_EPOCH, NOON, SOON, Count, Holey, counted, store, unit


class FullDisk(Count):
    """Finds no room until there is."""

    def __init__(self) -> None:
        super().__init__()
        self.room = False

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        if not self.room:
            raise asyncpg.DiskFullError("no room")
        await super().__call__(connection, log, events)


async def throw_away(pool: asyncpg.Pool) -> None:
    """What a rebuild does before it begins."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("truncate app.counted, app.totals")
        await checkpoints.forget(connection, "count")


async def test_a_log_of_another_epoch_stops_the_consumer_until_it_is_rebuilt(
    log: Log, pool: asyncpg.Pool, consume: Consume, superuser: asyncpg.Connection
) -> None:
    await store(log, 1, 50)
    consumer = consume(Count())
    await consumer.catch_up()
    await superuser.execute(NEW_EPOCH)
    await store(log, 51, 60)
    for _ in range(3):
        with pytest.raises(RebuildNeeded):
            await consumer.catch_up()
    assert consumer.state(LOG) is State.REBUILD_NEEDED
    assert await consumer.problem() == f"count: {LOG} REBUILD_NEEDED"
    assert await counted(pool) == list(range(1, 51))

    await consumer.start()
    await throw_away(pool)
    assert await consumer.reached({(LOG, 1): 60}, SOON)
    assert await counted(pool) == list(range(1, 61))


@pytest.mark.parametrize(
    "other",
    ["position = 60", "row_hash = sha256('other')"],
    ids=["a lost tail", "a tail that was written anew"],
)
async def test_k08_another_timeline_of_the_same_epoch_is_noticed_too(
    log: Log, pool: asyncpg.Pool, consume: Consume, other: str
) -> None:
    await store(log, 1, 50)
    await consume(Count()).catch_up()
    await pool.execute(f"update app.checkpoints set {other}")
    await store(log, 51, 55)
    with pytest.raises(RebuildNeeded):
        await consume(Count()).catch_up()
    assert await counted(pool) == list(range(1, 51))


async def test_a_rebuild_behind_its_back_is_noticed_by_a_running_consumer(
    log: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    await store(log, 1, 50)
    consumer = consume(Count())
    await consumer.start()
    assert await consumer.reached({(LOG, 1): 50}, SOON)
    await throw_away(pool)
    await store(log, 51, 51)
    assert await consumer.reached({(LOG, 1): 51}, SOON)
    assert await counted(pool) == list(range(1, 52))


async def test_g06_a_hole_in_the_feed_is_never_skipped(
    log: Log, pool: asyncpg.Pool, consume: Consume, feed: PostgresFeed
) -> None:
    """G-06: what is before the hole is applied, the rest when the hole has been filled."""
    await store(log, 1, 200)
    holey = Holey(feed, [60, 61, 130])
    consumer = consume(Count(), feed=holey)
    for _ in range(3):
        with pytest.raises(HoleInFeed) as refused:
            await consumer.catch_up()
        assert refused.value.missing.number == 60
    assert await counted(pool) == list(range(1, 60))
    assert consumer.state(LOG) is State.FAILING
    await consumer.start()
    holey.refill()
    assert await consumer.reached({(LOG, 1): 200}, SOON)
    assert await counted(pool) == list(range(1, 201))


async def test_the_lag_is_in_events_and_in_seconds(
    log: Log, pool: asyncpg.Pool, consume: Consume, clock: FrozenClock
) -> None:
    await store(log, 1, 250)
    clock.moment = NOON + timedelta(seconds=90)
    disk = FullDisk()
    consumer = consume(disk)
    with pytest.raises(asyncpg.DiskFullError):
        await consumer.catch_up()
    assert consumer.lag() == {(LOG, 1): Lag(250, 90.0)}
    disk.room = True
    await consumer.catch_up()
    assert consumer.lag() == {(LOG, 1): Lag(0, 0.0)}


async def test_reached_says_no_when_time_is_up_and_does_not_ask_of_other_logs(log: Log, consume: Consume) -> None:
    await store(log, 1, 10)
    consumer = consume(Count())
    await consumer.start()
    assert await consumer.reached({(LOG, 1): 10}, SOON)
    assert not await consumer.reached({(LOG, 1): 11}, 0.01)
    assert await consumer.reached({(LOG, 1): 10, ("contracts", 1): 99}, 0.01)


async def test_a_burst_takes_fewer_transactions_than_events(
    log: Log, databases: Settings, pool: asyncpg.Pool, clock: FrozenClock
) -> None:
    batches: list[int] = []

    async def note(_: Connection, __: str, events: Sequence[StoredEvent]) -> None:
        batches.append(len(events))

    consumer = Consumer("burst", [PostgresFeed(LOG, databases)], pool, note, clock, pause=0.5)
    await consumer.start()
    for number in range(1, 61):
        await log.append(unit(number))
    assert await consumer.reached({(LOG, 1): 60}, SOON)
    await consumer.close()
    assert sum(batches) == 60
    assert len(batches) < 20


async def test_a_lost_notify_only_costs_a_poll(
    databases: Settings, pool: asyncpg.Pool, consume: Consume, log: Log
) -> None:
    consumer = consume(Count())
    await consumer.start()
    async with await open_pool(databases, LOG) as app:
        writer = Writer(app, 1)
        await writer.write([unit(n) for n in range(1, 6)])  # without anyone who tells
        await writer.close()
    assert await consumer.reached({(LOG, 1): 5}, SOON)
    assert await counted(pool) == [1, 2, 3, 4, 5]
