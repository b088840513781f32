"""Between the rows of `log.feed` and what the rest of the system holds."""

from datetime import timedelta

from asyncpg import Record

from shared.log.events import Claim, ClaimAction, Columns, Key, NewEvent, Position, StoredEvent

COLUMNS = (
    "shard, position, epoch, id, organisation, source, source_id, type, stream, stream_version, time, recorded_at,"
    " payload, content_hash, row_hash, judgement, traceparent, day, until, programme, school, provider, municipality,"
    " subject, case_key, kind, quantity, root, replaces"
)
"""What `stored_event` expects, in this order: `select {COLUMNS} from log.feed`."""


def stored_event(row: Record) -> StoredEvent:
    """The event of a row that was selected with `COLUMNS`."""
    (
        shard, number, epoch, id, organisation, source, source_id, type, stream, stream_version, time, recorded_at,
        payload, content_hash, row_hash, judgement, traceparent, *columns,
    ) = row  # fmt: skip
    return StoredEvent(
        Position(shard, number),
        epoch,
        id,
        Key(organisation, source, source_id),
        type,
        stream,
        stream_version,
        time,
        recorded_at,
        payload,
        content_hash,
        row_hash,
        Columns(*columns),
        judgement,
        traceparent,
    )


NewRow = tuple[object, ...]
"""A `log.new_event` or a `log.new_claim`."""


def new_event(unit: int, event: NewEvent) -> NewRow:
    """The `log.new_event` of an event in the unit of this number."""
    return (
        unit,
        event.expected_version,
        event.id,
        *event.key,
        event.type,
        event.stream,
        event.time,
        event.recorded_at,
        event.payload,
        event.content_hash,
        *event.columns,
        event.judgement,
        event.traceparent,
    )


def new_claim(number: int, claim: Claim) -> NewRow:
    """The `log.new_claim` of a claim that belongs to the event of this number (from 1) in the call."""
    return number, claim.action.value, claim.kind, claim.key, claim.holder, claim.start, claim.end


def held_claim(row: Record) -> Claim:
    """The claim that stood in the way, from a row of `log.claims`."""
    start, after = row["period"].lower, row["period"].upper
    end = None if after is None else after - timedelta(days=1)
    return Claim(ClaimAction.TAKE, row["kind"], row["key"], row["holder"], start, end)
