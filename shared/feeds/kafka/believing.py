"""What of a partition's records is believed: signed by the relay, of this log, next in order, and of its chain."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiokafka import ConsumerRecord

from shared.feeds.continuity import LostTimeline
from shared.feeds.kafka import record
from shared.feeds.kafka.measured import DUPLICATES, REFILLED
from shared.feeds.kafka.record import Place, Reason, Refused
from shared.feeds.kafka.refused import Refusals
from shared.feeds.postgres import Identity, PostgresFeed
from shared.log.events import Position, StoredEvent
from shared.log.row_hash import genesis, row_hash


@dataclass(slots=True)
class Trail:
    """How far a shard was believed: its last position, the hash of that row, and the records that came since."""

    shard: int
    number: int
    row_hash: bytes
    came: deque[ConsumerRecord] = field(default_factory=deque)
    doubt: bool = False
    """Whether a record was refused since the last that was believed: then its place may have to be read elsewhere."""
    base: int = 0
    given: Sequence[StoredEvent] = ()
    """What was given last, after position `base`, in case it is asked for again."""


class Believing:
    """Turns records into events, and reads from the log itself what the topic lacks (K-06)."""

    def __init__(self, reader: str, source: PostgresFeed, secret: bytes, refusals: Refusals) -> None:
        self._names = (reader, source.log)
        self._source = source
        self._secret = secret
        self._refusals = refusals
        self._identity: Identity | None = None

    async def begin(self, shard: int, after: int) -> Trail:
        """A trail that begins after this position, with the row hash that the log has there."""
        if after == 0:
            return Trail(shard, 0, genesis((await self.identity()).log_id, shard))
        event = await self._source.at(shard, after)
        if event is None:
            raise LostTimeline(self._source.log, Position(shard, after), await self._source.head(shard))
        return Trail(shard, after, event.row_hash)

    async def identity(self, anew: bool = False) -> Identity:
        """Which log this is, as PostgreSQL says."""
        if self._identity is None or anew:
            self._identity = await self._source.identity()
        return self._identity

    async def follow(self, trail: Trail, limit: int) -> list[StoredEvent]:
        """At most `limit` events that follow on the trail, which goes on behind them. What comes too early waits."""
        found: list[StoredEvent] = []
        while len(found) < limit:
            if trail.came:
                found += await self._next(trail, limit - len(found))
            elif trail.doubt:
                trail.doubt = False
                found += await self._refill(trail, limit - len(found))
            else:
                break
        return found

    async def _next(self, trail: Trail, limit: int) -> Sequence[StoredEvent]:
        came = trail.came[0]
        try:
            place = await self._place(trail.shard, came)
            if place is None or place.position.number <= trail.number:
                self._pass(trail, place)
                return ()
            if place.position.number > trail.number + 1:
                return await self._refill(trail, min(limit, place.position.number - trail.number - 1))
            event = self._linked(trail, place, came)
        except Refused as refused:
            trail.came.popleft()
            trail.doubt = True
            self._refusals.add(came.partition, came.offset, refused.reason)
            return ()
        trail.came.popleft()
        trail.doubt = False
        trail.number, trail.row_hash = event.position.number, event.row_hash
        return (event,)

    async def _place(self, shard: int, came: ConsumerRecord) -> Place | None:
        """Where an authentic record stands; None for one of an earlier epoch of this log."""
        place = record.read_place(self._source.log, shard, came.key, came.headers, came.value, self._secret)
        identity = await self.identity()
        if place.epoch not in identity.epochs:
            identity = await self.identity(anew=True)
        if place.epoch not in identity.epochs:
            raise Refused(Reason.FOREIGN)
        if place.position.number == 0 and place.row_hash != genesis(identity.log_id, shard):
            raise Refused(Reason.FOREIGN)
        return place if place.epoch == identity.epoch else None

    def _linked(self, trail: Trail, place: Place, came: ConsumerRecord) -> StoredEvent:
        event = record.decode(place, came.headers, came.value)
        if row_hash(trail.row_hash, event) != place.row_hash:
            raise Refused(Reason.UNTRUSTED)
        return event

    def _pass(self, trail: Trail, place: Place | None) -> None:
        trail.came.popleft()
        if place is not None and place.position.number > 0:
            DUPLICATES.labels(*self._names).inc()

    async def _refill(self, trail: Trail, limit: int) -> Sequence[StoredEvent]:
        """What the topic lacks, from the log. Raises `LostTimeline` when the log does not have it either."""
        events = await self._source.read(trail.shard, trail.number, limit)
        if events:
            REFILLED.labels(*self._names).inc(len(events))
            trail.number, trail.row_hash = events[-1].position.number, events[-1].row_hash
        elif trail.came:
            raise LostTimeline(self._source.log, Position(trail.shard, trail.number + 1), trail.number)
        return events
