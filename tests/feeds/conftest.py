"""A log to follow, a database to count in, and consumers of the one into the other."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.feeds import consumer as consumers
from shared.feeds.applying import Apply
from shared.feeds.consumer import Consumer
from shared.feeds.feed import Feed
from shared.feeds.postgres import PostgresFeed
from shared.log.log import Log
from shared.log.shards import assign_shard
from shared.postgres.cluster import Cluster
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.given import COUNT_TABLES, LOG
from tests.feeds.spread import PROGRAMMES

Consume = Callable[..., Consumer]


@pytest.fixture
async def log(databases: Settings, clock: FrozenClock) -> AsyncIterator[Log]:
    """The log of interventions, opened by its own service."""
    async with await open_pool(databases, LOG) as pool:
        opened = Log(LOG, pool, clock)
        await opened.start()
        yield opened
        await opened.close()


@pytest.fixture
async def apart(log: Log, databases: Settings) -> AsyncIterator[Log]:
    """The log, in which every programme has a shard of its own."""
    async with await open_pool(databases, LOG, "owner", max_size=1) as pool, pool.acquire() as owner:
        for shard, programme in enumerate(PROGRAMMES, 1):
            await assign_shard(owner, programme, shard)
    yield log


@pytest.fixture
async def feed(databases: Settings) -> AsyncIterator[PostgresFeed]:
    """The feed of that log."""
    opened = PostgresFeed(LOG, databases)
    yield opened
    await opened.close()


@pytest.fixture
async def owner(databases: Settings) -> AsyncIterator[asyncpg.Pool]:
    """The owner of the database that is counted in, after it has made the tables."""
    tables = Path(consumers.__file__).with_name("tables.sql").read_text(encoding="utf-8")
    async with await open_pool(databases, "kpi", role="owner", min_size=1, max_size=1) as pool:
        await pool.execute("drop table if exists app.checkpoints, app.parked cascade")
        await pool.execute(tables.replace("{{app}}", "kpi_app"))
        await pool.execute(COUNT_TABLES)
        yield pool


@pytest.fixture
async def pool(databases: Settings, owner: asyncpg.Pool) -> AsyncIterator[asyncpg.Pool]:
    """The database that is counted in, as its service sees it."""
    async with await open_pool(databases, "kpi") as opened:
        yield opened


@pytest.fixture
async def superuser(cluster: Cluster, databases: Settings) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who may do everything, in the log's database."""
    connection = await asyncpg.connect(f"{cluster.superuser}/{databases.database(LOG)}")
    yield connection
    await connection.close()


@pytest.fixture
async def consume(databases: Settings, pool: asyncpg.Pool, clock: FrozenClock) -> AsyncIterator[Consume]:
    """`consume(apply, ...)` gives a consumer of the log, each with a feed of its own unless one is given."""
    async with AsyncExitStack() as stack:

        def make(
            apply: Apply, *, name: str = "count", feed: Feed | None = None, batch: int = 100, poll: float = 0.05
        ) -> Consumer:
            made = Consumer(name, [feed or PostgresFeed(LOG, databases)], pool, apply, clock, batch, poll)
            stack.push_async_callback(made.close)
            return made

        yield make
