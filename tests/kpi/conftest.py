"""A ledger of its own for every test that asks for one."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.kpi.books import Books


@pytest.fixture
async def owner(databases: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of kpi's database, who may make tables."""
    async with await open_pool(databases, "kpi", "owner", max_size=1) as pool, pool.acquire() as connection:
        yield connection


@pytest.fixture
async def books(databases: Settings) -> AsyncIterator[Books]:
    """An empty ledger with the shipped definitions, written to as the service would."""
    async with await open_pool(databases, "kpi") as pool, pool.acquire() as connection:
        found = Books(connection)
        await found.define()
        yield found
