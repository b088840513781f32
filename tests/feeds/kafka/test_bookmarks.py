"""A bookmark moves by whoever holds it and by nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from shared.feeds.kafka.bookmarks import Bookmark, Bookmarks, Fenced
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.given import LOG

NEVER = timedelta(hours=1)
AT_ONCE = timedelta(0)


@pytest.fixture
async def service(databases: Settings) -> AsyncIterator[asyncpg.Pool]:
    """The log's database, as its service sees it."""
    async with await open_pool(databases, LOG) as opened:
        yield opened


def moved(held: Bookmark, position: int) -> Bookmark:
    """The bookmark further on."""
    return held.after(position, bytes(32), position + 1)


async def test_a_shard_has_one_holder_until_it_lets_go(service: asyncpg.Pool) -> None:
    one, other = Bookmarks(service, "one", NEVER), Bookmarks(service, "other", NEVER)
    held = await one.take(1)
    assert held is not None
    assert await other.take(1) is None
    assert await one.take(1) is None
    await one.release(held)
    taken = await other.take(1)
    assert taken is not None
    assert taken.token == held.token + 1


async def test_what_was_saved_is_what_the_next_holder_goes_on_from(service: asyncpg.Pool) -> None:
    one = Bookmarks(service, "one", NEVER)
    held = await one.take(1)
    assert held is not None
    await one.save(moved(held, 7))
    await one.release(held)
    taken = await Bookmarks(service, "other", NEVER).take(1)
    assert taken is not None
    assert (taken.position, taken.row_hash, taken.next_offset) == (7, bytes(32), 8)


async def test_who_was_overtaken_saves_and_renews_nothing(service: asyncpg.Pool) -> None:
    """The zombie: stopped for longer than its lease, and woken."""
    zombie, other = Bookmarks(service, "zombie", AT_ONCE), Bookmarks(service, "other", AT_ONCE)
    held = await zombie.take(1)
    taken = await other.take(1)
    assert held is not None
    assert taken is not None
    await other.save(moved(taken, 9))
    with pytest.raises(Fenced):
        await zombie.save(moved(held, 5))
    with pytest.raises(Fenced):
        await zombie.renew(held)
    await zombie.release(held)
    assert await service.fetchval("select position from kafka.bookmarks") == 9
    await other.renew(taken)


async def test_who_says_that_it_is_there_keeps_the_shard(service: asyncpg.Pool) -> None:
    one = Bookmarks(service, "one", NEVER)
    held = await one.take(1)
    assert held is not None
    await service.execute("update kafka.bookmarks set renewed_at = now() - interval '59 minutes'")
    await one.renew(held)
    await service.execute("update kafka.bookmarks set renewed_at = renewed_at - interval '59 minutes'")
    assert await Bookmarks(service, "other", NEVER).take(1) is None
    await service.execute("update kafka.bookmarks set renewed_at = renewed_at - interval '2 minutes'")
    assert await Bookmarks(service, "other", NEVER).take(1) is not None


async def test_every_shard_has_a_holder_of_its_own(service: asyncpg.Pool) -> None:
    one, other = Bookmarks(service, "one", NEVER), Bookmarks(service, "other", NEVER)
    assert await one.take(1) is not None
    assert await other.take(2) is not None
    assert await one.take(2) is None
