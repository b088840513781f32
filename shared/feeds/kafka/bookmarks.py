"""A relay's bookmarks: how far each shard was published, and who may publish it, in the database of the log."""

from dataclasses import dataclass, replace
from datetime import timedelta

import asyncpg

LEASE = timedelta(seconds=10)
"""How long a shard is its holder's after the holder last said so. Only who may begin depends on that clock, which is
the database's: what is true depends on the token."""

_COLUMNS = "shard, position, epoch, row_hash, genesis_offset, next_offset, token"
_MAKE = "insert into kafka.bookmarks (shard) values ($1) on conflict do nothing"

# Whoever takes a shard raises its token: from then on nothing that an earlier holder saves is accepted.
_TAKE = f"""
    update kafka.bookmarks set token = token + 1, holder = $2, renewed_at = clock_timestamp()
    where shard = $1 and renewed_at < clock_timestamp() - $3::interval returning {_COLUMNS}"""

_RENEW = "update kafka.bookmarks set renewed_at = clock_timestamp() where shard = $1 and token = $2 returning true"

# Only by the present holder. It does not wait for the disk: a bookmark that a crash puts back costs records that come
# twice, and readers go by position.
_SAVE = """
    update kafka.bookmarks set position = $3, epoch = $4, row_hash = $5, genesis_offset = $6, next_offset = $7,
                               renewed_at = clock_timestamp()
    where shard = $1 and token = $2 returning set_config('synchronous_commit', 'off', true)"""

_RELEASE = "update kafka.bookmarks set renewed_at = '-infinity' where shard = $1 and token = $2"


class Fenced(Exception):
    """Another relay holds the shard by now: this one publishes no more of it."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far a shard was published and acknowledged; everything but shard and token is None or 0 before the first."""

    shard: int
    position: int
    epoch: str | None
    row_hash: bytes | None
    genesis_offset: int | None
    next_offset: int | None
    token: int

    def after(self, position: int, row_hash: bytes, next_offset: int) -> "Bookmark":
        """The bookmark once everything up to this position is acknowledged."""
        return replace(self, position=position, row_hash=row_hash, next_offset=next_offset)


class Bookmarks:
    """The bookmarks of one log; `holder` is a name for people."""

    def __init__(self, pool: asyncpg.Pool, holder: str, lease: timedelta = LEASE) -> None:
        self._pool = pool
        self._holder = holder
        self._lease = lease

    async def take(self, shard: int) -> Bookmark | None:
        """Become the holder; None while somebody else is."""
        await self._pool.execute(_MAKE, shard)
        row = await self._pool.fetchrow(_TAKE, shard, self._holder, self._lease)
        return None if row is None else Bookmark(*row)

    async def renew(self, held: Bookmark) -> None:
        """Say that it is still being published. Raises `Fenced`."""
        if not await self._pool.fetchval(_RENEW, held.shard, held.token):
            raise Fenced(held.shard)

    async def save(self, reached: Bookmark) -> None:
        """Remember what was acknowledged. Raises `Fenced`; then nothing is remembered."""
        place = (reached.position, reached.epoch, reached.row_hash, reached.genesis_offset, reached.next_offset)
        if await self._pool.fetchval(_SAVE, reached.shard, reached.token, *place) is None:
            raise Fenced(reached.shard)

    async def release(self, held: Bookmark) -> None:
        """Let another take over at once."""
        await self._pool.execute(_RELEASE, held.shard, held.token)
