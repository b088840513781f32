"""Incoming: what kpi has read of the four logs, kept as it stands there. Rebuilds read this and nothing else."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from shared.domain.events import TYPE_PREFIX
from shared.log.events import StoredEvent

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

CORRECTED = TYPE_PREFIX + "event-corrected.v1"
RETRACTED = TYPE_PREFIX + "event-retracted.v1"

# Keeps an event once: what was delivered before is not among the places that come back.
_KEEP = """
insert into app.incoming
select $1, e.* from unnest($2::integer[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::integer[], $12::timestamptz[], $13::timestamptz[], $14::date[], $15::date[],
    $16::text[], $17::text[], $18::text[], $19::text[], $20::uuid[], $21::text[], $22::text[], $23::numeric[],
    $24::uuid[], $25::uuid[], $26::text[]) as e
on conflict do nothing
returning shard, position, act"""

Row = tuple[object, ...]


async def keep(connection: "Connection", log: str, events: Sequence[StoredEvent]) -> list[tuple[int, int, str | None]]:
    """Keep these events of a log; gives shard, position and act of those that were not kept before."""
    columns = zip(*(row(event) for event in events), strict=True)
    rows = await connection.fetch(_KEEP, log, *(list(column) for column in columns))
    return [(kept["shard"], kept["position"], kept["act"]) for kept in rows]


def row(event: StoredEvent) -> Row:
    """An event as a row of `app.incoming`, without its log."""
    columns = event.columns
    return (
        *(event.position.shard, event.position.number, event.id),
        *(event.key.organisation, event.key.source, event.key.source_id),
        *(event.type, act(event), event.stream, event.stream_version, event.time, event.recorded_at),
        *(columns.day, columns.until, columns.programme, columns.school, columns.provider, columns.municipality),
        *(columns.subject, columns.case, columns.kind, columns.quantity, columns.root, columns.replaces),
        event.payload,
    )


def act(event: StoredEvent) -> str | None:
    """The type for which an event counts: a correction counts as what it corrects, a retraction as nothing."""
    if event.type == RETRACTED:
        return None
    if event.type == CORRECTED:
        corrected: str = orjson.loads(event.payload)["type"]
        return corrected.removeprefix(TYPE_PREFIX)
    return event.type.removeprefix(TYPE_PREFIX)
