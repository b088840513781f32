"""Where programmes live: which shard takes a programme's events, decided once, before its first event.

What an operator does with `jos shards`. A running service needs no telling: it learns from the log's own answers.
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection = asyncpg.Connection | PoolConnectionProxy

MOST = 16
"""The highest shard; a region needs one only when a whole country's peak no longer fits its first."""

# Decides, or gives what was decided before (sql/shards.sql); as the owner of the log.
_ASSIGN = "select log.assign_shard($1, $2::smallint)"

_ALL = "select programme, shard, decided_at from log.programme_shards order by shard, programme"


class AlreadyDecided(Exception):
    """The programme has another shard: by its first event, or because somebody said so. It stays there for ever."""

    def __init__(self, programme: str, shard: int) -> None:
        super().__init__(f"{programme} lives in shard {shard}")
        self.programme = programme
        self.shard = shard


@dataclass(frozen=True, slots=True)
class Home:
    """The shard of a programme, and since when that is so."""

    programme: str
    shard: int
    decided_at: datetime


async def assign_shard(connection: Connection, programme: str, shard: int) -> None:
    """Let a programme live in this shard; nothing changes when it does already.

    Waits for the first event of the programme when that is being stored at this moment. Raises `AlreadyDecided` when it
    lives elsewhere, and what asyncpg raises.
    """
    decided = await connection.fetchval(_ASSIGN, programme, shard)
    if decided != shard:
        raise AlreadyDecided(programme, decided)


async def homes(connection: Connection) -> list[Home]:
    """Every programme whose shard is decided, by shard."""
    return [Home(*row) for row in await connection.fetch(_ALL)]
