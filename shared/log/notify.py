"""Waking the readers of a log: one `pg_notify('log', '')` for everything that was appended since the one before."""

import asyncio

import asyncpg
import structlog

logger = structlog.get_logger(__name__)

CHANNEL = "log"
"""What readers LISTEN to, in the database of the log."""


class Notifier:
    """Tells the readers after the commit, on a connection that no append waits for.

    Inside the append a NOTIFY would take a lock of the whole cluster. One that fails is only logged: readers also poll.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._appended = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen to `appended`."""
        self._loop = asyncio.create_task(self._run(), name="log-notify")

    def appended(self) -> None:
        """Something was committed; costs nothing."""
        self._appended.set()

    async def close(self) -> None:
        """Stop, after telling what was not told yet."""
        if self._loop is None:
            return
        self._loop.cancel()
        await asyncio.gather(self._loop, return_exceptions=True)
        if self._appended.is_set():
            await self._tell()

    async def _run(self) -> None:
        while True:
            await self._appended.wait()
            self._appended.clear()
            await self._tell()

    async def _tell(self) -> None:
        # Keeps true that a reader that waits hears of every commit (or polls).
        try:
            await self._pool.execute("select pg_notify($1, '')", CHANNEL, timeout=5)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            await logger.awarning("notify failed", error=type(error).__name__)
