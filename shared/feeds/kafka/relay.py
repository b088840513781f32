"""The relay of a log: publishes it in order, remembers how far, and proves that the brokers have kept it (G-09)."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

import asyncpg
import structlog

from shared.clock import Clock
from shared.feeds.failures import describe
from shared.feeds.kafka import measured
from shared.feeds.kafka.bookmarks import Bookmark, Bookmarks, Fenced
from shared.feeds.kafka.continuity import replay_reason
from shared.feeds.kafka.publishing import BrokerForgot, Publisher
from shared.feeds.kafka.topics import ensure_topic
from shared.feeds.postgres import PostgresFeed
from shared.settings import Settings
from shared.tasks import end
from shared.tracing import tracing

PROOF_EVERY = 60.0
"""Seconds between two proofs that the topic continues the log."""
RENEW_EVERY = 2.0
"""Seconds after which an idle holder says that it is still there, and another asks whether it is."""
POLL = 0.5
"""Seconds after which the log is looked at, whether or not it told that there is something."""
SLOWEST_RETRY = 5.0
"""Seconds between two attempts while the brokers are away; the first come sooner."""
PREPARING = 30.0
"""Seconds that the brokers may take to make a topic."""
BATCH = 1000
"""Events between two bookmarks at most."""

_logger = structlog.get_logger("jos.relay")


class Relay:
    """Publishes one log to its topic, in a task of its own beside whatever the service does.

    Of several for one log each shard has one that publishes; another takes over when it stops saying that it is there.
    No failure ends it, and none is anybody's problem but its own: the log goes on without the brokers.
    """

    def __init__(
        self, log: str, settings: Settings, bookmarks: Bookmarks, clock: Clock, *, proof_every: float = PROOF_EVERY
    ) -> None:
        self._log = log
        self._settings = settings
        self._bookmarks = bookmarks
        self._clock = clock
        self._proof_every = proof_every
        self._source = PostgresFeed(log, settings)
        self._secret = settings.secret("feed.key").get_secret_value().encode()
        self._held: dict[int, Bookmark] = {}
        self._proved: dict[int, float] = {}
        self._asked: dict[int, float] = {}
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; nobody waits for the brokers."""
        self._loop = asyncio.create_task(self._run(), name=f"relay-{self._log}")

    async def close(self) -> None:
        """Stop, and let another take over at once."""
        if self._loop is not None:
            await end(self._loop)
        for held in self._held.values():
            await self._quietly(self._bookmarks.release(held))
        await self._source.close()

    def published(self, shard: int) -> int:
        """The position up to which this process has published the shard; 0 while another does."""
        held = self._held.get(shard)
        return held.position if held else 0

    async def _run(self) -> None:
        pause = 0.1
        while True:
            try:
                async with Publisher(self._log, self._settings, self._secret) as publisher:
                    while True:
                        await self._round(publisher)
                        pause = 0.1
            except Exception as error:
                self._failed(error)
            await self._quietly(self._tell_lag())
            await asyncio.sleep(pause)
            pause = min(2 * pause, SLOWEST_RETRY)

    async def _round(self, publisher: Publisher) -> None:
        more = False
        for shard in await self._source.shards():
            try:
                more |= await self._advance(publisher, shard)
            except Fenced:
                self._lose(shard)
        if not more:
            await self._source.wait(POLL)

    async def _advance(self, publisher: Publisher, shard: int) -> bool:
        """Publish the next events of a shard, when it is ours; whether there may be more."""
        held = self._held.get(shard) or await self._take(shard)
        if held is None:
            return False
        if self._now() - self._proved.get(shard, -self._proof_every) >= self._proof_every:
            held = await self._prove(publisher, held)
        events = await self._source.read(shard, held.position, BATCH)
        if not events:
            await self._renew(held)
            self._lag(shard, 0, 0)
            return False
        traced = tracing()
        began = traced.now() if traced else 0
        try:
            reached = await publisher.publish(held, events)
        except BrokerForgot:
            await self._begin(publisher, held, "forgotten")
            return True
        await self._bookmarks.save(reached)
        self._held[shard] = reached
        measured.RELAY_PUBLISHED.labels(self._log).inc(len(events))
        if traced:
            traced.passed(f"publish {self._log}", "PRODUCER", events, began, {})
        full = len(events) == BATCH
        self._lag(shard, await self._source.head(shard) - reached.position if full else 0, 0)
        return full

    async def _take(self, shard: int) -> Bookmark | None:
        if self._now() - self._asked.get(shard, -RENEW_EVERY) < RENEW_EVERY:
            return None
        self._asked[shard] = self._now()
        held = await self._bookmarks.take(shard)
        if held is not None:
            self._held[shard] = held
            self._proved.pop(shard, None)
            measured.RELAY_HOLDS.labels(self._log, str(shard)).set(1)
            _logger.info("relay holds", log=self._log, shard=shard, position=held.position)
        return held

    async def _renew(self, held: Bookmark) -> None:
        if self._now() - self._asked.get(held.shard, -RENEW_EVERY) >= RENEW_EVERY:
            await self._bookmarks.renew(held)
            self._asked[held.shard] = self._now()

    def _lose(self, shard: int) -> None:
        _logger.warning("relay fenced", log=self._log, shard=shard)
        self._held.pop(shard, None)
        measured.RELAY_HOLDS.labels(self._log, str(shard)).set(0)
        for gauge in (measured.RELAY_LAG, measured.RELAY_LAG_SECONDS, measured.RELAY_CONTINUITY):
            with suppress(KeyError):
                gauge.remove(self._log, str(shard))

    async def _prove(self, publisher: Publisher, held: Bookmark) -> Bookmark:
        """Prove that the topic continues the log; publish it again from its beginning when it does not."""
        async with asyncio.timeout(PREPARING):
            await ensure_topic(self._settings, self._log, max(await self._source.shards()))
        reason = await replay_reason(self._settings, self._source, held, self._secret)
        if reason is not None:
            held = await self._begin(publisher, held, reason)
        measured.RELAY_CONTINUITY.labels(self._log, str(held.shard)).set(1)
        self._proved[held.shard] = self._now()
        return held

    async def _begin(self, publisher: Publisher, held: Bookmark, reason: str) -> Bookmark:
        _logger.warning("log published from its beginning", log=self._log, shard=held.shard, reason=reason)
        measured.RELAY_REPLAYS.labels(self._log, reason).inc()
        begun = await publisher.begin(held, await self._source.identity(), self._clock.now())
        await self._bookmarks.save(begun)
        self._held[held.shard] = begun
        return begun

    def _failed(self, error: Exception) -> None:
        """Prove everything again before the next record: nobody knows what the brokers have been through."""
        measured.REBUILDS.labels("relay", self._log).inc()
        _logger.error("relay failed", log=self._log, reason=describe(error))
        self._proved.clear()
        for shard in self._held:
            measured.RELAY_CONTINUITY.labels(self._log, str(shard)).set(0)

    async def _tell_lag(self) -> None:
        """Of every shard that is ours, or that nobody holds: also where the brokers were never there."""
        for shard in await self._source.shards():
            held = self._held.get(shard) or await self._take(shard)
            if held is None:
                continue
            head = await self._source.head(shard)
            oldest = await self._source.at(shard, held.position + 1)
            age = (self._clock.now() - oldest.recorded_at).total_seconds() if oldest else 0
            self._lag(shard, head - held.position, max(0, age))

    def _lag(self, shard: int, events: int, seconds: float) -> None:
        measured.RELAY_LAG.labels(self._log, str(shard)).set(events)
        measured.RELAY_LAG_SECONDS.labels(self._log, str(shard)).set(seconds)

    async def _quietly(self, step: Awaitable[None]) -> None:
        """For what must not stop the relay: the database may be away as well."""
        try:
            await step
        except Exception as error:
            _logger.warning("relay could not tell", log=self._log, reason=describe(error))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def start_relay(log: str, pool: asyncpg.Pool, settings: Settings, clock: Clock) -> Relay:
    """The relay of a service's own log, begun; `pool` is the service's."""
    relay = Relay(log, settings, Bookmarks(pool, holder=f"{settings.host}:{settings.port}"), clock)
    await relay.start()
    return relay
