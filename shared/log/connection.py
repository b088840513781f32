"""A pooled connection that is kept, because a pool's clean-up after each use is a round trip."""

from contextlib import suppress

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.log.errors import UNREACHABLE

PATIENCE = 6.0
"""Seconds that an answer may take: above the server's own limit on a statement, so that the server speaks first."""


class Kept:
    """One connection of a pool for one user that does one thing at a time."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._connection: PoolConnectionProxy | None = None

    async def get(self) -> PoolConnectionProxy:
        """The connection, a new one when the last was dropped or lost. Raises what asyncpg raises."""
        if self._connection is not None and self._lost(self._connection):
            await self.drop()
        if self._connection is None:
            self._connection = await self._pool.acquire(timeout=PATIENCE)
        return self._connection

    @staticmethod
    def _lost(connection: PoolConnectionProxy) -> bool:
        try:
            return connection.is_closed()
        except asyncpg.InterfaceError:
            return True

    async def drop(self) -> None:
        """Never use it again: nobody knows what it is still doing."""
        if self._connection is not None:
            with suppress(asyncpg.InterfaceError):  # the pool has noticed the loss and taken it back
                self._connection.terminate()
            await self.close()

    async def close(self) -> None:
        """Give it back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*UNREACHABLE):
                await self._pool.release(connection, timeout=PATIENCE)
