"""One event that cannot be applied does not stop, undo or hide any other."""

from collections.abc import Sequence

import asyncpg
import pytest

from shared.feeds.applying import PATIENCE
from shared.feeds.checkpoints import Connection
from shared.feeds.parking import list_parked
from shared.log.events import StoredEvent
from shared.log.log import Log
from tests.feeds.conftest import Consume
from tests.feeds.given import Count, counted, store


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
