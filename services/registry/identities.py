"""Who a staff key stands for: a name and register numbers, in a table of their own (model 3.7), never in the log.

A row is of one region; row-level security keeps the regions apart when a query forgets to.
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

# Set for this transaction alone: whose rows the row policy lets through.
_BECOME = "select set_config('jos.region', $1, true)"

_FIND = "select name, skj, big, recorded_at from app.identities where region = $1 and provider = $2 and staff = $3"

# One row per worker and region: what is recorded anew takes the place of what stood there.
_KEEP = """
insert into app.identities as i (region, provider, staff, name, skj, big, recorded_at, recorded_by)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (region, provider, staff) do update
set name = excluded.name, skj = excluded.skj, big = excluded.big,
    recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by"""

_FORGET = "delete from app.identities where region = $1 and provider = $2 and staff = $3"


@dataclass(frozen=True, slots=True)
class Identity:
    """A name, and the numbers in the registers as far as they are known."""

    name: str
    skj: str | None
    big: str | None
    recorded_at: datetime


class Identities:
    """The table, for one region."""

    def __init__(self, pool: asyncpg.Pool, region: str) -> None:
        self._pool = pool
        self._region = region

    async def find(self, provider: str, staff: str) -> Identity | None:
        """Who it is; None when nobody said."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_BECOME, self._region)
            row = await connection.fetchrow(_FIND, self._region, provider, staff)
        return Identity(**row) if row else None

    async def keep(self, provider: str, staff: str, identity: Identity, by: str) -> None:
        """Record who it is, in the place of what was known."""
        told = (identity.name, identity.skj, identity.big, identity.recorded_at, by)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_BECOME, self._region)
            await connection.execute(_KEEP, self._region, provider, staff, *told)

    async def forget(self, provider: str, staff: str) -> None:
        """Take the row away: nothing else knows the name."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_BECOME, self._region)
            await connection.execute(_FORGET, self._region, provider, staff)
