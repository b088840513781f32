"""What the tests of the feeds start from: events, a count that shows every double, and feeds that misbehave."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import asyncpg

from shared.clock import SystemClock
from shared.feeds.checkpoints import Connection
from shared.feeds.feed import Feed
from shared.log.canonical import canonical, content_hash
from shared.log.events import Columns, Key, NewEvent, Position, StoredEvent, Unit
from shared.log.ids import uuid7
from shared.log.log import Log

LOG = "interventions"
PROVIDER = "kvknr:99990001"
SOURCE = "urn:nld:kvknr:99990001:systeem:ecd"
TYPE = "nl.jeugdhulp-op-school.group-intervention-recorded.v1"
NOON = datetime(2022, 7, 5, 12, tzinfo=UTC)

SOON = 20.0
"""Seconds within which something happens that needs no more than a moment."""


def unit(number: int) -> Unit:
    """A group intervention of `number` minutes, alone."""
    payload = canonical({"minutes": number})
    event = NewEvent(
        id=uuid7(SystemClock()),
        key=Key(PROVIDER, SOURCE, f"e-{number}"),
        type=TYPE,
        stream=f"intervention/{PROVIDER}/{SOURCE}/e-{number}",
        time=NOON,
        recorded_at=NOON,
        payload=payload,
        content_hash=content_hash(TYPE, NOON, payload),
        columns=Columns(
            day=date(2022, 7, 5),
            programme="HR-JOS",
            school=f"99H{'ABC'[number % 3]}00",
            provider=PROVIDER,
            kind="GROUP",
            quantity=Decimal(number),
        ),
    )
    return Unit((event,))


async def store(log: Log, first: int, last: int) -> None:
    """Append the events `first` to `last`; in an empty log their numbers are their positions."""
    for start in range(first, last + 1, 500):
        await log.append_units([unit(n) for n in range(start, min(start + 500, last + 1))])


def stored(number: int, *, epoch: str = "e1", shard: int = 1) -> StoredEvent:
    """A row of a log, made by hand for what needs no database."""
    [event] = unit(number).events
    return StoredEvent(
        Position(shard, number),
        epoch,
        event.id,
        event.key,
        event.type,
        event.stream,
        1,
        event.time,
        event.recorded_at,
        event.payload,
        event.content_hash,
        number.to_bytes(32),
        event.columns,
        event.judgement,
        None,
    )


# A row per event, without any key that would hide a double, and a counter that nobody could recount.
COUNT_TABLES = """
    create table app.counted (log text, position bigint, minutes numeric);
    create table app.totals (log text, school text, events bigint, minutes numeric, primary key (log, school));
    grant all on app.counted, app.totals to kpi_app"""
_COUNT = "insert into app.counted select $1, * from unnest($2::bigint[], $3::numeric[])"
_ADD = """
    insert into app.totals as t select $1, school, count(*), sum(minutes)
    from unnest($2::text[], $3::numeric[]) as e(school, minutes) group by school order by school
    on conflict (log, school)
    do update set events = t.events + excluded.events, minutes = t.minutes + excluded.minutes"""

# What a restore does.
NEW_EPOCH = """
    insert into log.epochs (number, log_id, epoch, reason)
    select number + 1, log_id, 'restored', 'restore' from log.epochs order by number desc limit 1"""


class Count:
    """Counts events in a database; `poison` are the numbers of events that it cannot digest."""

    def __init__(self, poison: Sequence[int] = ()) -> None:
        self.poison = set(poison)
        self.offered: list[int] = []

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        self.offered += [event.position.number for event in events]
        minutes = [event.columns.quantity for event in events]
        await connection.execute(_COUNT, log, [event.position.number for event in events], minutes)
        await connection.execute(_ADD, log, [event.columns.school for event in events], minutes)
        for event in events:
            if event.position.number in self.poison:
                raise ValueError(f"pupil {event.payload} cannot be counted")


async def counted(pool: asyncpg.Pool) -> list[int]:
    """The positions that were counted, each as often as it was."""
    return [row["position"] for row in await pool.fetch("select position from app.counted order by position")]


async def totals(pool: asyncpg.Pool) -> list[tuple[object, ...]]:
    """The whole read model, row for row."""
    return [tuple(row) for row in await pool.fetch("select * from app.totals order by log, school")]


class Through:
    """Passes another feed on; what misbehaves says how by overriding."""

    def __init__(self, feed: Feed) -> None:
        self.log = feed.log
        self.feed = feed

    async def shards(self) -> Sequence[int]:
        return await self.feed.shards()

    async def epoch(self) -> str:
        return await self.feed.epoch()

    async def head(self, shard: int) -> int:
        return await self.feed.head(shard)

    async def read(self, shard: int, after: int, limit: int) -> Sequence[StoredEvent]:
        return await self.feed.read(shard, after, limit)

    async def at(self, shard: int, number: int) -> StoredEvent | None:
        return await self.feed.at(shard, number)

    async def wait(self, timeout: float) -> None:
        await self.feed.wait(timeout)

    async def close(self) -> None:
        await self.feed.close()


class Twice(Through):
    """Delivers every event twice: once more beside itself, and what was delivered before once again."""

    async def read(self, shard: int, after: int, limit: int) -> Sequence[StoredEvent]:
        again = await self.feed.read(shard, max(0, after - limit), min(after, limit)) if after else []
        return [*again, *(event for event in await self.feed.read(shard, after, limit) for _ in range(2))]


class Holey(Through):
    """Loses the events of some positions until `refilled`."""

    def __init__(self, feed: Feed, missing: Sequence[int]) -> None:
        super().__init__(feed)
        self.missing = set(missing)

    async def read(self, shard: int, after: int, limit: int) -> Sequence[StoredEvent]:
        events = await self.feed.read(shard, after, limit)
        return [event for event in events if event.position.number not in self.missing]

    def refill(self) -> None:
        """Everything is there again."""
        self.missing.clear()
