"""A reader of the topic believes what the log vouches for, skips nothing, and is not harmed by what else is there."""

import asyncio
from collections.abc import Iterable

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from prometheus_client import REGISTRY

from shared.clock import FrozenClock
from shared.feeds.consumer import Consumer
from shared.feeds.continuity import LostTimeline, Starved
from shared.feeds.follower import Follower
from shared.feeds.health import State
from shared.feeds.kafka import clients
from shared.feeds.kafka import feed as kafka_feed
from shared.feeds.kafka.record import encode
from shared.feeds.kafka.topics import ensure_topic, group_of, topic_of
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.settings import Settings
from tests.feeds.conftest import Consume
from tests.feeds.given import LOG, Count, counted, store
from tests.feeds.kafka.conftest import OpenFeed, StartRelay
from tests.feeds.kafka.given import refused, sender, until


def measured(name: str, reader: str, **labels: str) -> float:
    """What Prometheus would read."""
    return REGISTRY.get_sample_value(name, {"reader": reader, "log": LOG, **labels}) or 0.0


def secret(settings: Settings) -> bytes:
    """What relays sign with."""
    return settings.secret("feed.key").get_secret_value().encode()


async def events(settings: Settings, numbers: Iterable[int]) -> list[StoredEvent]:
    """These events in this order, from the log itself."""
    source = PostgresFeed(LOG, settings)
    kept = await source.read(1, 0, 10_000)
    await source.close()
    return [kept[number - 1] for number in numbers]


async def put(settings: Settings, found: list[StoredEvent]) -> None:
    """Put events into the topic as a relay does."""
    async with sender(settings) as send:
        for event in found:
            await send(*encode(LOG, event, secret(settings)))


async def test_g06_what_is_read_is_the_log_row_for_row(
    log: Log, by_kafka: Settings, relay: StartRelay, open_kafka: OpenFeed
) -> None:
    """G-06: from any position, however many at a time, as often as it is asked for."""
    await store(log, 1, 120)
    started = await relay()
    await until(lambda: started.published(1) == 120)
    feed = open_kafka()
    original = await events(by_kafka, list(range(1, 121)))
    for after, limit in [(0, 50), (0, 50), (50, 30), (60, 20), (80, 100), (119, 5), (3, 4), (120, 10)]:
        found: list[StoredEvent] = []
        while len(found) < min(limit, 120 - after):
            found += await feed.read(1, after + len(found), limit - len(found))
        assert found == original[after : after + limit]
    assert await feed.read(1, 120, 10) == ()
    assert (await feed.head(1), await feed.shards()) == (120, [1])


async def test_an_append_wakes_who_waits(log: Log, relay: StartRelay, open_kafka: OpenFeed) -> None:
    await relay()
    feed = open_kafka()
    await store(log, 1, 1)
    assert len(await feed.read(1, 0, 10)) == 1
    waiting = asyncio.create_task(feed.wait(60))
    await store(log, 2, 2)
    async with asyncio.timeout(20):
        await waiting
    assert [event.position.number for event in await feed.read(1, 1, 10)] == [2]


async def test_k04_k06_holes_are_filled_from_the_log_and_duplicates_are_ignored(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed
) -> None:
    """K-04, K-06: lost, doubled and out of order in the topic; dense and once for the reader."""
    await store(log, 1, 30)
    await ensure_topic(by_kafka, LOG, 1)
    await put(by_kafka, await events(by_kafka, [1, 2, 3, 5, 6, 9, 10]))
    await put(by_kafka, await events(by_kafka, [2, 3, 4, 5, 8, 20, 21, 11, 30]))
    consumer = consume(Count(), feed=open_kafka("k06"), batch=4)
    await consumer.catch_up()
    assert await counted(pool) == list(range(1, 31))
    assert measured("jos_kafka_refilled_total", "k06") == 30 - len({1, 2, 3, 5, 6, 9, 10, 20, 21, 30})
    assert measured("jos_kafka_duplicates_total", "k06") == 6
    assert await refused(pool) == []


