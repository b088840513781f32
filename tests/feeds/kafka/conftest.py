"""Settings that lead to a real broker, with topics of their own for every test, and the relays that fill them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.feeds.kafka.bookmarks import Bookmarks
from shared.feeds.kafka.feed import KafkaFeed
from shared.feeds.kafka.relay import Relay
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.given import LOG

OpenFeed = Callable[..., KafkaFeed]
StartRelay = Callable[..., Awaitable[Relay]]


@pytest.fixture
def by_kafka(databases: Settings, brokers: str) -> Settings:
    """The databases of this test, and topics that no other test has."""
    return databases.model_copy(
        update={
            "feed": "kafka",
            "kafka_bootstrap": brokers,
            "kafka_prefix": f"jos.{uuid4().hex[:12]}.",
            "kafka_session_timeout_ms": 1500,
        }
    )


@pytest.fixture
async def writer(by_kafka: Settings) -> AsyncIterator[asyncpg.Pool]:
    """The database of the log, as its own service sees it: where its relay keeps its bookmarks."""
    async with await open_pool(by_kafka, LOG) as opened:
        yield opened


@pytest.fixture
async def relay(by_kafka: Settings, writer: asyncpg.Pool, clock: FrozenClock) -> AsyncIterator[StartRelay]:
    """`await relay()` starts one; they are stopped after the test."""
    async with AsyncExitStack() as stack:

        async def start(
            *,
            holder: str = "one",
            lease: float = 1.0,
            every: float = 60.0,
            kind: type[Relay] = Relay,
            remembering: type[Bookmarks] = Bookmarks,
        ) -> Relay:
            bookmarks = remembering(writer, holder, timedelta(seconds=lease))
            started = kind(LOG, by_kafka, bookmarks, clock, proof_every=every)
            await started.start()
            stack.push_async_callback(started.close)
            return started

        yield start


@pytest.fixture
async def open_kafka(by_kafka: Settings, pool: asyncpg.Pool, clock: FrozenClock) -> AsyncIterator[OpenFeed]:
    """`open_kafka()` gives a feed of the log through its topic, for a reader in the database that is counted in."""
    async with AsyncExitStack() as stack:

        def make(reader: str = "count", *, group: bool = True, kind: type[KafkaFeed] = KafkaFeed) -> KafkaFeed:
            made = kind(LOG, by_kafka, clock, reader=reader, pool=pool, group=group)
            stack.push_async_callback(made.close)
            return made

        yield make
