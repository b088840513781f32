"""The feed from Kafka: the log's events by way of a topic that is not trusted, with the log itself as the judge."""

import asyncio
from collections.abc import Sequence

import asyncpg

from shared.clock import Clock
from shared.feeds.continuity import LostTimeline, Starved
from shared.feeds.kafka.believing import Believing, Trail
from shared.feeds.kafka.measured import TIMELINE
from shared.feeds.kafka.refused import Refusals
from shared.feeds.kafka.subscription import Subscription
from shared.feeds.postgres import PostgresFeed
from shared.log.events import Position, StoredEvent
from shared.settings import Settings

PATIENCE = 1.0
"""Seconds that a read waits for events that are in the log and not in the topic yet."""
STUCK = 10.0
"""Seconds without anything coming, while there is lag, after which the client is looked into."""


class KafkaFeed:
    """Follows the log of one service through its topic. Meant for one reader.

    `group`: the shards are divided among the processes whose readers have this name, and while the brokers bring
    nothing the reader falls behind, visibly. Without it this process follows every shard, for a copy that the write
    path needs; then what the brokers do not bring is read from the log (the broker is never in the write path).

    Positions, epoch and head are the log's own. The offset to read from is only a hint: the record of position p never
    stands before offset p, because a genesis record comes first and everything else that happens puts it further back.
    """

    def __init__(
        self, log: str, settings: Settings, clock: Clock, *, reader: str, pool: asyncpg.Pool, group: bool = True
    ) -> None:
        self.log = log
        self._names = (reader, log)
        self._clock = clock
        self._group = group
        self._source = PostgresFeed(log, settings)
        self._subscription = Subscription(log, settings, reader, group)
        self._refusals = Refusals(reader, log, self._subscription.topic, pool)
        secret = settings.secret("feed.key").get_secret_value().encode()
        self._believing = Believing(reader, self._source, secret, self._refusals)
        self._trails: dict[int, Trail] = {}
        self._heads: dict[int, int] = {}
        self._hungry: dict[int, float] = {}
        self._shards: Sequence[int] = ()

    async def shards(self) -> Sequence[int]:
        """The shards that are this process's now: all of the log's without a group, or while it was never connected."""
        if self._group and self._subscription.connected:
            self._shards = sorted(partition + 1 for partition in self._subscription.partitions())
        elif not self._group or not self._shards:
            self._shards = await self._source.shards()
        return self._shards

    async def epoch(self) -> str:
        """The log's present epoch, as PostgreSQL says."""
        return await self._source.epoch()

    async def head(self, shard: int) -> int:
        """The number of the last event in the log itself, published or not."""
        return await self._source.head(shard)

    async def at(self, shard: int, number: int) -> StoredEvent | None:
        """The event at this position, from the log itself."""
        return await self._source.at(shard, number)

    async def read(self, shard: int, after: int, limit: int) -> Sequence[StoredEvent]:
        """At most `limit` events after `after`; empty when the log has none.

        Raises `Starved` when it has and the brokers do not bring them, `LostTimeline` when they bring more than it has,
        and what the database raises: nothing is applied that the log was not asked about.
        """
        try:
            trail = await self._trail(shard, after)
            if after < trail.number:
                return [event for event in trail.given if event.position.number > after][:limit]
            return await self._read(trail, limit)
        except BaseException as error:
            if not isinstance(error, Starved):
                self._trails.pop(shard, None)
            raise

    async def wait(self, timeout: float) -> None:
        """Return when records have come, or after `timeout` seconds."""
        trails = [self._trails[shard] for shard in self._shards if shard in self._trails]
        if not any(trail.came for trail in trails):
            await self._poll(timeout)

    async def close(self) -> None:
        """Leave the group and give the connections back."""
        await self._subscription.close()
        await self._source.close()

    async def _trail(self, shard: int, after: int) -> Trail:
        """The trail from which this can be read: the present one, or one that begins there."""
        trail = self._trails.get(shard)
        if trail is None or not trail.base <= after <= trail.number:
            trail = self._trails[shard] = await self._believing.begin(shard, after)
            self._subscription.seek(shard - 1, after)
        return trail

    async def _read(self, trail: Trail, limit: int) -> Sequence[StoredEvent]:
        base = trail.number
        if len(trail.came) < limit:
            await self._poll(0, trail.shard)
        events = await self._follow(trail, limit)
        if events:
            self._hungry.pop(trail.shard, None)
        else:
            head = self._heads[trail.shard] = await self._source.head(trail.shard)
            if head <= base:
                self._hungry.pop(trail.shard, None)
                return ()
            events = await self._insist(trail, limit, head)
        await self._vouch(trail.shard, events[-1])
        trail.base, trail.given = base, events
        return events

    async def _follow(self, trail: Trail, limit: int) -> Sequence[StoredEvent]:
        events = await self._believing.follow(trail, limit)
        await self._refusals.note(self._clock.now())
        return events

    async def _insist(self, trail: Trail, limit: int, head: int) -> Sequence[StoredEvent]:
        """There is more: wait for it once, and from then on look only. Raises `Starved`.

        A topic that was filled anew is full of what was read before: a consumer goes through that without a pause.
        """
        now = asyncio.get_running_loop().time()
        hungry_since = self._hungry.setdefault(trail.shard, now)
        until = now + (PATIENCE if hungry_since == now else 0)
        while True:
            before = self._subscription.offset(trail.shard - 1)
            await self._poll(max(0, until - asyncio.get_running_loop().time()), trail.shard)
            events = await self._follow(trail, limit)
            if events:
                self._hungry.pop(trail.shard, None)
                return events
            if self._group and self._subscription.offset(trail.shard - 1) > before:
                self._hungry[trail.shard] = asyncio.get_running_loop().time()
            elif asyncio.get_running_loop().time() >= until:
                break
        await self._look_into(trail.shard)
        if self._group:
            raise Starved(self.log, Position(trail.shard, trail.number), head)
        events = await self._source.read(trail.shard, trail.number, limit)
        trail.number, trail.row_hash = events[-1].position.number, events[-1].row_hash
        return events

    async def _vouch(self, shard: int, last: StoredEvent) -> None:
        """Nothing is given out that the log does not have, however authentic (K-08)."""
        if last.position.number > self._heads.get(shard, 0):
            self._heads[shard] = await self._source.head(shard)
        lost = last.position.number > self._heads[shard]
        TIMELINE.labels(*self._names).set(lost)
        if lost:
            raise LostTimeline(self.log, last.position, self._heads.pop(shard))

    async def _look_into(self, shard: int) -> None:
        """A client that brings nothing although the brokers have more is made anew (the progress watchdog)."""
        now = asyncio.get_running_loop().time()
        if now - self._hungry[shard] < STUCK or not self._subscription.connected:
            return
        self._hungry[shard] = now - PATIENCE
        end = await self._subscription.ends_at(shard - 1)
        if end is None or end > self._subscription.offset(shard - 1):
            self._subscription.give_up("nothing comes, although there is more")

    async def _poll(self, timeout: float, shard: int | None = None) -> None:
        partition = None if shard is None else shard - 1
        for number, records in (await self._subscription.poll(timeout, partition)).items():
            if number + 1 in self._trails:
                self._trails[number + 1].came.extend(records)
