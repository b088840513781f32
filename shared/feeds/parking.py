"""Parked events: set aside with place and reason, visible, and applied again by one command (G-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from shared.clock import Clock
from shared.feeds import checkpoints
from shared.feeds.applying import Apply
from shared.feeds.checkpoints import Connection
from shared.feeds.continuity import HoleInFeed, RebuildNeeded, verify_epoch
from shared.feeds.failures import Blame, blame, describe
from shared.feeds.feed import Feed
from shared.log.events import Position, StoredEvent

# Parked again after a failed replay: the newest reason, one attempt more, the first moment.
_PARK = """
    insert into app.parked (consumer, log, shard, position, event_id, type, reason, parked_at,
                            programme, school, provider, day)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict (consumer, log, shard, position)
    do update set reason = excluded.reason, attempts = app.parked.attempts + 1"""

_LIST = """
    select consumer, log, shard, position, event_id, type, reason, attempts, parked_at,
           programme, school, provider, day
    from app.parked where $1::text is null or consumer = $1 order by consumer, log, shard, position"""

_PLACE = "where consumer = $1 and log = $2 and shard = $3 and position = $4"
_LOCK = f"select true from app.parked {_PLACE} for update"
_RELEASE = f"delete from app.parked {_PLACE}"


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that is not applied: where it is, what it concerns, why, and how often it was tried."""

    consumer: str
    log: str
    position: Position
    event_id: UUID
    type: str
    reason: str
    attempts: int
    parked_at: datetime
    programme: str | None
    school: str | None
    provider: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to: how many events are applied now, and how many are parked still."""

    applied: int
    parked: int


async def park(connection: Connection, consumer: str, log: str, event: StoredEvent, why: str, now: datetime) -> None:
    """Set an event aside, in the transaction that moves the checkpoint past it."""
    columns = event.columns
    place = (consumer, log, event.position.shard, event.position.number)
    concerns = (columns.programme, columns.school, columns.provider, columns.day)
    await connection.execute(_PARK, *place, event.id, event.type, why, now, *concerns)


async def list_parked(pool: asyncpg.Pool, consumer: str | None = None) -> list[Parked]:
    """The parked events of one consumer, or of all of them in this database, in the order of their logs."""
    return [
        Parked(
            row["consumer"],
            row["log"],
            Position(row["shard"], row["position"]),
            *(row[name] for name in ("event_id", "type", "reason", "attempts", "parked_at")),
            *(row[name] for name in ("programme", "school", "provider", "day")),
        )
        for row in await pool.fetch(_LIST, consumer)
    ]


async def replay(pool: asyncpg.Pool, consumer: str, feeds: Sequence[Feed], apply: Apply, clock: Clock) -> Replayed:
    """Apply the consumer's parked events again, each in a transaction of its own, while the consumer may be running.

    An event that fails again stays parked with the new reason. Raises `RebuildNeeded` when a log was restored, and what
    the database raises when it fails.
    """
    applied = still = 0
    by_log = {feed.log: feed for feed in feeds}
    for one in await list_parked(pool, consumer):
        if one.log in by_log:
            done = await _replay(pool, one, by_log[one.log], apply, clock)
            applied, still = applied + done, still + (not done)
    return Replayed(applied, still)


async def _replay(pool: asyncpg.Pool, one: Parked, feed: Feed, apply: Apply, clock: Clock) -> bool:
    place = (one.consumer, one.log, one.position.shard)
    event = await _read_again(feed, one.position)
    async with pool.acquire() as connection, connection.transaction():
        mark = await checkpoints.lock(connection, *place)
        if mark is None:
            raise RebuildNeeded(one.log, "its checkpoint was thrown away")
        await verify_epoch(feed, mark)
        if not await connection.fetchval(_LOCK, *place, one.position.number):
            return True
        try:
            async with connection.transaction():
                await apply(connection, one.log, [event])
                await connection.execute(_RELEASE, *place, one.position.number)
        except Exception as error:
            if connection.is_closed() or blame(error) is Blame.DATABASE:
                raise
            await park(connection, one.consumer, one.log, event, describe(error), clock.now())
            return False
    return True


async def _read_again(feed: Feed, position: Position) -> StoredEvent:
    event = await feed.at(*position)
    if event is None:
        raise HoleInFeed(feed.log, position)
    return event
