"""A check that has never failed proves nothing: every planted bug turns one red, the product none."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress

import asyncpg
import pytest

from shared.feeds import reader as readers
from shared.feeds.checkpoints import Connection
from shared.feeds.consumer import Consumer
from shared.feeds.continuity import HoleInFeed, Mark
from shared.feeds.kafka import relay as relays
from shared.feeds.kafka.bookmarks import Bookmarks
from shared.feeds.kafka.feed import KafkaFeed
from shared.feeds.kafka.publishing import Publisher
from shared.feeds.kafka.record import encode
from shared.feeds.kafka.relay import Relay
from shared.feeds.kafka.topics import ensure_topic
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.settings import Settings
from tests.faults.brokers import disordered
from tests.faults.planted import CheckpointApart
from tests.feeds.given import LOG, Count, counted, store
from tests.feeds.kafka import planted
from tests.feeds.kafka.conftest import OpenFeed, StartRelay
from tests.feeds.kafka.given import positions, sender, until

EVENTS = 20
BATCH = 5
LEASE = 3.0
"""Seconds: short, and long enough for a busy machine to say that it is there."""


class Killed(Count):
    """Counts, and is killed twice: after the rows were written, before they are committed."""

    kills = 2

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        await super().__call__(connection, log, events)
        if self.kills:
            self.kills -= 1
            connection.terminate()
            raise ConnectionError("killed between the rows and the commit")


async def put(settings: Settings, *numbers: int) -> None:
    """Put events of the log into the topic, as a relay does."""
    await ensure_topic(settings, LOG, 1)
    secret = settings.secret("feed.key").get_secret_value().encode()
    source = PostgresFeed(LOG, settings)
    async with sender(settings) as send:
        for number in numbers:
            event = await source.at(1, number)
            assert event is not None
            await send(*encode(LOG, event, secret))
    await source.close()


@pytest.fixture
async def filled(log: Log, by_kafka: Settings) -> Settings:
    """A log, and a topic with all of it."""
    await store(log, 1, EVENTS)
    await put(by_kafka, *range(1, EVENTS + 1))
    return by_kafka


async def through(catch_up: Callable[[], object], killed: Killed) -> None:
    """Read to the end, started again after each kill."""
    while killed.kills:
        with suppress(ConnectionError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await catch_up()  # type: ignore[misc]
    await catch_up()  # type: ignore[misc]


@pytest.mark.parametrize(("kind", "red"), [(Consumer, False), (CheckpointApart, True)])
async def test_g10_a_checkpoint_in_another_transaction_is_red(
    filled: Settings, pool: asyncpg.Pool, open_kafka: OpenFeed, clock: object, kind: type[Consumer], red: bool
) -> None:
    """G-10: what was to be counted when it was killed is counted by the next, or by nobody."""
    killed = Killed()

    async def catch_up() -> None:
        consumer = kind("count", [open_kafka()], pool, killed, clock, batch=BATCH)  # type: ignore[arg-type]
        try:
            await consumer.catch_up()
        finally:
            await consumer.close()

    await through(catch_up, killed)
    assert (await counted(pool) != [*range(1, EVENTS + 1)]) is red


async def test_g10_the_offsets_of_the_group_as_checkpoint_are_red(filled: Settings, pool: asyncpg.Pool) -> None:
    """G-10: with the client's own commits, which know nothing of rows."""
    killed = Killed()
    await through(planted.AutoCommit(filled, pool, killed, BATCH).catch_up, killed)
    found = await counted(pool)
    assert found, "nothing was counted: the run proves nothing"
    assert found != [*range(1, EVENTS + 1)]


@pytest.mark.parametrize(("kind", "red"), [(Consumer, False), (planted.Unlocked, True)])
async def test_g10_a_consumer_that_slept_and_asks_nobody_is_red(
    filled: Settings, pool: asyncpg.Pool, open_kafka: OpenFeed, clock: object, kind: type[Consumer], red: bool
) -> None:
    """G-10: it sleeps between its reading and its rows; another takes over, and it wakes."""
    holds, awake = asyncio.Event(), asyncio.Event()

    class Sleeping(kind):  # type: ignore[valid-type,misc]
        async def _take(self, mark: Mark, events: Sequence[StoredEvent]) -> bool:
            holds.set()
            await awake.wait()
            return bool(await super()._take(mark, events))

    first = Sleeping("count", [open_kafka("first", group=False)], pool, Count(), clock)
    second = kind("count", [open_kafka("second", group=False)], pool, Count(), clock)  # type: ignore[arg-type]
    sleeping = asyncio.create_task(first.catch_up())
    async with asyncio.timeout(20):
        await holds.wait()
    await second.catch_up()
    awake.set()
    await sleeping
    assert (await counted(pool) != [*range(1, EVENTS + 1)]) is red
    for consumer in (first, second):
        await consumer.close()


