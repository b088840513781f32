"""The relay publishes every event in order, from where the brokers have it, and trusts no acknowledgement."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.structs import TopicPartition
from prometheus_client import REGISTRY

from shared.clock import SystemClock
from shared.feeds.kafka import clients, publishing
from shared.feeds.kafka.bookmarks import Bookmark, Bookmarks
from shared.feeds.kafka.publishing import Publisher
from shared.feeds.kafka.relay import Relay
from shared.feeds.kafka.topics import configuration, ensure_topic, topic_of
from shared.feeds.postgres import PostgresFeed
from shared.log.log import Log
from shared.log.row_hash import genesis
from shared.settings import Settings
from tests.faults.brokers import delete_topic
from tests.feeds.given import LOG, NEW_EPOCH, store
from tests.feeds.kafka.conftest import StartRelay
from tests.feeds.kafka.given import header, positions, records, sender, until


def measured(name: str, **labels: str) -> float:
    """What Prometheus would read."""
    return REGISTRY.get_sample_value(name, {"log": LOG, **labels}) or 0.0


async def forget(settings: Settings, before: int) -> None:
    """What retention does: throw away the records before an offset (-1: all)."""
    admin = AIOKafkaAdminClient(**clients.admin(settings))
    await admin.start()
    await admin.delete_records({TopicPartition(topic_of(settings, LOG), 0): RecordsToDelete(before)})
    await admin.close()


async def test_g09_every_event_stands_in_the_topic_in_order_behind_a_genesis_record(
    log: Log, by_kafka: Settings, relay: StartRelay, superuser: asyncpg.Connection
) -> None:
    """G-09: what was there before, and what comes later."""
    await store(log, 1, 1200)
    started = await relay()
    await until(lambda: started.published(1) == 1200)
    await store(log, 1201, 1203)
    await until(lambda: started.published(1) == 1203)
    found = await records(by_kafka)
    assert [int(header(one, "ce_position")) for one in found] == list(range(1204))
    log_id = await superuser.fetchval("select log_id from log.epoch")
    assert header(found[0], "ce_rowhash") == genesis(log_id, 1).hex()
    assert measured("jos_relay_lag_events", shard="1") == 0
    assert measured("jos_relay_continuity", shard="1") == 1


async def test_the_topic_has_the_settings_that_are_stated(log: Log, by_kafka: Settings, relay: StartRelay) -> None:
    await relay()
    await until(lambda: _has_settings(by_kafka))


async def test_settings_that_somebody_changed_are_put_back(by_kafka: Settings) -> None:
    await ensure_topic(by_kafka, LOG, 1)
    admin = AIOKafkaAdminClient(**clients.admin(by_kafka))
    await admin.start()
    changed = ConfigResource(ConfigResourceType.TOPIC, topic_of(by_kafka, LOG), {"retention.ms": "1"})
    await admin.alter_configs([changed])
    await admin.close()
    assert not await _has_settings(by_kafka)
    await ensure_topic(by_kafka, LOG, 3)
    assert await _has_settings(by_kafka)
    assert await records(by_kafka, shard=3) == []


async def _has_settings(settings: Settings) -> bool:
    admin = AIOKafkaAdminClient(**clients.admin(settings))
    await admin.start()
    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic_of(settings, LOG))])
    await admin.close()
    [(code, _, _, _, entries)] = answer.resources
    found = {entry[0]: entry[1] for entry in entries}
    return code == 0 and all(found[name] == value for name, value in configuration(settings).items())


async def test_a_relay_goes_on_where_the_last_one_stopped(log: Log, by_kafka: Settings, relay: StartRelay) -> None:
    await store(log, 1, 10)
    first = await relay()
    await until(lambda: first.published(1) == 10)
    await first.close()
    await store(log, 11, 20)
    second = await relay()
    await until(lambda: second.published(1) == 20)
    assert await positions(by_kafka) == list(range(21))


async def test_of_two_relays_one_publishes_and_the_other_takes_over(
    log: Log, by_kafka: Settings, relay: StartRelay
) -> None:
    await store(log, 1, 10)
    first = await relay(holder="first", lease=4.0)
    await until(lambda: first.published(1) == 10)
    second = await relay(holder="second", lease=4.0)
    await store(log, 11, 15)
    await until(lambda: first.published(1) == 15)
    assert second.published(1) == 0
    await first.close()
    await store(log, 16, 20)
    await until(lambda: second.published(1) == 20)
    assert await positions(by_kafka) == list(range(21))


class Forgetful(Bookmarks):
    """Stops between what the brokers acknowledged and the bookmark, as a process does that is killed there."""

    async def save(self, reached: Bookmark) -> None:
        if reached.position > 0:
            await asyncio.Event().wait()
        await super().save(reached)


async def test_what_was_acknowledged_and_not_remembered_comes_twice_and_nothing_is_lost(
    log: Log, by_kafka: Settings, relay: StartRelay, writer: asyncpg.Pool
) -> None:
    await store(log, 1, 10)
    killed = await relay(remembering=Forgetful)
    await until(lambda: _holds(by_kafka, 11))
    assert await writer.fetchval("select position from kafka.bookmarks") == 0
    await killed.close()
    second = await relay()
    await until(lambda: second.published(1) == 10)
    assert await positions(by_kafka) == [0, *range(1, 11), *range(1, 11)]


async def _holds(settings: Settings, count: int) -> bool:
    return len(await records(settings)) >= count


@pytest.mark.parametrize("before", [-1, 4])
async def test_g09_what_the_brokers_forgot_is_published_again(
    log: Log, by_kafka: Settings, relay: StartRelay, before: int
) -> None:
    """G-09: emptied, or its beginning cut off; noticed by the proof, with nothing new to publish."""
    await store(log, 1, 10)
    started = await relay(every=0.2)
    await until(lambda: started.published(1) == 10)
    await forget(by_kafka, before)
    await until(lambda: _ends_with(by_kafka, list(range(11))))
    assert measured("jos_relay_replays_total", reason="emptied") > 0
    before_more = measured("jos_relay_replays_total", reason="emptied")
    await store(log, 11, 12)
    await until(lambda: started.published(1) == 12)
    assert (await positions(by_kafka))[-13:] == list(range(13))
    assert measured("jos_relay_replays_total", reason="emptied") == before_more


async def _ends_with(settings: Settings, expected: list[int]) -> bool:
    return (await positions(settings))[-len(expected) :] == expected


async def test_a_deleted_topic_is_made_again_and_filled(log: Log, by_kafka: Settings, relay: StartRelay) -> None:
    await store(log, 1, 10)
    started = await relay(every=0.2)
    await until(lambda: started.published(1) == 10)
    await delete_topic(by_kafka)
    await store(log, 11, 12)
    await until(lambda: started.published(1) == 12, 40)
    await until(lambda: _ends_with(by_kafka, list(range(13))))


async def test_a_topic_that_is_gone_is_not_asked_for_without_a_pause(
    log: Log, by_kafka: Settings, relay: StartRelay, writer: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service that answers callers has better things to do."""
    monkeypatch.setattr(publishing, "ACKNOWLEDGED", 1.5)
    await store(log, 1, 3)
    started = await relay()
    await until(lambda: started.published(1) == 3)
    held = started._held[1]
    await started.close()
    source, secret = PostgresFeed(LOG, by_kafka), by_kafka.secret("feed.key").get_secret_value().encode()
    events = await source.read(1, 0, 3)
    await source.close()
    asked = 0
    async with Publisher(LOG, by_kafka, secret) as publisher:
        await publisher.publish(held, events)
        await delete_topic(by_kafka)
        update = publisher._producer.client._metadata_update

        async def counting(*given: object) -> bool:
            nonlocal asked
            asked += 1
            return bool(await update(*given))

        publisher._producer.client._metadata_update = counting
        with pytest.raises(TimeoutError):
            await publisher.publish(held, events)
    assert 0 < asked < 50


