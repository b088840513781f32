"""Proof that a topic still holds what the log was published into it: brokers forget, and acknowledge all the same."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.feeds.continuity import BrokenFeed, LostTimeline, RebuildNeeded
from shared.feeds.kafka import clients
from shared.feeds.kafka.bookmarks import Bookmark
from shared.feeds.kafka.record import GENESIS, Place, Refused, read_place
from shared.feeds.kafka.topics import topic_of
from shared.feeds.postgres import PostgresFeed
from shared.log.row_hash import genesis
from shared.settings import Settings

WINDOW = 100
"""How many records at the end of a partition are looked at for the last authentic one."""
LOOKING = 15.0
"""Seconds that the brokers may take to show a partition."""


class ForeignTopic(BrokenFeed):
    """The topic is that of another log, which has the same name: nothing is published into it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A partition as the brokers show it: where it begins and ends, its genesis and its last authentic record."""

    begin: int
    end: int
    genesis: Place | None
    last: Place | None
    foreign: bool
    """Whether its first record is the genesis of something else."""


async def replay_reason(settings: Settings, source: PostgresFeed, bookmark: Bookmark, secret: bytes) -> str | None:
    """Why the shard must be published again from its beginning; None when the topic continues it.

    Raises `ForeignTopic`, `LostTimeline` and `RebuildNeeded` (the topic has another event at a position of this log)
    when publishing would make it worse, `KafkaError` or `TimeoutError` when the brokers do not show the partition.
    """
    seen = await _look(settings, source.log, bookmark, secret)
    identity = await source.identity()
    begun = bookmark.genesis_offset is not None
    expected = Place.at(bookmark.shard, 0, identity.epoch, genesis(identity.log_id, bookmark.shard))
    if seen.foreign or (not begun and seen.genesis is not None and seen.genesis.row_hash != expected.row_hash):
        raise ForeignTopic(f"{source.log}: the topic {topic_of(settings, source.log)} is that of another log")
    if not begun:
        return "new"
    if bookmark.epoch != identity.epoch:
        return "restored"
    if seen.end < (bookmark.next_offset or 0):
        return "shortened"
    if seen.genesis != expected:
        return "emptied"
    await _verify_last(source, seen.last, identity.epoch)
    return None


async def _verify_last(source: PostgresFeed, last: Place | None, epoch: str) -> None:
    """The topic may not know more than the log, nor anything else."""
    if last is None or last.epoch != epoch or last.position.number == 0:
        return
    event = await source.at(*last.position)
    if event is None:
        raise LostTimeline(source.log, last.position, await source.head(last.position.shard))
    if event.row_hash != last.row_hash:
        raise RebuildNeeded(source.log, f"the topic has another event at position {last.position.number}")


async def _look(settings: Settings, log: str, bookmark: Bookmark, secret: bytes) -> Seen:
    partition = TopicPartition(topic_of(settings, log), bookmark.shard - 1)
    consumer = AIOKafkaConsumer(**clients.consumer(settings, None))
    try:
        async with asyncio.timeout(LOOKING):
            consumer.assign([partition])
            await consumer.start()
            [begin] = (await consumer.beginning_offsets([partition])).values()
            [end] = (await consumer.end_offsets([partition])).values()
            first = bookmark.genesis_offset if bookmark.genesis_offset is not None else begin
            opening = await _read(consumer, partition, first, min(end, first + 1)) if first >= begin else []
            ending = await _read(consumer, partition, max(begin, end - WINDOW), end)
    finally:
        with suppress(KafkaError, OSError):
            await consumer.stop()
    places = [place for place in (_place(log, bookmark.shard, one, secret) for one in ending) if place]
    last = max(places, key=lambda place: place.position.number, default=None)
    return Seen(begin, end, _genesis(log, bookmark, opening, secret), last, _foreign(log, bookmark, opening, secret))


async def _read(consumer: AIOKafkaConsumer, partition: TopicPartition, begin: int, end: int) -> list[ConsumerRecord]:
    found: list[ConsumerRecord] = []
    if begin >= end:
        return found
    consumer.seek(partition, begin)
    while not found or found[-1].offset + 1 < end:
        came = await consumer.getmany(partition, timeout_ms=1000, max_records=end - begin)
        found += [one for records in came.values() for one in records if one.offset < end]
        if await consumer.position(partition) >= end:  # what compaction or deletion left out does not come
            break
    return found


def _place(log: str, shard: int, one: ConsumerRecord, secret: bytes) -> Place | None:
    try:
        return read_place(log, shard, one.key, one.headers, one.value, secret)
    except Refused:
        return None


def _genesis(log: str, bookmark: Bookmark, opening: list[ConsumerRecord], secret: bytes) -> Place | None:
    places = [_place(log, bookmark.shard, one, secret) for one in opening]
    return next((place for place in places if place and place.position.number == 0), None)


def _foreign(log: str, bookmark: Bookmark, opening: list[ConsumerRecord], secret: bytes) -> bool:
    """A genesis that this installation did not sign, before anything was published here."""
    told = any(("ce_type", GENESIS.encode()) in one.headers for one in opening)
    return bookmark.genesis_offset is None and told and _genesis(log, bookmark, opening, secret) is None
