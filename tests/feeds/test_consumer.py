"""A consumer counts every event once, whatever happens to it."""

from collections.abc import Sequence

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.feeds import checkpoints
from shared.feeds.checkpoints import Connection
from shared.feeds.consumer import Consumer
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.conftest import Consume
from tests.feeds.cutting import answers_cut
from tests.feeds.given import LOG, SOON, Count, Twice, counted, store, totals


async def test_events_are_applied_in_order_and_the_checkpoint_moves_with_them(
    log: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    await store(log, 1, 250)
    count = Count()
    consumer = consume(count, batch=100)
    await consumer.catch_up()
    assert count.offered == list(range(1, 251))
    assert await counted(pool) == list(range(1, 251))
    assert consumer.vector() == {(LOG, 1): 250}
    assert await checkpoints.vector(pool, "count") == {(LOG, 1): 250}  # type: ignore[arg-type]


async def test_a_second_process_goes_on_where_the_first_stopped(log: Log, pool: asyncpg.Pool, consume: Consume) -> None:
    await store(log, 1, 150)
    await consume(Count()).catch_up()
    await store(log, 151, 200)
    later = Count()
    await consume(later).catch_up()
    assert later.offered == list(range(151, 201))
    assert await counted(pool) == list(range(1, 201))


async def test_g10_every_event_delivered_twice_counts_once(
    log: Log, pool: asyncpg.Pool, consume: Consume, feed: PostgresFeed
) -> None:
    """G-10: duplicates from the transport change nothing."""
    await store(log, 1, 350)
    await consume(Count(), feed=Twice(feed)).catch_up()
    assert await counted(pool) == list(range(1, 351))


@pytest.mark.parametrize("batch", [7, 100, 1000, 20_000])
async def test_g11_any_batch_size_gives_the_same_read_model(
    log: Log, pool: asyncpg.Pool, consume: Consume, batch: int
) -> None:
    """G-11: 10,000 events, counted in batches of any size, are the same rows."""
    await store(log, 1, 10_000)
    await consume(Count(), batch=batch).catch_up()
    by_hand: dict[str, list[int]] = {}
    for number in range(1, 10_001):
        by_hand.setdefault(f"99H{'ABC'[number % 3]}00", []).append(number)
    assert await totals(pool) == [(LOG, school, len(n), sum(n)) for school, n in sorted(by_hand.items())]
    assert await counted(pool) == list(range(1, 10_001))


async def test_g10_killed_between_the_rows_and_the_checkpoint_counts_once(
    log: Log, owner: asyncpg.Pool, pool: asyncpg.Pool, consume: Consume, superuser: asyncpg.Connection
) -> None:
    """G-10: rows without their checkpoint do not stay."""

    class KilledOnce(Count):
        killed = False

        async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
            await super().__call__(connection, log, events)
            if not self.killed and events[0].position.number > 100:
                self.killed = True
                await superuser.execute("select pg_terminate_backend($1, 5000)", connection.get_server_pid())

    await store(log, 1, 300)
    count = KilledOnce()
    consumer = consume(count)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await consumer.catch_up()
    assert count.killed
    assert await counted(pool) == list(range(1, 101))
    await consumer.catch_up()
    assert await counted(pool) == list(range(1, 301))


async def test_g10_a_commit_whose_answer_was_lost_counts_once(
    log: Log, databases: Settings, pool: asyncpg.Pool, clock: FrozenClock
) -> None:
    """G-10: the transaction holds, the consumer hears nothing of it, and finds out for itself."""
    await store(log, 1, 300)
    async with answers_cut(databases) as (elsewhere, cut), await open_pool(elsewhere, "kpi") as through:
        consumer = Consumer("count", [PostgresFeed(LOG, databases)], through, Count(), clock, 100)
        cut.at(b"COMMIT", times=2)
        for before in (100, 200):
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                await consumer.catch_up()
            assert await counted(pool) == list(range(1, before + 1))
        await consumer.catch_up()
        await consumer.close()
    assert await counted(pool) == list(range(1, 301))


async def test_g10_a_failing_checkpoint_takes_its_rows_with_it(
    log: Log, owner: asyncpg.Pool, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-10: the checkpoint is the last thing in the transaction of the rows, and fails with them."""
    await owner.execute("""
        create function app.fail() returns trigger language plpgsql as
        $$ begin raise 'no' using errcode = '53100'; end $$;
        create trigger fail after update on app.checkpoints for each statement execute function app.fail()""")
    await store(log, 1, 50)
    consumer = consume(Count())
    with pytest.raises(asyncpg.DiskFullError):
        await consumer.catch_up()
    assert await counted(pool) == []
    await owner.execute("drop trigger fail on app.checkpoints")
    await consumer.catch_up()
    assert await counted(pool) == list(range(1, 51))


async def test_g10_two_consumers_of_one_name_never_both_apply(log: Log, pool: asyncpg.Pool, consume: Consume) -> None:
    """G-10: two processes, one checkpoint; both work, each event counts once, in order."""
    first, second = consume(Count(), batch=13), consume(Count(), batch=17)
    await first.start()
    await second.start()
    await store(log, 1, 2000)
    assert await first.reached({(LOG, 1): 2000}, SOON)
    assert await second.reached({(LOG, 1): 2000}, SOON)
    assert await counted(pool) == list(range(1, 2001))


async def test_g16_a_consumer_survives_its_database_being_cut_off_again_and_again(
    log: Log, pool: asyncpg.Pool, consume: Consume, superuser: asyncpg.Connection
) -> None:
    """G-16: no operator is needed, nothing is counted twice."""

    async def cut() -> int:
        return int(
            await superuser.fetchval("""
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where usename in ('kpi_app', 'interventions_feed') and pid <> pg_backend_pid()""")
        )

    consumer = consume(Count(), batch=10)
    await consumer.start()
    for last in range(200, 1001, 200):
        await store(log, last - 199, last)
        assert await consumer.reached({(LOG, 1): last - 150}, SOON)
        assert await cut() > 0
    assert await consumer.reached({(LOG, 1): 1000}, SOON)
    assert await counted(pool) == list(range(1, 1001))
