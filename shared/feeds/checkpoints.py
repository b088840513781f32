"""Checkpoints: how far a consumer has come, kept in the database of what it produces."""

from datetime import datetime

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.feeds.continuity import Mark
from shared.log.events import Vector

Connection = asyncpg.Connection | PoolConnectionProxy
"""What `apply` is handed: a connection inside a transaction that somebody else commits."""

# The checkpoint as it stands; for a consumer that never saw this shard one is made at 0, in the log's present epoch.
_READ = "select position, epoch, row_hash from app.checkpoints where consumer = $1 and log = $2 and shard = $3"
_BEGIN = """
    insert into app.checkpoints (consumer, log, shard, position, epoch) values ($1, $2, $3, 0, $4)
    on conflict do nothing"""

# The fence: whoever holds this row applies, everyone else of the same name waits and then sees where it got to.
_LOCK = _READ + " for update"

# Deferred constraints would speak at commit, when it is too late to find the event that breaks them.
_IMMEDIATE = "set constraints all immediate"

# Moves only from the position that the batch was read after, so that no batch is ever counted twice.
_MOVE = """
    update app.checkpoints set position = $6, row_hash = $7, recorded_at = $8
    where consumer = $1 and log = $2 and shard = $3 and epoch = $4 and position = $5"""

_VECTOR = "select log, shard, position from app.checkpoints where consumer = $1"

# A rebuild meets every event again, the parked ones too.
_FORGET = """
    with parked as (delete from app.parked where consumer = $1 and ($2::text is null or log = $2))
    delete from app.checkpoints where consumer = $1 and ($2::text is null or log = $2)"""


class Overtaken(Exception):
    """The checkpoint is not where the batch began, which its lock should make impossible: nothing is committed."""


async def open_mark(connection: Connection, consumer: str, log: str, shard: int, epoch: str) -> Mark:
    """The consumer's checkpoint; for its first time one at 0 in this epoch."""
    row = await connection.fetchrow(_READ, consumer, log, shard)
    if row is None:
        await connection.execute(_BEGIN, consumer, log, shard, epoch)
        row = await connection.fetchrow(_READ, consumer, log, shard)
    return _mark(log, shard, row) or Mark(log, shard, epoch)


async def lock(connection: Connection, consumer: str, log: str, shard: int) -> Mark | None:
    """The checkpoint, locked until the transaction ends; None when a rebuild has just thrown it away."""
    await connection.execute(_IMMEDIATE)
    return _mark(log, shard, await connection.fetchrow(_LOCK, consumer, log, shard))


async def move(connection: Connection, consumer: str, before: Mark, after: Mark, recorded_at: datetime) -> None:
    """Move the checkpoint from one mark to the next. Raises `Overtaken` when it is not where the batch began."""
    place = (consumer, before.log, before.shard, before.epoch, before.number)
    if await connection.execute(_MOVE, *place, after.number, after.row_hash, recorded_at) != "UPDATE 1":
        raise Overtaken(consumer)


async def vector(connection: Connection, consumer: str) -> Vector:
    """The positions up to which everything is committed, as other processes see it."""
    rows = await connection.fetch(_VECTOR, consumer)
    return {(row["log"], row["shard"]): row["position"] for row in rows}


async def forget(connection: Connection, consumer: str, log: str | None = None) -> None:
    """Throw away the checkpoints and parked events of a consumer (of one log): it starts at 0 in the present epoch.

    To be done in the transaction that empties what the consumer produced; a running consumer notices by itself.
    """
    await connection.execute(_FORGET, consumer, log)


def _mark(log: str, shard: int, row: asyncpg.Record | None) -> Mark | None:
    return None if row is None else Mark(log, shard, row["epoch"], row["position"], row["row_hash"])