async def test_what_strangers_put_into_the_topic_is_noted_and_nothing_is_lost(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed
) -> None:
    """K-01, K-02, K-03, K-12, K-13, K-16, K-21: each noted with place and reason; what it stood for is refilled."""
    await store(log, 1, 12)
    await ensure_topic(by_kafka, LOG, 1)
    found = await events(by_kafka, list(range(1, 13)))
    good = [encode(LOG, event, secret(by_kafka)) for event in found]
    forged = encode(LOG, found[4]._replace(payload='{"minutes":9999}'), secret(by_kafka))
    async with sender(by_kafka) as send:
        await send(*good[0])  # offset 0
        await send(b"k", None)
        await send(None, b"v")
        await send(b"k", b"not JSON")
        await send(good[1].key, b'{"minutes":1}', good[1].headers)
        await send(*good[2], timestamp_ms=4_102_444_800_000)  # offset 5
        await send(*encode(LOG, found[3], b"t" * 32))
        await send(*forged)
        await send(*encode("registry", found[5], secret(by_kafka)))
        await send(good[6].key, good[6].value, [*good[6].headers, ("pupil", b"x")])
        await send(*good[7], timestamp_ms=0)  # offset 10
        await send(*encode(LOG, found[8]._replace(epoch="elsewhere"), secret(by_kafka)))
        await send(*good[9])
        await send(good[11].key, good[11].value[:-30], good[11].headers)
    await consume(Count(), feed=open_kafka("strangers"), batch=5).catch_up()
    assert await counted(pool) == list(range(1, 13))
    totals = await pool.fetchval("select sum(minutes) from app.totals")
    assert totals == sum(range(1, 13))
    assert await refused(pool) == [
        (0, 1, 2, "malformed"),
        (0, 3, 3, "header"),
        (0, 4, 4, "malformed"),
        (0, 6, 7, "untrusted"),
        (0, 8, 8, "foreign"),
        (0, 9, 9, "header"),
        (0, 11, 11, "foreign"),
        (0, 13, 13, "malformed"),
    ]
    assert measured("jos_kafka_refused_total", "strangers", reason="untrusted") == 2


async def test_refused_records_are_noted_once_however_often_they_are_read(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed
) -> None:
    await store(log, 1, 3)
    await ensure_topic(by_kafka, LOG, 1)
    async with sender(by_kafka) as send:
        for _ in range(500):
            await send(b"k", b"v")
    await put(by_kafka, await events(by_kafka, [1, 2, 3]))
    for name in ("one", "two"):
        consumer = consume(Count(), feed=open_kafka("again"), name=name)
        await consumer.catch_up()
        await consumer.close()
    assert await refused(pool) == [(0, 0, 499, "header")]


async def test_a_chain_forged_with_the_right_key_is_not_believed(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed
) -> None:
    """A row whose hash does not follow from the row before it, however well signed."""
    await store(log, 1, 3)
    await ensure_topic(by_kafka, LOG, 1)
    first, second, third = await events(by_kafka, [1, 2, 3])
    await put(by_kafka, [first, second._replace(row_hash=bytes(32)), third])
    await consume(Count(), feed=open_kafka("chain")).catch_up()
    assert await counted(pool) == [1, 2, 3]
    assert await refused(pool) == [(0, 1, 1, "untrusted")]


async def test_k08_an_authentic_record_beyond_the_head_stops_the_reader(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed,
    superuser: asyncpg.Connection,
) -> None:  # fmt: skip
    """K-08: the log was set back without a new epoch; what it no longer has is not applied."""
    await store(log, 1, 6)
    await ensure_topic(by_kafka, LOG, 1)
    await put(by_kafka, await events(by_kafka, list(range(1, 7))))
    await superuser.execute("alter table log.events disable trigger all")
    await superuser.execute("delete from log.events where position > 4")
    consumer = consume(Count(), feed=open_kafka("k08"))
    with pytest.raises(LostTimeline):
        await consumer.catch_up()
    assert await counted(pool) == []
    assert measured("jos_kafka_timeline_lost", "k08") == 1


async def test_k07_a_hole_while_the_log_cannot_be_reached_stops_the_reader(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed
) -> None:
    """K-07: no skip; once the log is back, everything once."""
    await store(log, 1, 6)
    await ensure_topic(by_kafka, LOG, 1)
    await put(by_kafka, await events(by_kafka, [1, 2, 3, 6]))
    feed = open_kafka("k07")
    consumer = consume(Count(), feed=feed)
    settings, feed._source._settings = feed._source._settings, by_kafka.model_copy(update={"database_port": 1})
    with pytest.raises(OSError):
        await consumer.catch_up()
    assert await counted(pool) == []
    feed._source._settings = settings
    await consumer.catch_up()
    assert await counted(pool) == list(range(1, 7))


async def test_while_the_brokers_bring_nothing_a_consumer_is_behind_and_says_so(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed, relay: StartRelay
) -> None:
    await store(log, 1, 5)
    started = await relay()
    await until(lambda: started.published(1) == 5)
    consumer = consume(Count(), feed=open_kafka("behind"), name="behind")
    await consumer.start()
    assert await consumer.reached({(LOG, 1): 5}, 20)
    await until(lambda: consumer.state(LOG) is State.FOLLOWING)
    await started.close()
    await store(log, 6, 9)
    await until(lambda: consumer.state(LOG) is State.BEHIND)
    assert consumer.lag()[LOG, 1].events == 4
    assert await consumer.problem() is None
    await relay()
    assert await consumer.reached({(LOG, 1): 9}, 20)
    await until(lambda: consumer.state(LOG) is State.FOLLOWING)
    assert await counted(pool) == list(range(1, 10))


