"""Mappings that no event uses are swept after a day: a refused request leaves no trace of a pupil.

Which ones are used is learnt from the log itself, just before a sweep: while events come in the vault is not written to
a second time. A mapping is doomed first and swept an hour later, unless somebody asked for it in between; so what an
event is about to use is never swept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import structlog

from shared.clock import Clock
from shared.feeds.consumer import Consumer
from shared.log.events import StoredEvent
from shared.tasks import end

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

UNUSED_FOR = timedelta(days=1)
DOOMED_FOR = timedelta(hours=1)
EVERY = 600.0
"""Seconds between two sweeps."""

logger = structlog.get_logger(__name__)

# An event has this subject.
USE = "update app.mappings set used = true where subject = any($1) and not used"

# Unused since a day, and not waiting in a held event.
DOOM = """
update app.mappings set doomed_at = $1
where not used and doomed_at is null and created_at < $2 and not subject = any($3::uuid[])
"""

# Doomed since an hour, and nobody asked for it since.
SWEEP = "delete from app.mappings where not used and doomed_at < $1 and not subject = any($2::uuid[])"


async def note_use(connection: "Connection", log: str, events: Sequence[StoredEvent]) -> None:
    """The `apply` of the consumer that learns from the log which subjects are used."""
    subjects = {event.columns.subject for event in events} - {None}
    if subjects:
        await connection.execute(USE, list(subjects))


async def sweep(pool: asyncpg.Pool, clock: Clock, held: Sequence[UUID]) -> None:
    """Doom and sweep, once `note_use` has reached the head of the log. `held` are subjects in held events."""
    now = clock.now()
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SWEEP, now - DOOMED_FOR, held)
        await connection.execute(DOOM, now, now - UNUSED_FOR, held)


class Sweeping:
    """Learns from the log which mappings are used, and sweeps the others, every ten minutes."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        clock: Clock,
        user: Consumer,
        held: Callable[[], Awaitable[Sequence[UUID]]],
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._user = user
        self._held = held
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._loop = asyncio.create_task(self._run(), name="sweeping")

    async def close(self) -> None:
        """Stop."""
        if self._loop is not None:
            await end(self._loop)
        await self._user.close()

    async def sweep(self) -> None:
        """Read the log to its end, and sweep. Raises whatever kept it from being read; then nothing is swept."""
        await self._user.catch_up()
        await sweep(self._pool, self._clock, await self._held())

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.sweep()
            except Exception as error:  # another try after ten minutes
                await logger.awarning("vault not swept", error=type(error).__name__)
