"""Findings (bevindingen): what rules said of accepted events, and what became of held ones.

Those of accepted events stand in the log, with the event; the table is filled from it, so that it can be listed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import asyncpg
import orjson

from services.interventions.tenant import BECOME, EVERYONE, acting_as
from shared.log.events import Key, StoredEvent

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

_COLUMNS = "id, organisation, source, source_id, event_id, code, severity, pointer, found_at"

# A finding; told twice it is there once.
_ADD = f"insert into app.findings ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing"

# An organisation's own, in order of their ids.
_OWN = f"select {_COLUMNS} from app.findings where organisation = $1 and id > $2 order by id limit $3"


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding about one event of a sender; `event_id` None when the event was never accepted."""

    id: UUID
    key: Key
    event_id: UUID | None
    code: str
    severity: str
    pointer: str
    found_at: datetime


def findings_of(event: StoredEvent) -> list[StoredFinding]:
    """What was found when this event was judged. Their ids follow from the event's, and sort as it does."""
    found = orjson.loads(event.judgement).get("findings", [])
    return [
        StoredFinding(
            _id(event.id, number), event.key, event.id, one["code"], one["severity"], one["pointer"], event.recorded_at
        )
        for number, one in enumerate(found)
    ]


async def note_findings(connection: "Connection", log: str, events: Sequence[StoredEvent]) -> None:
    """The `apply` of the consumer that fills the table from the log."""
    found = [finding for event in events for finding in findings_of(event)]
    if found:
        await connection.execute(BECOME, EVERYONE)
        await connection.executemany(_ADD, [_row(one) for one in found])


async def add(pool: asyncpg.Pool, found: Iterable[StoredFinding]) -> None:
    """Add findings about events that are not in the log. Raises `Unavailable`."""
    async with acting_as(pool, EVERYONE) as connection:
        await connection.executemany(_ADD, [_row(one) for one in found])


async def own(pool: asyncpg.Pool, organisation: str, after: UUID, limit: int) -> list[StoredFinding]:
    """An organisation's findings after an id, in order. Raises `Unavailable`."""
    async with acting_as(pool, organisation) as connection:
        rows = await connection.fetch(_OWN, organisation, after, limit)
    return [_finding(row) for row in rows]


def _finding(row: asyncpg.Record) -> StoredFinding:
    id_, organisation, source, source_id, *rest = row
    return StoredFinding(id_, Key(organisation, source, source_id), *rest)


def _id(event: UUID, number: int) -> UUID:
    """The event's time and place in order, with a tail of its own."""
    tail = uuid5(event, str(number))
    return UUID(int=event.int >> 64 << 64 | tail.int & ((1 << 64) - 1))


def _row(one: StoredFinding) -> tuple[object, ...]:
    key = (one.key.organisation, one.key.source, one.key.source_id)
    return (one.id, *key, one.event_id, one.code, one.severity, one.pointer, one.found_at)
