"""Receipts (ontvangstbewijzen) of batches: what was told, kept for 90 days."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.interventions.tenant import EVERYONE, acting_as

KEPT_FOR = timedelta(days=90)

# Keeps what was told.
_PUT = "insert into app.receipts (id, organisation, received_at, body) values ($1, $2, $3, $4)"

# An organisation's own, as long as it is kept.
_ONE = "select body from app.receipts where organisation = $1 and id = $2 and received_at > $3"

# Its time is up.
_DROP = "delete from app.receipts where received_at <= $1"


class Receipts:
    """The table of receipts. Every method raises `Unavailable` when the database is."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def put(self, id_: UUID, organisation: str, now: datetime, body: dict[str, Any]) -> None:
        """Keep what a batch was told."""
        async with acting_as(self._pool, organisation) as connection:
            await connection.execute(_PUT, id_, organisation, now, orjson.dumps(body).decode())

    async def one(self, organisation: str, id_: UUID, now: datetime) -> dict[str, Any] | None:
        """What an organisation's batch was told."""
        async with acting_as(self._pool, organisation) as connection:
            body = await connection.fetchval(_ONE, organisation, id_, now - KEPT_FOR)
        told: dict[str, Any] | None = None if body is None else orjson.loads(body)
        return told

    async def drop_old(self, now: datetime) -> None:
        """Let go of what is older than 90 days."""
        async with acting_as(self._pool, EVERYONE) as connection:
            await connection.execute(_DROP, now - KEPT_FOR)
