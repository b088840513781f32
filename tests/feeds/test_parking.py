"""Parked events are seen, applied again by one command, and never counted twice."""

import asyncio

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.feeds.continuity import RebuildNeeded
from shared.feeds.parking import Replayed, list_parked, replay
from shared.feeds.postgres import PostgresFeed
from shared.log.log import Log
from tests.feeds.conftest import Consume
from tests.feeds.given import LOG, NEW_EPOCH, Count, counted, store, unit


async def test_g12_a_parked_event_counts_once_when_it_is_replayed(
    log: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-12: one command, once, in the order of the log."""
    await store(log, 1, 100)
    count = Count([10, 60, 20])
    consumer = consume(count)
    await consumer.catch_up()
    count.poison.clear()
    count.offered.clear()
    assert await consumer.replay() == Replayed(applied=3, parked=0)
    assert count.offered == [10, 20, 60]
    assert await counted(pool) == list(range(1, 101))
    assert await list_parked(pool) == []
    assert await consumer.replay() == Replayed(applied=0, parked=0)


async def test_g12_what_fails_again_stays_parked_and_the_attempts_are_counted(
    log: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-12: never disappears."""
    await store(log, 1, 20)
    count = Count([5, 15])
    consumer = consume(count)
    await consumer.catch_up()
    [first, _] = await list_parked(pool, "count")
    count.poison = {5}
    assert await consumer.replay() == Replayed(applied=1, parked=1)
    [still] = await list_parked(pool)
    assert (still.position, still.attempts, still.parked_at) == (first.position, 2, first.parked_at)
    assert await counted(pool) == [n for n in range(1, 21) if n != 5]


async def test_two_replays_at_once_apply_once(log: Log, pool: asyncpg.Pool, consume: Consume) -> None:
    await store(log, 1, 40)
    count = Count(range(1, 31))
    first, second = consume(count), consume(count)
    await first.catch_up()
    count.poison.clear()
    await asyncio.gather(first.replay(), second.replay())
    assert await counted(pool) == list(range(1, 41))
    assert await list_parked(pool) == []


async def test_a_replay_while_the_consumer_runs_counts_once(log: Log, pool: asyncpg.Pool, consume: Consume) -> None:
    await store(log, 1, 50)
    count = Count([3, 4])
    consumer = consume(count, batch=5)
    await consumer.start()
    assert await consumer.reached({(LOG, 1): 50}, 20)
    count.poison.clear()
    answers = await asyncio.gather(consumer.replay(), store(log, 51, 300))
    assert answers[0] == Replayed(applied=2, parked=0)
    assert await consumer.reached({(LOG, 1): 300}, 20)
    assert await counted(pool) == list(range(1, 301))


async def test_each_consumer_has_its_own_parked_events(log: Log, pool: asyncpg.Pool, consume: Consume) -> None:
    await store(log, 1, 10)
    await consume(Count([1]), name="one").catch_up()
    await consume(Count([2]), name="other").catch_up()
    assert [one.position.number for one in await list_parked(pool, "one")] == [1]
    assert [one.position.number for one in await list_parked(pool, "other")] == [2]
    assert len(await list_parked(pool)) == 2


async def test_a_parked_event_names_what_it_concerns(log: Log, pool: asyncpg.Pool, consume: Consume) -> None:
    await store(log, 1, 3)
    await consume(Count([3])).catch_up()
    [parked] = await list_parked(pool)
    [event] = unit(3).events
    found = (parked.type, parked.programme, parked.school, parked.provider, parked.day)
    columns = event.columns
    assert found == (event.type, columns.programme, columns.school, columns.provider, columns.day)


async def test_nothing_is_replayed_from_a_restored_log(
    log: Log,
    pool: asyncpg.Pool,
    consume: Consume,
    superuser: asyncpg.Connection,
    feed: PostgresFeed,
    clock: FrozenClock,
) -> None:
    await store(log, 1, 3)
    await consume(Count([3])).catch_up()
    await superuser.execute(NEW_EPOCH)
    with pytest.raises(RebuildNeeded):
        await replay(pool, "count", [feed], Count(), clock)
    assert await counted(pool) == [1, 2]
