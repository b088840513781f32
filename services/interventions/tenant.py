"""Reading and writing the service's own tables as one organisation, or as the service's own loops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.log.errors import in_words_of_the_log

# Set for this transaction alone: whose rows the row policy lets through.
BECOME = "select set_config('jos.organisation', $1, true)"

EVERYONE = "*"
"""What the service's own loops call themselves."""


@asynccontextmanager
async def acting_as(pool: asyncpg.Pool, organisation: str) -> AsyncIterator[PoolConnectionProxy]:
    """A connection in a transaction that sees this organisation's rows only. Raises `Unavailable`."""
    with in_words_of_the_log():
        async with pool.acquire(timeout=5) as connection, connection.transaction():
            await connection.execute(BECOME, organisation)
            yield connection
