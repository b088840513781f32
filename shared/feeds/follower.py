"""A follower: keeps a copy in memory of what some logs say (schools, contracts, programmes)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from shared.clock import Clock, SystemClock
from shared.feeds.applying import Unappliable
from shared.feeds.continuity import Mark, RebuildNeeded
from shared.feeds.failures import describe
from shared.feeds.feed import Feed
from shared.feeds.reader import POLL, Reader
from shared.log.events import StoredEvent


class Follower(Reader):
    """Follows logs from their beginning and hands their events to `apply(log, events)`, which does not await.

    Events handed over twice must change nothing: when `apply` raises, the batch comes again one by one, and an event
    that still fails is kept in `left_out` and does not stop what is behind it. `ready` is set as long as every log was
    read to its end once; `on_change()` is called when it becomes so and after every batch from then on. When a log
    was restored, `reset()` must empty the copy, which is then filled again; without one the follower is no longer
    ready, and says so.
    """

    def __init__(
        self,
        name: str,
        feeds: Sequence[Feed],
        apply: Callable[[str, Sequence[StoredEvent]], None],
        *,
        on_change: Callable[[], None] | None = None,
        reset: Callable[[], None] | None = None,
        clock: Clock | None = None,
        batch: int = 1000,
        poll: float = POLL,
        pause: float = 0.002,
    ) -> None:
        super().__init__(name, feeds, clock or SystemClock(), batch, poll, pause)
        self.ready = asyncio.Event()
        self.left_out: list[Unappliable] = []
        self._apply = apply
        self._on_change = on_change
        self._reset = reset
        self._copied: dict[tuple[str, int], Mark] = {}
        self._complete: set[str] = set()

    async def _attempt(self, feed: Feed) -> bool:
        try:
            more = await super()._attempt(feed)
        except RebuildNeeded:
            await self._start_over(feed)
            raise
        if not more:
            self._complete.add(feed.log)
        if self._complete == self._logs and not self.ready.is_set():
            self.ready.set()
            self._changed()
        return more

    async def _open(self, feed: Feed, shard: int) -> Mark:
        return self._copied.get((feed.log, shard)) or Mark(feed.log, shard, await feed.epoch())

    async def _take(self, mark: Mark, events: Sequence[StoredEvent]) -> bool:
        place, after = (mark.log, mark.shard), mark.after(events[-1])
        if self._copied.get(place, replace(mark, number=0, row_hash=None)) != mark:
            self._marks.pop(place, None)  # the copy was emptied while this was being read
            return False
        self._copy(mark.log, events)
        self._copied[place] = after
        self._health.passed(mark.log, mark.shard, len(events))
        await self._remember(after)
        if self.ready.is_set():
            self._changed()
        return True

    def _copy(self, log: str, events: Sequence[StoredEvent]) -> None:
        try:
            self._apply(log, events)
        except Exception:
            for event in events:
                self._copy_one(log, event)

    def _copy_one(self, log: str, event: StoredEvent) -> None:
        try:
            self._apply(log, [event])
        except Exception as error:
            self.left_out.append(Unappliable(event, describe(error)))
            self._health.parked(log, event, describe(error))

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change()

    async def _start_over(self, feed: Feed) -> None:
        self.ready.clear()
        self._complete.discard(feed.log)
        if self._reset is None:
            return
        self._reset()
        self._complete.clear()
        self.left_out.clear()
        for log, shard in [*self._copied]:
            await self._progress.move(log, shard, 0)
        self._copied.clear()
        self._marks.clear()
