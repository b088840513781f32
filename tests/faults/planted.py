"""Bugs that others have shipped, planted on purpose: each must turn a checker red.

Those in SQL replace `log.append` by a changed copy of itself; those in Python replace a class of the log or the feeds.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import asyncpg

import shared.log
from shared.clock import SystemClock
from shared.feeds import checkpoints
from shared.feeds.consumer import Consumer
from shared.feeds.continuity import Mark
from shared.log.errors import UNREACHABLE, Unavailable, in_words_of_the_log
from shared.log.events import Appended, StoredEvent, Unit
from shared.log.lanes import Lane, Lanes
from shared.log.log import Log
from shared.log.notify import Notifier
from shared.log.writer import Writer, call
from tests.faults.appending import SERVICE

LOCK = "perform pg_advisory_xact_lock(7105, shard);"
NEXT = "place := place + 1;"
INSERT = "-- What is to be stored, with its place, its version and the chain."
"""Before this the changed copies wait up to 10 ms, as a busy server does, so that a short run sees the bug."""
READ_KNOWN = "-- What the log knows of each event's key and stream, and which events of this call share them."


def append_with(**changes: str) -> str:
    """`log.append` with some of its lines replaced; each must be there."""
    text = (Path(shared.log.__path__[0]) / "sql" / "append.sql").read_text(encoding="utf-8")
    text = "create or replace function log.append" + text.partition("create function log.append")[2]
    assert INSERT in text
    text = text.replace(INSERT, f"perform pg_sleep(random() * 0.01);\n    {INSERT}")
    for was, becomes in ((LOCK, changes.get("lock")), (NEXT, changes.get("next")), (READ_KNOWN, changes.get("known"))):
        assert was in text, was
        if becomes is not None:
            text = text.replace(was, becomes)
    return text


SEQUENCE = """
create sequence log.identity cache 1;
grant usage on sequence log.identity to interventions_append;
"""
NO_CHAIN = (
    "alter table log.events drop constraint events_position; alter table log.events drop constraint events_stream;"
)

# A sequence gives numbers in the order of asking, not of committing: a reader passes over those in flight.
IDENTITY = SEQUENCE + append_with(lock="", next="place := nextval('log.identity');")

# Whether it is there is looked up before it is stored, and nothing stands in the way of who looks at the same time.
SELECT_THEN_INSERT = (
    SEQUENCE
    + NO_CHAIN
    + "alter table log.events drop constraint events_key;"
    + (
        "alter table log.events drop constraint events_id;"
        + append_with(lock="", next="place := nextval('log.identity');")
    )
)

# Two writers read the same head, because the lock is let go before what it protects is there.
LOCK_RELEASED = NO_CHAIN + append_with(
    lock="perform pg_advisory_lock(7105, shard);", known="perform pg_advisory_unlock(7105, shard);"
)

# A commit is reported before it is on disk.
ASYNCHRONOUS = "alter role interventions_app set synchronous_commit = off"

# An entry is made again when its event comes again.
NO_LINE_KEY = """
do $$ declare c record; begin
    for c in select conrelid::regclass as t, conname from pg_constraint
             where contype = 'p' and conrelid in ('app.posting'::regclass, 'app.incoming'::regclass) loop
        execute format('alter table %s drop constraint %I', c.t, c.conname);
    end loop;
end $$"""


class RepliesBeforeCommit(Writer):
    """Answers as soon as the function has, and commits a moment later."""

    _committing: asyncio.Task[None] | None = None

    async def write(self, units: Sequence[Unit]) -> list[list[Appended]]:
        try:
            with in_words_of_the_log():
                if self._committing is not None:
                    await self._committing
                connection = await self._kept.get()
                await connection.execute("begin")
                answers = await call(connection, self._shard, units)
        except Unavailable:
            self._committing = None
            await self._kept.drop()
            raise
        self._committing = asyncio.create_task(self._commit(connection))
        return answers

    async def _commit(self, connection: asyncpg.pool.PoolConnectionProxy) -> None:
        await asyncio.sleep(0.02)
        with suppress(asyncpg.PostgresError, *UNREACHABLE):
            await connection.execute("commit")

    async def close(self) -> None:
        if self._committing is not None:
            await self._committing
        await super().close()


class EarlyLanes(Lanes):
    """Lanes with that writer."""

    def lane(self, shard: int) -> Lane:
        if shard not in self._lanes:
            self._lanes[shard] = Lane(RepliesBeforeCommit(self._pool, shard), self._appended)
        return self._lanes[shard]


def replies_before_commit(pool: asyncpg.Pool) -> Log:
    """A log with that writer."""
    log = Log(SERVICE, pool, SystemClock())
    log._lanes = EarlyLanes(pool, log._notifier.appended)
    return log


class CheckpointApart(Consumer):
    """Moves the checkpoint in one transaction and writes what follows from the events in another."""

    async def _take(self, mark: Mark, events: Sequence[StoredEvent]) -> bool:
        after = mark.after(events[-1])
        async with self._pool.acquire() as connection:
            async with connection.transaction():
                await checkpoints.move(connection, self.name, mark, after, events[-1].recorded_at)
            async with connection.transaction():
                await self._apply(connection, mark.log, events)
        self._health.passed(mark.log, mark.shard, len(events))
        await self._remember(after)
        return True


class Mute(Notifier):
    """Every notification is lost."""

    async def _tell(self) -> None:
        self._appended.clear()


def mute(pool: asyncpg.Pool) -> Log:
    """A log that wakes nobody."""
    log = Log(SERVICE, pool, SystemClock())
    log._notifier = Mute(pool)
    return log