async def test_a_restored_log_is_published_from_its_beginning_under_its_new_epoch(
    log: Log, by_kafka: Settings, relay: StartRelay, superuser: asyncpg.Connection
) -> None:
    await store(log, 1, 5)
    started = await relay(every=0.2)
    await until(lambda: started.published(1) == 5)
    await superuser.execute(NEW_EPOCH)
    await until(lambda: _ends_with(by_kafka, [*range(6), *range(6)]))
    found = await records(by_kafka)
    assert {header(one, "ce_epoch") for one in found[6:]} == {"restored"}


async def test_k08_a_topic_that_knows_more_than_the_log_stops_the_relay(
    log: Log, by_kafka: Settings, relay: StartRelay, superuser: asyncpg.Connection
) -> None:
    """K-08: the log was set back without a new epoch. Publishing other events at those positions would hide it."""
    await store(log, 1, 10)
    started = await relay()
    await until(lambda: started.published(1) == 10)
    await started.close()
    await superuser.execute("alter table log.events disable trigger all")
    await superuser.execute("delete from log.events where position > 6")
    await superuser.execute("update kafka.bookmarks set position = 6, next_offset = 7, "
                            "row_hash = (select row_hash from log.events where position = 6)")  # fmt: skip
    await store(log, 11, 12)
    again = await relay(every=0.1)
    await until(lambda: bool(again._held) and measured("jos_relay_continuity", shard="1") == 0)
    assert again.published(1) == 6
    assert await positions(by_kafka) == list(range(11))


async def test_nothing_is_published_into_the_topic_of_another_log(
    log: Log, by_kafka: Settings, relay: StartRelay, superuser: asyncpg.Connection
) -> None:
    await store(log, 1, 3)
    started = await relay()
    await until(lambda: started.published(1) == 3)
    await started.close()
    await superuser.execute("delete from kafka.bookmarks")
    await superuser.execute("alter table log.epochs disable trigger all")
    await superuser.execute("update log.epochs set log_id = gen_random_uuid()")
    other = await relay()
    await until(lambda: bool(other._held) and measured("jos_relay_continuity", shard="1") == 0)
    assert other.published(1) == 0
    assert await positions(by_kafka) == list(range(4))


async def test_what_strangers_put_into_the_topic_does_not_make_the_relay_start_over(
    log: Log, by_kafka: Settings, relay: StartRelay
) -> None:
    await store(log, 1, 3)
    started = await relay(every=0.1)
    await until(lambda: started.published(1) == 3)
    async with sender(by_kafka) as send:
        for _ in range(120):
            await send(b"key", b"value")
    await store(log, 4, 5)
    await until(lambda: started.published(1) == 5)
    await asyncio.sleep(0.3)
    found = [dict(one.headers).get("ce_position", b"-") for one in await records(by_kafka)]
    assert [one.decode() for one in found if one != b"-"] == [str(number) for number in range(6)]


async def test_the_log_goes_on_without_brokers_and_the_lag_is_seen(
    log: Log, by_kafka: Settings, relay: StartRelay, writer: asyncpg.Pool
) -> None:
    await store(log, 1, 3)
    started = await relay()
    await until(lambda: started.published(1) == 3)
    away = by_kafka.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"})
    await started.close()
    lonely = Relay(LOG, away, Bookmarks(writer, "lonely", timedelta(seconds=1)), SystemClock())
    await lonely.start()
    await store(log, 4, 8)
    try:
        await until(lambda: measured("jos_kafka_client_rebuilds_total", reader="relay") > 0)
    finally:
        await lonely.close()
    assert (await log.head()).position.number == 8
