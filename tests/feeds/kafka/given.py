"""A hand inside the topic: sees what is there, and puts in what should not be there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from shared.feeds.kafka import clients
from shared.feeds.kafka.record import Headers, Record
from shared.feeds.kafka.topics import topic_of
from shared.settings import Settings
from tests.feeds.given import LOG, SOON


async def records(settings: Settings, shard: int = 1) -> list[ConsumerRecord]:
    """Everything in the partition of a shard."""
    partition = TopicPartition(topic_of(settings, LOG), shard - 1)
    consumer = AIOKafkaConsumer(**clients.consumer(settings, None))
    found: list[ConsumerRecord] = []
    try:
        consumer.assign([partition])
        await consumer.start()
        [begin] = (await consumer.beginning_offsets([partition])).values()
        [end] = (await consumer.end_offsets([partition])).values()
        consumer.seek(partition, begin)
        while await consumer.position(partition) < end:
            for came in (await consumer.getmany(partition, timeout_ms=500)).values():
                found += came
    finally:
        await consumer.stop()
    return found


def header(record: ConsumerRecord | Record, name: str) -> str:
    """One header of a record."""
    return dict(record.headers)[name].decode()


async def positions(settings: Settings, shard: int = 1) -> list[int]:
    """The positions that the partition's records say they have, 0 for a genesis record."""
    return [int(header(record, "ce_position")) for record in await records(settings, shard)]


@asynccontextmanager
async def sender(settings: Settings) -> AsyncIterator[Callable[..., Awaitable[int]]]:
    """`await send(key, value, headers)` puts a record into the topic, whoever may do so, and gives its offset."""
    producer = AIOKafkaProducer(**{**clients.producer(settings), "enable_idempotence": False})
    await producer.start()

    async def send(
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
        *,
        topic: str = topic_of(settings, LOG),
        shard: int = 1,
        **more: object,
    ) -> int:
        sent = await producer.send_and_wait(topic, value, key=key, headers=[*headers], partition=shard - 1, **more)
        return int(sent.offset)

    try:
        yield send
    finally:
        await producer.stop()


async def until(true: Callable[[], Awaitable[bool] | bool], seconds: float = SOON) -> None:
    """Wait until something is so; fails when it is not in time."""
    async with asyncio.timeout(seconds):
        while True:
            answer = true()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.01)


async def refused(pool: asyncpg.Pool) -> Sequence[tuple[int, int, int, str]]:
    """What was noted: partition, first and last offset, reason."""
    rows = await pool.fetch(
        "select partition, first_offset, last_offset, reason from kafka.refused order by partition, first_offset"
    )
    return [tuple(row) for row in rows]
