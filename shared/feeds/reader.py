"""What everything that follows logs has in common: the loop, the trust in what a feed gives, and how it is doing."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence

import stamina

from shared.clock import Clock
from shared.feeds.continuity import Mark, Starved, dense, verify_history
from shared.feeds.feed import Feed
from shared.feeds.health import Health, Lag, State
from shared.feeds.waiting import Progress
from shared.log.events import StoredEvent, Vector
from shared.tasks import end

POLL = 0.5
"""Seconds after which a reader looks by itself, whether or not it was told that there is something (a lost NOTIFY)."""

HEAD_AGE = 1.0
"""Seconds for which a log's head is taken as known when the lag is told."""

IDLE_CHECK = 10
"""After how many readings in vain in a row the log's history is proved again (5 s by the poll)."""


class Reader(ABC):
    """Follows logs: one task per feed that reads until there is nothing more, waits, and reads again.

    No failure ends it (G-16): it is reported and tried again after 0.1 s, growing to 5 s. A hole is never skipped,
    another history never followed. It begins to read at most once in `pause` seconds: a lone event is met at once, and
    in a burst the reader does not take as many transactions as the writers. It owns its feeds and closes them.
    """

    def __init__(self, name: str, feeds: Sequence[Feed], clock: Clock, batch: int, poll: float, pause: float) -> None:
        self.name = name
        self._feeds = tuple(feeds)
        self._clock = clock
        self._batch = batch
        self._poll = poll
        self._pause = pause
        self._logs = frozenset(feed.log for feed in feeds)
        self._marks: dict[tuple[str, int], Mark] = {}
        self._heads: dict[tuple[str, int], tuple[int, float]] = {}
        self._idle: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._progress = Progress()
        self._health = Health(name, self._logs, clock)

    async def start(self) -> None:
        """Begin to follow, in tasks of its own."""
        self._tasks = [asyncio.create_task(self._follow(feed), name=f"{self.name}-{feed.log}") for feed in self._feeds]

    async def close(self) -> None:
        """Stop, undoing the batch in hand, and close the feeds."""
        await end(*self._tasks)
        self._tasks = []
        for feed in self._feeds:
            await feed.close()

    async def catch_up(self) -> None:
        """Apply all that is in the logs now, without `start`. Raises the first failure."""
        more = True
        while more:
            more = False
            for feed in self._feeds:
                more |= await self._attempt(feed)

    def vector(self) -> Vector:
        """The positions that are applied."""
        return self._progress.vector()

    async def reached(self, vector: Vector, timeout: float) -> bool:
        """Wait at most `timeout` seconds until the vector's positions are applied; logs not followed do not count."""
        return await self._progress.reached(vector, self._logs, timeout)

    def lag(self) -> dict[tuple[str, int], Lag]:
        """How far behind each (log, shard) is."""
        return self._health.lag()

    def state(self, log: str) -> State:
        """What the reader is doing with this log."""
        return self._health.state(log)

    async def problem(self) -> str | None:
        """For readiness: None, or which logs are failing, still catching up or in need of a rebuild."""
        return self._health.problem()

    @abstractmethod
    async def _open(self, feed: Feed, shard: int) -> Mark:
        """How far this shard was applied."""

    @abstractmethod
    async def _take(self, mark: Mark, events: Sequence[StoredEvent]) -> bool:
        """Apply what follows on the mark, then `_remember`; False when the mark was no longer how far it is."""

    async def _remember(self, mark: Mark) -> None:
        self._marks[mark.log, mark.shard] = mark
        await self._progress.move(mark.log, mark.shard, mark.number)

    async def _follow(self, feed: Feed) -> None:
        now = asyncio.get_running_loop().time
        began = now() - self._pause
        while True:
            async for attempt in stamina.retry_context(on=Exception, attempts=None, timeout=None, wait_jitter=0.1):
                with attempt:
                    await asyncio.sleep(began + self._pause - now())
                    began = now()
                    while await self._attempt(feed):
                        pass
                    await feed.wait(self._poll)

    async def _attempt(self, feed: Feed) -> bool:
        """Read and apply one batch of each shard; whether there may be more. Reports a failure and raises it."""
        try:
            more = await self._advance(feed)
        except Exception as error:
            self._distrust(feed)
            self._health.failed(feed.log, error)
            raise
        self._health.succeeded(feed.log, more)
        return more

    async def _advance(self, feed: Feed) -> bool:
        more, starved = False, None
        shards = await feed.shards()
        self._let_go(feed.log, shards)
        for shard in shards:
            try:
                more |= await self._advance_shard(feed, shard)
            except Starved as error:
                starved = error
                await self._report_hunger(feed, shard, error)
        if starved is not None:
            raise starved
        self._idle[feed.log] = 0 if more else self._idle.get(feed.log, 0) + 1
        if self._idle[feed.log] >= IDLE_CHECK:
            self._distrust(feed)
        return more

    async def _advance_shard(self, feed: Feed, shard: int) -> bool:
        mark = self._marks.get((feed.log, shard)) or await self._prove(feed, shard)
        read = await feed.read(shard, mark.number, self._batch)
        events = dense(mark, read)
        if not events:
            self._health.behind(feed.log, shard, 0, self._clock.now())
            return False
        full = len(read) >= self._batch
        last = max(await self._last(feed, shard, full), events[-1].position.number)
        self._health.behind(feed.log, shard, last - mark.number, events[0].recorded_at)
        taken = await self._take(mark, events)
        return full or not taken or len(events) < len(read) or events[-1].position.number < last

    async def _last(self, feed: Feed, shard: int, full: bool) -> int:
        """The log's head, asked for when a batch is full and else once a second: only the lag depends on it."""
        now = asyncio.get_running_loop().time()
        known, asked = self._heads.get((feed.log, shard), (0, -HEAD_AGE))
        if full or now - asked > HEAD_AGE:
            known = await feed.head(shard)
            self._heads[feed.log, shard] = (known, now)
        return known

    async def _report_hunger(self, feed: Feed, shard: int, error: Starved) -> None:
        """The lag must be seen while nothing comes."""
        mark = self._marks[feed.log, shard]
        oldest = await feed.at(shard, mark.number + 1)
        if oldest is not None:
            self._health.behind(feed.log, shard, error.head - mark.number, oldest.recorded_at)

    def _let_go(self, log: str, shards: Sequence[int]) -> None:
        """Forget the shards that others follow from now on."""
        for place in [place for place in self._marks if place[0] == log and place[1] not in shards]:
            del self._marks[place]
            self._health.let_go(*place)

    async def _prove(self, feed: Feed, shard: int) -> Mark:
        mark = await self._open(feed, shard)
        await verify_history(feed, mark)
        await self._remember(mark)
        return mark

    def _distrust(self, feed: Feed) -> None:
        """Look again at how far it is, and prove that the log is still the same, before the next event."""
        self._idle[feed.log] = 0
        for place in [place for place in self._marks if place[0] == feed.log]:
            del self._marks[place]
