"""A follower keeps a copy in memory, and says when it is complete."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack

import asyncpg
import pytest

from shared.feeds.continuity import RebuildNeeded
from shared.feeds.feed import Feed
from shared.feeds.follower import Follower
from shared.feeds.health import State
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.settings import Settings
from tests.feeds.given import LOG, NEW_EPOCH, SOON, Holey, Twice, store, unit


class Copy:
    """Remembers events by their number: handed over twice, they are there once."""

    def __init__(self) -> None:
        self.events: dict[int, StoredEvent] = {}
        self.poison: set[int] = set()
        self.changes = 0

    def apply(self, log: str, events: Sequence[StoredEvent]) -> None:
        for event in events:
            if event.position.number in self.poison:
                raise KeyError(event.payload)
            self.events[event.position.number] = event

    def changed(self) -> None:
        self.changes += 1

    def reset(self) -> None:
        self.events.clear()

    @property
    def numbers(self) -> list[int]:
        return [*self.events]


Follow = Callable[..., Follower]


@pytest.fixture
def copy() -> Copy:
    """An empty copy."""
    return Copy()


@pytest.fixture
async def follow(databases: Settings, copy: Copy) -> AsyncIterator[Follow]:
    """`follow(...)` gives a follower of the log into the copy."""
    async with AsyncExitStack() as stack:

        def make(*, feeds: Sequence[Feed] = (), reset: bool = False, batch: int = 100) -> Follower:
            made = Follower(
                "copy",
                feeds or [PostgresFeed(LOG, databases)],
                copy.apply,
                on_change=copy.changed,
                reset=copy.reset if reset else None,
                batch=batch,
                poll=0.05,
            )
            stack.push_async_callback(made.close)
            return made

        yield make


async def test_it_is_ready_after_the_first_catch_up_and_not_before(log: Log, copy: Copy, follow: Follow) -> None:
    await store(log, 1, 250)
    follower = follow()
    assert not follower.ready.is_set()
    assert await follower.problem() == f"copy: {LOG} CATCHING_UP"
    await follower.start()
    async with asyncio.timeout(SOON):
        await follower.ready.wait()
    assert copy.numbers == list(range(1, 251))
    assert await follower.problem() is None
    assert copy.changes == 1


async def test_with_two_logs_it_is_ready_when_both_were_read(
    log: Log, databases: Settings, copy: Copy, follow: Follow
) -> None:
    await store(log, 1, 10)
    holey = Holey(PostgresFeed(LOG, databases), [5])
    follower = follow(feeds=[PostgresFeed("registry", databases), holey])
    await follower.start()
    assert await follower.reached({(LOG, 1): 4}, SOON)
    assert not follower.ready.is_set()
    holey.refill()
    async with asyncio.timeout(SOON):
        await follower.ready.wait()
    assert follower.vector() == {(LOG, 1): 10, ("registry", 1): 0}


async def test_an_empty_log_is_complete(databases: Settings, follow: Follow) -> None:
    follower = follow()
    await follower.catch_up()
    assert follower.ready.is_set()
    assert follower.vector() == {(LOG, 1): 0}


async def test_g13_what_was_just_written_can_be_waited_for(log: Log, copy: Copy, follow: Follow) -> None:
    """G-13: reads after own writes."""
    follower = follow()
    await follower.start()
    for number in range(1, 21):
        [answer] = await log.append(unit(number))
        assert answer.position is not None
        assert await follower.reached({(LOG, 1): answer.position.number}, SOON)
        assert number in copy.events


async def test_g10_events_delivered_twice_change_nothing(
    log: Log, copy: Copy, follow: Follow, feed: PostgresFeed
) -> None:
    """G-10: the copy is the same."""
    await store(log, 1, 250)
    await follow(feeds=[Twice(feed)]).catch_up()
    assert copy.numbers == list(range(1, 251))


async def test_g12_an_event_that_it_cannot_digest_is_left_out_and_what_is_behind_it_goes_on(
    log: Log, copy: Copy, follow: Follow
) -> None:
    """G-12: in memory too."""
    await store(log, 1, 250)
    copy.poison = {7, 150}
    follower = follow()
    await follower.catch_up()
    assert sorted(copy.numbers) == [n for n in range(1, 251) if n not in copy.poison]
    assert [one.event.position.number for one in follower.left_out] == [7, 150]
    assert follower.left_out[0].reason.startswith("KeyError at test_follower:")
    assert "minutes" not in follower.left_out[0].reason
    assert follower.ready.is_set()


async def test_every_change_after_the_first_catch_up_is_told(log: Log, copy: Copy, follow: Follow) -> None:
    follower = follow()
    await follower.catch_up()
    before = copy.changes
    await store(log, 1, 1)
    await follower.catch_up()
    assert copy.changes == before + 1
    await follower.catch_up()
    assert copy.changes == before + 1


async def test_a_restored_log_is_copied_anew(
    log: Log, copy: Copy, follow: Follow, superuser: asyncpg.Connection
) -> None:
    await store(log, 1, 20)
    follower = follow(reset=True)
    await follower.catch_up()
    await superuser.execute(NEW_EPOCH)
    await store(log, 21, 25)
    with pytest.raises(RebuildNeeded):
        await follower.catch_up()
    assert not follower.ready.is_set()
    assert copy.numbers == []
    await follower.catch_up()
    assert copy.numbers == list(range(1, 26))
    assert {event.epoch for event in copy.events.values()} == {"restored"}
    assert follower.ready.is_set()


async def test_a_restored_log_without_a_way_to_empty_the_copy_is_not_ready_any_more(
    log: Log, copy: Copy, follow: Follow, superuser: asyncpg.Connection
) -> None:
    await store(log, 1, 20)
    follower = follow()
    await follower.catch_up()
    await superuser.execute(NEW_EPOCH)
    await store(log, 21, 25)
    for _ in range(2):
        with pytest.raises(RebuildNeeded):
            await follower.catch_up()
    assert follower.state(LOG) is State.REBUILD_NEEDED
    assert not follower.ready.is_set()
    assert copy.numbers == list(range(1, 21))
