"""Waking the readers of a log: one `pg_notify('log', '')` for everything that was appended since the one before."""

import asyncio

import asyncpg
import structlog

from shared.log.connection import PATIENCE, Kept
from shared.log.errors import UNREACHABLE
from shared.tasks import end

logger = structlog.get_logger(__name__)

CHANNEL = "log"
"""What readers LISTEN to, in the database of the log."""


# Keeps true that a reader that waits hears of every commit. A notification is a transaction that writes WAL; nothing in
# it need survive (the events are safe already), so this one transaction does not wait for the disk.
NOTIFY = "select set_config('synchronous_commit', 'off', true), pg_notify($1, '')"

PAUSE = 0.005
"""Seconds between two notifications at least, so that a busy log wakes its readers 200 times a second at most."""


class Notifier:
    """Tells the readers after the commit, on a connection that no append waits for.

    Inside the append a NOTIFY would take a lock of the whole cluster. One that fails is only logged: readers also poll.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._kept = Kept(pool)
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
        if self._loop is not None:
            await end(self._loop)
        if self._appended.is_set():
            await self._tell()
        await self._kept.close()

    async def _run(self) -> None:
        while True:
            await self._appended.wait()
            await self._tell()
            await asyncio.sleep(PAUSE)

    async def _tell(self) -> None:
        self._appended.clear()
        try:
            connection = await self._kept.get()
            await connection.execute(NOTIFY, CHANNEL, timeout=PATIENCE)
        except (asyncpg.PostgresError, *UNREACHABLE) as error:
            await self._kept.drop()
            await logger.awarning("notify failed", error=type(error).__name__)
