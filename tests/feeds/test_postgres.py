"""The feed from PostgreSQL: dense, woken by NOTIFY, and back after every loss of its connection."""

import asyncio
from time import monotonic

import asyncpg
import pytest

from shared.feeds.postgres import PostgresFeed
from shared.log.log import Log
from shared.log.notify import CHANNEL
from shared.log.shards import assign_shard
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.given import LOG, NEW_EPOCH, PROVIDER, store, unit

LONG = 60.0
"""Seconds that nothing here takes unless it was not woken."""


async def test_g06_events_come_dense_and_in_order_from_any_position(log: Log, feed: PostgresFeed) -> None:
    """G-06: from whatever position, however many at a time."""
    await store(log, 1, 120)
    for after, limit, expected in [(0, 50, (1, 50)), (50, 50, (51, 100)), (100, 50, (101, 120)), (119, 1, (120, 120))]:
        events = await feed.read(1, after, limit)
        assert [event.position.number for event in events] == list(range(expected[0], expected[1] + 1))
    assert await feed.read(1, 120, 50) == []
    assert await feed.head(1) == 120


async def test_an_event_comes_out_as_it_went_in(log: Log, feed: PostgresFeed) -> None:
    await store(log, 1, 1)
    [event] = await feed.read(1, 0, 10)
    [given] = unit(1).events
    assert (event.key, event.payload, event.columns) == (given.key, given.payload, given.columns)
    assert (event.type, event.stream, event.stream_version) == (given.type, given.stream, 1)
    assert (event.time, event.recorded_at, event.content_hash) == (given.time, given.recorded_at, given.content_hash)
    assert event.epoch == await feed.epoch()
    assert event.key.organisation == PROVIDER


async def test_an_empty_log_has_one_shard_and_no_head(databases: Settings, feed: PostgresFeed) -> None:
    assert await feed.shards() == [1]
    assert await feed.head(1) == 0
    assert await feed.read(1, 0, 10) == []


async def test_every_shard_is_found(databases: Settings, log: Log, feed: PostgresFeed) -> None:
    async with await open_pool(databases, LOG, role="owner", max_size=1) as pool, pool.acquire() as owner:
        await assign_shard(owner, "HR-JOS", 3)
    await store(log, 1, 1)
    assert await feed.shards() == [1, 3]
    [event] = await feed.read(3, 0, 10)
    assert (event.position.shard, event.position.number) == (3, 1)


async def test_an_append_wakes_who_waits(log: Log, feed: PostgresFeed) -> None:
    await feed.read(1, 0, 10)
    started = monotonic()
    waiting = asyncio.create_task(feed.wait(LONG))
    await store(log, 1, 1)
    await waiting
    assert monotonic() - started < LONG / 2
    assert len(await feed.read(1, 0, 10)) == 1


async def test_what_was_told_while_nobody_waited_is_not_lost(feed: PostgresFeed, superuser: asyncpg.Connection) -> None:
    await feed.read(1, 0, 10)
    await superuser.execute(f"notify {CHANNEL}")
    await feed.head(1)
    started = monotonic()
    await feed.wait(LONG)
    assert monotonic() - started < LONG / 2


async def test_without_being_told_the_wait_ends_by_itself(feed: PostgresFeed) -> None:
    await feed.read(1, 0, 10)
    await feed.wait(0.01)
    assert await feed.read(1, 0, 10) == []


async def test_g16_a_killed_connection_wakes_who_waits_and_is_replaced(
    log: Log, feed: PostgresFeed, superuser: asyncpg.Connection
) -> None:
    """G-16: the listener goes on listening, on a new connection."""
    await feed.read(1, 0, 10)
    for round_ in range(1, 4):
        waiting = asyncio.create_task(feed.wait(LONG))
        started = monotonic()
        killed = await superuser.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = $1 and datname = "
            "current_database()",
            f"{LOG}_feed",
        )
        assert killed == 1
        await waiting
        assert len(await feed.read(1, 0, 10)) == round_ - 1
        waiting = asyncio.create_task(feed.wait(LONG))
        await store(log, round_, round_)
        await waiting
        assert len(await feed.read(1, 0, 10)) == round_
        assert monotonic() - started < LONG / 2


async def test_the_present_epoch_is_told(feed: PostgresFeed, superuser: asyncpg.Connection) -> None:
    first = await feed.epoch()
    await superuser.execute(NEW_EPOCH)
    assert await feed.epoch() == "restored" != first


async def test_several_at_once_take_turns_on_the_one_connection(log: Log, feed: PostgresFeed) -> None:
    await store(log, 1, 50)
    reads = await asyncio.gather(*(feed.read(1, after, 10) for after in range(0, 50, 10)))
    assert [events[0].position.number for events in reads] == [1, 11, 21, 31, 41]


async def test_it_can_only_look(feed: PostgresFeed, databases: Settings) -> None:
    await feed.head(1)
    async with await open_pool(databases, LOG, role="feed", min_size=1, max_size=1) as pool:
        for forbidden in ("select 1 from log.events", "select log.append(1::smallint, '{}', '{}')"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(forbidden)


async def test_a_closed_feed_opens_again_when_it_is_asked(log: Log, feed: PostgresFeed) -> None:
    await store(log, 1, 1)
    await feed.close()
    assert len(await feed.read(1, 0, 10)) == 1
