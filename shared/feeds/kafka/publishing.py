"""A producer from its start until it fails: sends events in order and says what the brokers acknowledged."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, ProducerClosed

from shared.feeds.kafka import clients
from shared.feeds.kafka.bookmarks import Bookmark
from shared.feeds.kafka.record import Record, encode, encode_genesis
from shared.feeds.kafka.topics import topic_of
from shared.feeds.postgres import Identity
from shared.log.events import StoredEvent
from shared.log.row_hash import genesis
from shared.settings import Settings

ACKNOWLEDGED = 8.0
"""Seconds in which all that was sent must be acknowledged, else the client is made anew. Less than a lease."""
LEADER_EVERY = 0.1
"""Seconds between two questions where a topic is and who leads it."""
AT_ONCE = 50
"""Records made before the loop is given to others: the service answers its callers in the same process."""


class BrokerForgot(Exception):
    """A record was acknowledged below the offset that was reached before: what stood there is gone."""


class Publisher:
    """Sends the records of one log. Raises what the brokers say, or `TimeoutError`; then nothing is known of them."""

    def __init__(self, log: str, settings: Settings, secret: bytes) -> None:
        self._log = log
        self._topic = topic_of(settings, log)
        self._secret = secret
        self._producer = AIOKafkaProducer(**clients.producer(settings))
        _pace(self._producer.client)

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(ACKNOWLEDGED):
                await self._producer.start()
        except BaseException:
            await self._abandon()
            raise
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._abandon()

    async def begin(self, held: Bookmark, identity: Identity, now: datetime) -> Bookmark:
        """Send the genesis record, behind whatever the partition holds; what follows is published from position 1."""
        record = encode_genesis(self._log, identity.log_id, held.shard, identity.epoch, now, self._secret)
        offset, _ = await self._send(held.shard, [record])
        begun = replace(held, position=0, epoch=identity.epoch, row_hash=genesis(identity.log_id, held.shard))
        return replace(begun, genesis_offset=offset, next_offset=offset + 1)

    async def publish(self, held: Bookmark, events: Sequence[StoredEvent]) -> Bookmark:
        """Send events that follow on the bookmark, and give the bookmark behind them, to be saved.

        Raises `BrokerForgot` when the acknowledgement shows that the partition was emptied or cut.
        """
        records = []
        for number, event in enumerate(events, 1):
            records.append(encode(self._log, event, self._secret))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        first, after = await self._send(held.shard, records)
        if first < (held.next_offset or 0):
            raise BrokerForgot(f"{self._log}: shard {held.shard} goes on at offset {first}, not {held.next_offset}")
        return held.after(events[-1].position.number, events[-1].row_hash, after)

    async def _send(self, shard: int, records: Sequence[Record]) -> tuple[int, int]:
        """The offset of the first record, and the one behind the last."""
        sent: list[tuple[int, asyncio.Future[Any]]] = []
        async with asyncio.timeout(ACKNOWLEDGED):
            batch, count = self._producer.create_batch(), 0
            for record in records:
                if not _add(batch, record):
                    sent.append((count, await self._dispatch(batch, shard)))
                    batch, count = self._producer.create_batch(), 0
                    if not _add(batch, record):
                        raise MessageSizeTooLargeError(self._topic)
                count += 1
            sent.append((count, await self._dispatch(batch, shard)))
            places = [(await acknowledged).offset for _, acknowledged in sent]
        return places[0], places[-1] + sent[-1][0]

    async def _dispatch(self, batch: Any, shard: int) -> "asyncio.Future[Any]":
        batch.close()
        future: asyncio.Future[Any] = await self._producer.send_batch(batch, self._topic, partition=shard - 1)
        future.add_done_callback(_look)
        return future

    async def _abandon(self) -> None:
        """Close without waiting for brokers that may be gone: what they did not acknowledge will be sent again."""
        producer = self._producer
        if producer._sender is not None and producer._sender.sender_task is not None:
            producer._sender.sender_task.cancel()  # an idempotent producer would go on trying for ever
            await asyncio.wait([producer._sender.sender_task], timeout=ACKNOWLEDGED)
            producer._message_accumulator.fail_all(ProducerClosed())
        with suppress(KafkaError, OSError, TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(ACKNOWLEDGED):
                await producer.stop()


def _pace(client: Any) -> None:
    """Let the client pause between its questions who leads a partition.

    By itself it asks thousands of times a second for a topic that is gone, in the process that answers callers.
    """
    ask, loop = client.force_metadata_update, asyncio.get_running_loop()

    def paced() -> "asyncio.Future[bool]":
        told = loop.create_future()

        def answered(answer: "asyncio.Future[bool]") -> None:
            if not told.done():
                told.set_result(not answer.cancelled() and answer.result())

        loop.call_later(LEADER_EVERY, lambda: ask().add_done_callback(answered))
        return told

    client.force_metadata_update = paced


def _add(batch: Any, record: Record) -> bool:
    return batch.append(timestamp=None, key=record.key, value=record.value, headers=record.headers) is not None


def _look(acknowledged: "asyncio.Future[Any]") -> None:
    """A failure that nobody waits for any more is no news."""
    if not acknowledged.cancelled():
        acknowledged.exception()
