"""A log on a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.log.log import Log
from shared.postgres.cluster import Cluster
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.fixtures.postgres import TEMPLATE

SERVICE = "registry"

_numbers = count(1)

OpenLog = Callable[[], Awaitable[Log]]
Connect = Callable[[str], Awaitable[asyncpg.Connection]]


@asynccontextmanager
async def opened(settings: Settings, clock: FrozenClock) -> AsyncIterator[Log]:
    """A log with a pool of its own, as another process has it."""
    async with await open_pool(settings, SERVICE) as pool:
        log = Log(SERVICE, pool, clock)
        await log.start()
        try:
            yield log
        finally:
            await log.close()


@pytest.fixture
async def databases(cluster: Cluster, home: Path, tmp_path: Path) -> AsyncIterator[Settings]:
    """One fresh database instead of everybody's: there are many tests here."""
    settings = Settings(
        mode="demo",
        database_host=cluster.host,
        database_port=cluster.port,
        database_prefix=f"log{next(_numbers)}_",
        secrets_dir=home / "secrets",
        data_dir=tmp_path,
    )
    await cluster.make_database(settings, SERVICE, TEMPLATE + SERVICE)
    yield settings
    connection = await asyncpg.connect(f"{cluster.superuser}/postgres")
    try:
        await connection.execute(f"drop database {settings.database(SERVICE)} with (force)")
    finally:
        await connection.close()


@pytest.fixture
async def open_log(databases: Settings, clock: FrozenClock) -> AsyncIterator[OpenLog]:
    """Opens the log once more."""
    async with AsyncExitStack() as stack:

        async def open_one() -> Log:
            return await stack.enter_async_context(opened(databases, clock))

        yield open_one


@pytest.fixture
async def log(open_log: OpenLog) -> Log:
    """The log, opened."""
    return await open_log()


@pytest.fixture
async def connect(databases: Settings) -> AsyncIterator[Connect]:
    """Connects as a role of the service: `app`, `feed` or `owner`."""
    async with AsyncExitStack() as stack:

        async def connect_as(role: str) -> asyncpg.Connection:
            pool = await stack.enter_async_context(
                await open_pool(databases, SERVICE, role=role, min_size=1, max_size=1)
            )
            return await stack.enter_async_context(pool.acquire())

        yield connect_as


@pytest.fixture
async def superuser(cluster: Cluster, databases: Settings) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who may do everything, and tampers."""
    connection = await asyncpg.connect(f"{cluster.superuser}/{databases.database(SERVICE)}")
    yield connection
    await connection.close()
