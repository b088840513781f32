"""The hash of a row, recomputed from what was read: the same as `sql/row_hash.sql`, and independent of it (G-07)."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from struct import pack
from uuid import UUID

from shared.log.events import StoredEvent

TEXT = 25
"""PostgreSQL's number for the type `text`."""


def genesis(log_id: UUID, shard: int) -> bytes:
    """What the chain of a shard starts from."""
    return hashlib.sha256(f"jos log {log_id} {shard}".encode()).digest()


def row_hash(previous: bytes, event: StoredEvent) -> bytes:
    """SHA-256 over the hash of the row before and every column of this one but the hash itself."""
    return hashlib.sha256(previous + array_send(columns(event))).digest()


def array_send(texts: Sequence[str | None]) -> bytes:
    """The binary form of a text array.

    One dimension, whether there are nulls, the type, the size, the lower bound; then every text with its length in
    bytes before it, -1 for none.
    """
    header = pack(">5i", 1, int(None in texts), TEXT, len(texts), 1)
    encoded = (None if text is None else text.encode() for text in texts)
    return header + b"".join(pack(">i", -1) if text is None else pack(">i", len(text)) + text for text in encoded)


def columns(event: StoredEvent) -> list[str | None]:
    """The columns as PostgreSQL writes them, in the order of `sql/append.sql`."""
    c = event.columns
    return [
        str(event.position.shard),
        str(event.position.number),
        str(event.id),
        event.key.organisation,
        event.key.source,
        event.key.source_id,
        event.type,
        event.stream,
        str(event.stream_version),
        _moment(event.time),
        _moment(event.recorded_at),
        event.payload,
        event.content_hash.hex(),
        _text(c.day),
        _text(c.until),
        c.programme,
        c.school,
        c.provider,
        c.municipality,
        _text(c.subject),
        c.case,
        c.kind,
        _number(c.quantity),
        _text(c.root),
        _text(c.replaces),
        event.judgement,
        event.traceparent,
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _moment(value: datetime) -> str:
    """`2022-07-05 10:00:00.25+00`: UTC, decimals without trailing zeros."""
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    return (text.rstrip("0") if "." in text else text) + "+00"
