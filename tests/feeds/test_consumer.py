"""A consumer counts every event once, whatever happens to it."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.feeds import checkpoints
from shared.feeds.applying import PATIENCE
from shared.feeds.checkpoints import Connection
from shared.feeds.consumer import Consumer
from shared.feeds.continuity import HoleInFeed, RebuildNeeded
from shared.feeds.health import Lag, State
from shared.feeds.parking import list_parked
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.log.writer import Writer
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.conftest import Consume
from tests.feeds.cutting import answers_cut
from tests.feeds.given import LOG, NEW_EPOCH, NOON, Count, Holey, Twice, counted, store, totals, unit

SOON = 20.0
"""Seconds within which something happens that needs no more than a moment."""


class FullDisk(Count):
    """Finds no room until there is."""

    def __init__(self) -> None:
        super().__init__()
        self.room = False

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        if not self.room:
            raise asyncpg.DiskFullError("no room")
        await super().__call__(connection, log, events)


async def follow(consumer: Consumer, number: int) -> None:
    """Start, and wait until this position is applied."""
    await consumer.start()
    assert await consumer.reached({(LOG, 1): number}, SOON)


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


async def test_g12_an_event_that_cannot_be_applied_is_parked_and_what_is_behind_it_goes_on(
    log: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-12: never blocks, never disappears, never counts half."""
    await store(log, 1, 400)
    bad = {1, 2, 77, 100, 101, 399}
    await consume(Count([*bad]), batch=200).catch_up()
    assert sorted(await counted(pool)) == sorted({*range(1, 401)} - bad)
    parked = await list_parked(pool)
    assert [one.position.number for one in parked] == sorted(bad)
    assert {(one.school, one.programme) for one in parked if one.position.number == 77} == {("99HC00", "HR-JOS")}


async def test_g28_the_reason_of_a_parked_event_quotes_nothing_of_it(
    log: Log, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-28: the kind of error and its place in the code, not its message."""
    await store(log, 1, 3)
    await consume(Count([2])).catch_up()
    [parked] = await list_parked(pool)
    assert parked.reason.startswith("ValueError at given:")
    assert "pupil" not in parked.reason


async def test_g12_an_event_that_breaks_a_deferred_constraint_is_found_too(
    log: Log, owner: asyncpg.Pool, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-12: what would only speak at commit speaks while the event can still be found."""
    await owner.execute("""
        create function app.odd() returns trigger language plpgsql as
        $$ begin if new.minutes = 7 then raise 'seven' using errcode = '23514'; end if; return null; end $$;
        create constraint trigger odd after insert on app.counted deferrable initially deferred
        for each row execute function app.odd()""")
    await store(log, 1, 20)
    await consume(Count()).catch_up()
    assert [one.position.number for one in await list_parked(pool)] == [7]
    assert len(await counted(pool)) == 19


async def test_new_code_before_its_migration_waits_instead_of_parking(
    log: Log, owner: asyncpg.Pool, pool: asyncpg.Pool, consume: Consume
) -> None:
    await owner.execute("alter table app.totals rename to totals_later")
    await store(log, 1, 20)
    consumer = consume(Count())
    for _ in range(3):
        with pytest.raises(asyncpg.UndefinedTableError):
            await consumer.catch_up()
    await owner.execute("alter table app.totals_later rename to totals")
    await consumer.catch_up()
    assert await counted(pool) == list(range(1, 21))
    assert await list_parked(pool) == []


async def test_g12_what_keeps_failing_for_one_event_only_is_parked_in_the_end(
    log: Log, owner: asyncpg.Pool, pool: asyncpg.Pool, consume: Consume
) -> None:
    """G-12: a failure that might have passed, but did not."""

    class BadStatement(Count):
        async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
            await super().__call__(connection, log, events)
            if any(event.position.number == 5 for event in events):
                await connection.execute("select * from app.nowhere")

    await store(log, 1, 20)
    consumer = consume(BadStatement())
    for _ in range(PATIENCE):
        with pytest.raises(asyncpg.UndefinedTableError):
            await consumer.catch_up()
    await consumer.catch_up()
    assert [one.position.number for one in await list_parked(pool)] == [5]
    assert sorted(await counted(pool)) == [*range(1, 5), *range(6, 21)]


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
    await follow(consumer, 50)
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
    await follow(consumer, 10)
    assert not await consumer.reached({(LOG, 1): 11}, 0.01)
    assert await consumer.reached({(LOG, 1): 10, ("contracts", 1): 99}, 0.01)


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
