"""What kpi does by itself, again and again: close days with a cut, and note until when the ledger is complete."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import asyncpg
import structlog

from services.kpi.own import Own
from services.kpi.standing import LOGS, caught_up
from shared.clock import Clock, today
from shared.feeds.consumer import Consumer
from shared.feeds.health import State
from shared.feeds.reader import POLL
from shared.tasks import end

EVERY_SECONDS = 1.0

_logger = structlog.get_logger("jos.kpi")


class Loops:
    """Both loops, on the injected clock: it is looked at every second, so that it may be moved."""

    def __init__(self, own: Own, consumer: Consumer, pool: "asyncpg.Pool[asyncpg.Record]", clock: Clock) -> None:
        self._own = own
        self._consumer = consumer
        self._pool = pool
        self._clock = clock
        self._closed: date | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Close what passed while kpi was down by what it had applied until then, and begin."""
        await self.close_days()
        self._tasks = [asyncio.create_task(self._again(each)) for each in (self.close_days, self.note_standing)]

    async def close(self) -> None:
        """Stop."""
        await end(*self._tasks)

    async def close_days(self) -> None:
        """Record the midnight cut once a day is over."""
        day = today(self._clock)
        if day != self._closed:
            await self._own.close_day()
            self._closed = day

    async def note_standing(self) -> None:
        """Note the logs that were read to their end; the moment allows for what a missed notice would delay."""
        moment = self._clock.now() - timedelta(seconds=POLL)
        behind = {log for (log, _), lag in self._consumer.lag().items() if lag.events}
        level = [log for log in LOGS if log not in behind and self._consumer.state(log) is State.FOLLOWING]
        async with self._pool.acquire() as connection:
            await caught_up(connection, level, moment)

    async def _again(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception as failure:
                _logger.warning("kpi loop failed", work=work.__name__, reason=type(failure).__name__)
            await asyncio.sleep(EVERY_SECONDS)