@pytest.mark.parametrize(("kind", "red"), [(Relay, False), (planted.BookmarkFirst, True)])
async def test_g09_a_bookmark_before_the_acknowledgement_is_red(
    log: Log, by_kafka: Settings, relay: StartRelay, monkeypatch: pytest.MonkeyPatch, kind: type[Relay], red: bool
) -> None:
    """G-09: the relay is killed before it sends; the next one sends it, or nobody."""
    await store(log, 1, EVENTS)
    dies = asyncio.Event()
    monkeypatch.setattr(relays, "Publisher", planted.dying(dies))
    killed = await relay(kind=kind)
    async with asyncio.timeout(20):
        await dies.wait()
    await killed.close()
    monkeypatch.setattr(relays, "Publisher", Publisher)
    await store(log, EVENTS + 1, EVENTS + 5)
    second = await relay()
    await until(lambda: second.published(1) == EVENTS + 5)
    assert bool(await disordered(by_kafka, EVENTS + 5)) is red


class Sleeper(Relay):
    """Stands still while it is not awake, and knows nothing of it, as a process that was stopped."""

    awake: asyncio.Event

    async def _round(self, publisher: Publisher) -> None:
        await self.awake.wait()
        await super()._round(publisher)


@pytest.mark.parametrize(("kind", "red"), [(Bookmarks, False), (planted.Unfenced, True)])
async def test_g09_two_relays_without_a_fence_are_red(
    log: Log, by_kafka: Settings, relay: StartRelay, monkeypatch: pytest.MonkeyPatch, kind: type[Bookmarks], red: bool
) -> None:
    """G-09: one wakes after another took over; from its first bookmark on, one of them publishes, or both do."""
    monkeypatch.setattr(relays, "RENEW_EVERY", 0.3)
    Sleeper.awake = awake = asyncio.Event()
    awake.set()
    await store(log, 1, 10)
    first = await relay(holder="first", lease=LEASE, kind=Sleeper, remembering=kind)
    await until(lambda: first.published(1) == 10)
    awake.clear()
    second = await relay(holder="second", lease=LEASE, remembering=kind)
    await store(log, 11, 20)
    await until(lambda: second.published(1) == 20)
    awake.set()
    await until(lambda: first.published(1) != 10)
    await store(log, 21, 25)
    await until(lambda: second.published(1) == 25)
    await until(lambda: first.published(1) == (25 if red else 0))
    found = await positions(by_kafka)
    assert [found.count(number) for number in range(21, 26)] == [2 if red else 1] * 5


@pytest.mark.parametrize(
    ("kind", "dense", "expected"),
    [
        (KafkaFeed, True, [1, 2, 3, 4, 5, 6, 7]),
        (planted.HoleIgnored, True, [1, 2, 3]),
        (planted.HoleIgnored, False, [1, 2, 3, 6, 7]),
    ],
)
async def test_g10_a_hole_ignored_is_red(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, open_kafka: OpenFeed, clock: object,
    monkeypatch: pytest.MonkeyPatch, kind: type[KafkaFeed], dense: bool, expected: list[int],
) -> None:  # fmt: skip
    """G-06, G-10: the feed fills it; where it does not its reader stops; only where both look away it is lost."""
    await store(log, 1, 7)
    await put(by_kafka, 1, 2, 3, 6, 7)
    if not dense:
        monkeypatch.setattr(readers, "dense", planted.not_dense)
    consumer = Consumer("count", [open_kafka(kind=kind)], pool, Count(), clock)  # type: ignore[arg-type]
    stopped = kind is planted.HoleIgnored and dense
    with pytest.raises(HoleInFeed) if stopped else nullcontext():
        await consumer.catch_up()
    await consumer.close()
    assert await counted(pool) == expected
