"""A consumer: applies every event of some logs to a database, once (G-10)."""

import asyncio
from collections.abc import Sequence

import asyncpg

from shared.clock import Clock
from shared.feeds import checkpoints, parking
from shared.feeds.applying import Apply, Doubts, Unappliable, apply_or_set_aside
from shared.feeds.continuity import Mark
from shared.feeds.feed import Feed
from shared.feeds.reader import POLL, Reader
from shared.log.events import StoredEvent
from shared.tracing import tracing


class Consumer(Reader):
    """Follows logs and applies their events, each batch in one transaction with the checkpoint.

    `apply(connection, log, events)` writes what follows from the events; it may be called again with events whose
    writes were undone, never with events whose writes hold. An event that cannot be applied is parked. Two processes
    may run a consumer of one name: the checkpoint's row lock lets one of them apply at a time. After a rebuild has
    thrown the checkpoints away it begins again by itself.
    """

    def __init__(
        self,
        name: str,
        feeds: Sequence[Feed],
        pool: asyncpg.Pool,
        apply: Apply,
        clock: Clock,
        batch: int = 1000,
        poll: float = POLL,
        pause: float = 0.01,
    ) -> None:
        super().__init__(name, feeds, clock, batch, poll, pause)
        self._pool = pool
        self._apply = apply
        self._doubts = Doubts()
        self._applying = asyncio.Lock()

    async def replay(self) -> parking.Replayed:
        """Apply the parked events again."""
        return await parking.replay(self._pool, self.name, self._feeds, self._apply, self._clock)

    async def _open(self, feed: Feed, shard: int) -> Mark:
        epoch = await feed.epoch()
        async with self._pool.acquire() as connection:
            return await checkpoints.open_mark(connection, self.name, feed.log, shard, epoch)

    async def _take(self, mark: Mark, events: Sequence[StoredEvent]) -> bool:
        log, after = mark.log, mark.after(events[-1])
        traced = tracing()
        began = traced.now() if traced else 0
        async with self._applying, self._pool.acquire() as connection, connection.transaction():
            if await checkpoints.lock(connection, self.name, log, mark.shard) != mark:
                del self._marks[log, mark.shard]
                return False
            aside = await apply_or_set_aside(connection, self._apply, log, events, self._doubts)
            for one in aside:
                await parking.park(connection, self.name, log, one.event, one.reason, self._clock.now())
            await checkpoints.move(connection, self.name, mark, after, events[-1].recorded_at)
        await self._committed(after, len(events), aside)
        if traced:
            traced.passed(f"apply {log}", "CONSUMER", events, began, {"jos.reader": self.name})
        return True

    async def _committed(self, mark: Mark, count: int, aside: Sequence[Unappliable]) -> None:
        self._doubts.forget(mark.log, mark.shard)
        self._health.passed(mark.log, mark.shard, count)
        for one in aside:
            self._health.parked(mark.log, one.event, one.reason)
        await self._remember(mark)
