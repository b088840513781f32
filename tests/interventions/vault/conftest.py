"""The vault's database alone."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from shared.postgres.pool import open_pool
from shared.settings import Settings


@pytest.fixture
async def vault_pool(databases: Settings) -> AsyncIterator[asyncpg.Pool]:
    """The vault's database, as the service sees it."""
    async with await open_pool(databases, "vault", max_size=4) as pool:
        yield pool
