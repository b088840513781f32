"""Bugs that others have shipped with Kafka, planted on purpose: each must turn a check red (`test_planted.py`)."""

import asyncio
from collections.abc import Sequence

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.clock import Clock
from shared.feeds.applying import Apply
from shared.feeds.consumer import Consumer
from shared.feeds.continuity import Mark
from shared.feeds.kafka import bookmarks, clients, record
from shared.feeds.kafka.believing import Believing, Trail
from shared.feeds.kafka.bookmarks import Bookmark, Bookmarks
from shared.feeds.kafka.feed import KafkaFeed
from shared.feeds.kafka.publishing import Publisher
from shared.feeds.kafka.relay import Relay
from shared.feeds.kafka.topics import group_of, topic_of
from shared.log.events import StoredEvent
from shared.settings import Settings
from tests.feeds.given import LOG


class AutoCommit:
    """How far it is stands in the group's offsets, which the client commits by itself."""

    def __init__(self, settings: Settings, pool: asyncpg.Pool, apply: Apply, batch: int) -> None:
        self._settings = settings
        self._pool = pool
        self._apply = apply
        self._batch = batch

    async def catch_up(self) -> None:
        """Apply what the topic holds beyond the group's offset."""
        chosen = {"enable_auto_commit": True, "auto_offset_reset": "earliest"}
        group = group_of(self._settings, "auto", LOG)
        consumer = AIOKafkaConsumer(**{**clients.consumer(self._settings, group), **chosen})
        consumer.subscribe([topic_of(self._settings, LOG)])
        await consumer.start()
        try:
            partition = TopicPartition(topic_of(self._settings, LOG), 0)
            [end] = (await consumer.end_offsets([partition])).values()
            while await consumer.position(partition) < end:
                came = await consumer.getmany(partition, timeout_ms=1000, max_records=self._batch)
                events = [self._event(one) for records in came.values() for one in records]
                async with self._pool.acquire() as connection, connection.transaction():
                    await self._apply(connection, LOG, events)
        finally:
            await consumer.stop()

    def _event(self, one: ConsumerRecord) -> StoredEvent:
        secret = self._settings.secret("feed.key").get_secret_value().encode()
        place = record.read_place(LOG, 1, one.key, one.headers, one.value, secret)
        return record.decode(place, one.headers, one.value)


class Unlocked(Consumer):
    """Goes by the checkpoint that it remembers, and asks for nobody else's."""

    async def _take(self, mark: Mark, events: Sequence[StoredEvent]) -> bool:
        after = mark.after(events[-1])
        async with self._pool.acquire() as connection, connection.transaction():
            await self._apply(connection, mark.log, events)
            await connection.execute(_MOVE, self.name, mark.log, mark.shard, after.number, after.row_hash)
        await self._remember(after)
        return True


_MOVE = "update app.checkpoints set position = $4, row_hash = $5 where consumer = $1 and log = $2 and shard = $3"


class BookmarkFirst(Relay):
    """Remembers what it is about to send, and sends it then."""

    async def _advance(self, publisher: Publisher, shard: int) -> bool:
        publish = publisher.publish

        async def hastily(held: Bookmark, events: Sequence[StoredEvent]) -> Bookmark:
            last = events[-1]
            await self._bookmarks.save(held.after(last.position.number, last.row_hash, held.next_offset or 0))
            return await publish(held, events)

        publisher.publish = hastily  # type: ignore[method-assign]
        try:
            return await super()._advance(publisher, shard)
        finally:
            publisher.publish = publish  # type: ignore[method-assign]


def dying(dies: asyncio.Event) -> type[Publisher]:
    """A publisher that stops before it sends events, as a process does that is killed there; genesis records it sends.

    The event tells that it has stopped.
    """

    class Dying(Publisher):
        async def publish(self, held: Bookmark, events: Sequence[StoredEvent]) -> Bookmark:
            dies.set()
            await asyncio.Event().wait()
            return held

    return Dying


class Unfenced(Bookmarks):
    """Whoever once held a shard may go on to renew it and to save."""

    async def renew(self, held: Bookmark) -> None:
        await self._pool.fetchval(_unfenced(bookmarks._RENEW), held.shard, held.token)

    async def save(self, reached: Bookmark) -> None:
        place = (reached.position, reached.epoch, reached.row_hash, reached.genesis_offset, reached.next_offset)
        await self._pool.fetchval(_unfenced(bookmarks._SAVE), reached.shard, reached.token, *place)


def _unfenced(sql: str) -> str:
    assert "token = $2" in sql
    return sql.replace("token = $2", "$2::bigint is not null")


class Skipping(Believing):
    """Takes the next record that came for the next event, whatever lies between."""

    async def _next(self, trail: Trail, limit: int) -> Sequence[StoredEvent]:
        came = trail.came.popleft()
        place = await self._place(trail.shard, came)
        if place is None or place.position.number <= trail.number:
            return ()
        event = record.decode(place, came.headers, came.value)
        trail.number, trail.row_hash = event.position.number, event.row_hash
        return (event,)


class HoleIgnored(KafkaFeed):
    """A feed that skips what the topic lacks."""

    def __init__(
        self, log: str, settings: Settings, clock: Clock, *, reader: str, pool: asyncpg.Pool, group: bool = True
    ) -> None:
        super().__init__(log, settings, clock, reader=reader, pool=pool, group=group)
        self._believing = Skipping(reader, self._source, self._believing._secret, self._refusals)


def not_dense(mark: Mark, events: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
    """In place of `dense`: a reader that takes what comes."""
    return [event for event in events if event.position.number > mark.number]
