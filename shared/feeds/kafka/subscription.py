"""A Kafka consumer that is kept alive: made in the background, given up when it fails or is stuck, and made again."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

import stamina
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError

from shared.feeds.failures import describe
from shared.feeds.kafka import clients
from shared.feeds.kafka.measured import REBUILDS
from shared.feeds.kafka.topics import group_of, topic_of
from shared.settings import Settings
from shared.tasks import end

STARTING = 30.0
"""Seconds that a client may take to get its partitions."""
MOST = 1000
"""Records that are taken over at once: with what the client itself holds, all the memory there is for one reader."""

_logger = structlog.get_logger("jos.feeds.kafka")


class Subscription:
    """The records of one topic, to be read from any offset; offsets are hints, and none is ever committed.

    With `group` the partitions are divided among the processes of one name. Not connected is a state, not an error:
    then nothing comes. Calls are for one task at a time.
    """

    def __init__(self, log: str, settings: Settings, reader: str, group: bool) -> None:
        self.topic = topic_of(settings, log)
        self._names = (reader, log)
        self._settings = settings
        self._group = group_of(settings, reader, log) if group else None
        self._next: dict[int, int] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._up = asyncio.Event()
        self._broken = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether there is a client that once had its partitions."""
        return self._consumer is not None

    def partitions(self) -> Collection[int]:
        """The partitions that are this process's now; none while it is not connected."""
        return {tp.partition for tp in self._consumer.assignment()} if self._consumer else ()

    def offset(self, partition: int) -> int:
        """The offset that is read next."""
        return self._next.get(partition, 0)

    def seek(self, partition: int, offset: int) -> None:
        """Read on from here; for a partition that is not this process's, once it is."""
        self._next[partition] = offset
        if self._consumer is not None and partition in self.partitions():
            self._consumer.seek(self._of(partition), offset)

    def place(self, consumer: AIOKafkaConsumer) -> None:
        """Say of every partition where it is read on: a rebalance forgets it, and what a group committed counts not."""
        for tp in consumer.assignment():
            consumer.seek(tp, self.offset(tp.partition))

    async def poll(self, timeout: float, partition: int | None = None) -> Mapping[int, Sequence[ConsumerRecord]]:
        """What has arrived, of one partition or of all; waits at most `timeout` seconds for something to come."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name=f"kafka-{self.topic}")
        consumer = self._consumer
        if consumer is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._up.wait()
            return {}
        try:
            return await self._poll(consumer, timeout, () if partition is None else (self._of(partition),))
        except NoOffsetForPartitionError:
            self.place(consumer)
        except OffsetOutOfRangeError as error:
            await self._from_the_beginning(consumer, error.args[0])
        except (KafkaError, OSError) as error:
            self.give_up(describe(error))
        return {}

    async def ends_at(self, partition: int) -> int | None:
        """The offset behind the last record, as the broker says it; None when it says nothing."""
        if self._consumer is None:
            return None
        try:
            async with asyncio.timeout(clients.REQUEST_MS / 1000):
                [end] = (await self._consumer.end_offsets([self._of(partition)])).values()
        except (TimeoutError, KafkaError, OSError):
            return None
        return int(end)

    def give_up(self, why: str) -> None:
        """Throw the client away and make another."""
        if not self._broken.is_set():
            REBUILDS.labels(*self._names).inc()
            _logger.warning("kafka client given up", reader=self._names[0], log=self._names[1], reason=why)
        self._consumer = None
        self._up.clear()
        self._broken.set()

    async def close(self) -> None:
        """Leave the group."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            await end(keeper)

    async def _poll(
        self, consumer: AIOKafkaConsumer, timeout: float, wanted: Sequence[TopicPartition]
    ) -> Mapping[int, Sequence[ConsumerRecord]]:
        try:
            async with asyncio.timeout(timeout + 1):  # a rebalance may take longer, and is waited for by the next call
                came = await consumer.getmany(*wanted, timeout_ms=int(timeout * 1000), max_records=MOST)
        except TimeoutError:
            return {}
        for tp, records in came.items():
            self._next[tp.partition] = records[-1].offset + 1
        return {tp.partition: records for tp, records in came.items()}

    async def _keep(self) -> None:
        while True:
            async for attempt in stamina.retry_context(on=Exception, attempts=None, timeout=None, wait_jitter=0.1):
                with attempt:
                    await self._live()

    async def _live(self) -> None:
        """One client, from its start until it is given up."""
        consumer = AIOKafkaConsumer(**clients.consumer(self._settings, self._group))
        self._broken.clear()
        try:
            consumer.subscribe([self.topic], listener=_Placing(self, consumer) if self._group else None)
            async with asyncio.timeout(STARTING):
                await consumer.start()
            self._consumer = consumer
            self.place(consumer)
            self._up.set()
            await self._broken.wait()
        finally:
            self._consumer = None
            self._up.clear()
            with suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(STARTING):
                    await consumer.stop()

    async def _from_the_beginning(self, consumer: AIOKafkaConsumer, lost: Mapping[TopicPartition, int]) -> None:
        """The topic was emptied, shortened or made anew: what it holds now is read from its start."""
        try:
            async with asyncio.timeout(clients.REQUEST_MS / 1000):
                for tp, offset in (await consumer.beginning_offsets([*lost])).items():
                    self.seek(tp.partition, offset)
        except (TimeoutError, KafkaError, OSError) as error:
            self.give_up(describe(error))

    def _of(self, partition: int) -> TopicPartition:
        return TopicPartition(self.topic, partition)


class _Placing(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Places the partitions before anything is fetched of them, whatever offsets the group has."""

    def __init__(self, subscription: Subscription, consumer: AIOKafkaConsumer) -> None:
        self._subscription = subscription
        self._consumer = consumer

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing to hand in: a checkpoint stands in the database, and its lock is the fence."""

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """They are read on from where this process, or the hint of whoever reads, says."""
        self._subscription.place(self._consumer)