async def test_a_consumer_that_never_had_brokers_is_not_ready_and_shows_its_lag(
    log: Log, by_kafka: Settings, consume: Consume, pool: asyncpg.Pool, clock: FrozenClock
) -> None:
    await store(log, 1, 5)
    away = by_kafka.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"})
    feed = kafka_feed.KafkaFeed(LOG, away, clock, reader="away", pool=pool)
    consumer = consume(Count(), feed=feed)
    with pytest.raises(Starved):
        await consumer.catch_up()
    assert consumer.lag()[LOG, 1].events == 5
    assert await consumer.problem() is not None


async def test_a_copy_that_the_write_path_needs_is_filled_without_brokers(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, clock: FrozenClock
) -> None:
    """The broker is never in the write path, not even for a process that starts while it is away."""
    await store(log, 1, 5)
    away = by_kafka.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"})
    feed = kafka_feed.KafkaFeed(LOG, away, clock, reader="copy", pool=pool, group=False)
    seen: list[int] = []
    follower = Follower("copy", [feed], lambda _, came: seen.extend(event.position.number for event in came))
    await follower.start()
    async with asyncio.timeout(20):
        await follower.ready.wait()
    await store(log, 6, 7)
    assert await follower.reached({(LOG, 1): 7}, 20)
    await follower.close()
    assert seen == list(range(1, 8))


async def test_a_follower_reads_the_topic_while_there_is_one(
    log: Log, by_kafka: Settings, relay: StartRelay, open_kafka: OpenFeed
) -> None:
    await store(log, 1, 50)
    started = await relay()
    await until(lambda: started.published(1) == 50)
    feed = open_kafka("whole", group=False)
    found: list[StoredEvent] = []
    while len(found) < 50:
        found += await feed.read(1, len(found), 20)
    assert found == await events(by_kafka, list(range(1, 51)))
    assert feed._subscription.offset(0) == 51


@pytest.mark.parametrize("to", [0, 1_000_000])
async def test_offsets_of_the_group_that_an_operator_resets_do_no_harm(
    log: Log, by_kafka: Settings, pool: asyncpg.Pool, consume: Consume, open_kafka: OpenFeed, relay: StartRelay, to: int
) -> None:
    """Whatever the group has committed, before and while the consumer runs: it goes by its checkpoint."""

    async def reset() -> None:
        partition = TopicPartition(topic_of(by_kafka, LOG), 0)
        operator = AIOKafkaConsumer(**clients.consumer(by_kafka, group_of(by_kafka, "reset", LOG)))
        operator.assign([partition])
        await operator.start()
        [end] = (await operator.end_offsets([partition])).values()
        await operator.commit({partition: min(to, end)})
        await operator.stop()

    await store(log, 1, 10)
    started = await relay()
    await until(lambda: started.published(1) == 10)
    for last in (10, 15, 20):
        await reset()
        await store(log, await log_head(log) + 1, last)
        consumer = consume(Count(), feed=open_kafka("reset"))
        await consumer.start()
        assert await consumer.reached({(LOG, 1): last}, 20)
        await consumer.close()
    assert await counted(pool) == list(range(1, 21))


async def log_head(log: Log) -> int:
    """How far the log is."""
    return (await log.head()).position.number


class Dead(kafka_feed.KafkaFeed):
    """A client that is connected and brings nothing any more, as has been seen of many."""

    dead: object = None
    noticed = False

    async def _poll(self, timeout: float, shard: int | None = None) -> None:
        if self.dead is not None and self.dead is self._subscription._consumer:
            self.noticed = True
            await asyncio.sleep(min(timeout, 0.01))
            return
        await super()._poll(timeout, shard)


async def test_a_client_that_brings_nothing_although_there_is_more_is_made_anew(
    log: Log, consume: Consume, open_kafka: OpenFeed, relay: StartRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The progress watchdog."""
    monkeypatch.setattr(kafka_feed, "STUCK", 0.5)
    monkeypatch.setattr(kafka_feed, "PATIENCE", 0.1)
    await relay()
    await store(log, 1, 3)
    feed = open_kafka("stuck", kind=Dead)
    assert isinstance(feed, Dead)
    consumer: Consumer = consume(Count(), feed=feed)
    await consumer.start()
    assert await consumer.reached({(LOG, 1): 3}, 20)
    feed.dead = feed._subscription._consumer
    await until(lambda: feed.noticed)
    await store(log, 4, 6)
    assert await consumer.reached({(LOG, 1): 6}, 30)
    assert measured("jos_kafka_client_rebuilds_total", "stuck") == 1
