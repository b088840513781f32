"""Between a stored event and a Kafka record: the one place of serialisation.

CloudEvents 1.0 in binary mode. What tells where a record stands (log, shard, position, epoch, row hash) and what kind
of event it is stands in headers; all else of the row stands in the value, because headers show up in tools and logs and
may hold no personal data (G-28, K-21): not the subject, not the case, not the sender's own ids. The value is one
JSON object whose last member, `data`, is the payload's exact bytes; so the row hash can be recomputed by whoever reads.

A partition begins with a genesis record: position 0, the log's id, and the hash that the chain starts from.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from shared.log.events import Columns, Key, Position, StoredEvent
from shared.log.row_hash import genesis

Headers = Sequence[tuple[str, bytes]]

GENESIS = "nl.jeugdhulp-op-school.log-genesis.v1"
"""The type of the first record of a partition."""

LARGEST = 1_000_000
"""Bytes of a value: what the topics take. The largest event that is accepted at a door is a twentieth of it."""

REQUIRED = (
    "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type",
    "ce_shard", "ce_position", "ce_epoch", "ce_rowhash", "ce_signature",
)  # fmt: skip
"""The headers of every record. `ce_source` and `ce_id` are the log's and the event's own, never the sender's."""
OPTIONAL = ("ce_traceparent",)

FORMS = {
    "ce_id": re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "ce_type": re.compile(rb"[a-z0-9.-]{1,200}"),
    "ce_time": re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z"),
    "ce_position": re.compile(rb"0|[1-9]\d{0,17}"),
    "ce_epoch": re.compile(rb"[\x21-\x7e]{1,64}"),
    "ce_rowhash": re.compile(rb"[0-9a-f]{64}"),
    "ce_signature": re.compile(rb"[0-9a-f]{64}"),
    "ce_traceparent": re.compile(rb"[\x21-\x7e]{1,200}"),
}
"""What a header looks like, from its first byte to its last; the others are compared with what they must be."""
_NAMES = frozenset((*REQUIRED, *OPTIONAL))
_DATA = b',"data":'


class Reason(StrEnum):
    """Why a record is not believed (bad-input K-01 to K-21)."""

    MALFORMED = "malformed"
    HEADER = "header"
    FOREIGN = "foreign"
    UNTRUSTED = "untrusted"


class Refused(Exception):
    """A record is not what this log's relay writes; whatever should stand there is read from the log itself."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Place(NamedTuple):
    """Where a record says it stands, signed: position 0 is the genesis record."""

    position: Position
    epoch: str
    row_hash: bytes

    @classmethod
    def at(cls, shard: int, number: int, epoch: str, row_hash: bytes) -> "Place":
        """The place of this number in this shard."""
        return cls(Position(shard, number), epoch, row_hash)


class Record(NamedTuple):
    """What is sent. The key is the event's id, so that a tool can find one; it plays no part in the order."""

    key: bytes
    value: bytes
    headers: Headers


def encode(log: str, event: StoredEvent, secret: bytes) -> Record:
    """The record of an event."""
    place = Place(event.position, event.epoch, event.row_hash)
    id_ = str(event.id).encode()
    headers = _headers(log, place, id_, event.type, event.time, secret)
    if event.traceparent is not None:
        headers.append(("ce_traceparent", event.traceparent.encode()))
    return Record(id_, _value(event), headers)


def encode_genesis(log: str, log_id: UUID, shard: int, epoch: str, now: datetime, secret: bytes) -> Record:
    """The record that a partition begins with."""
    place = Place(Position(shard, 0), epoch, genesis(log_id, shard))
    id_ = str(log_id).encode()
    value = orjson.dumps({"log": log, "logId": str(log_id), "shard": shard, "epoch": epoch})
    return Record(id_, value, _headers(log, place, id_, GENESIS, now, secret))


def read_place(log: str, shard: int, key: bytes | None, headers: Headers, value: bytes | None, secret: bytes) -> Place:
    """Where the record stands, once its headers are those that the log's relay wrote.

    Raises `Refused`: `malformed` without key or value or with too large a value, `header` for a missing, unknown,
    double or badly formed header, `foreign` for a record of another log or shard, `untrusted` for a wrong signature.
    """
    if not key or not value or len(value) > LARGEST:
        raise Refused(Reason.MALFORMED)
    found = _checked(headers)
    if (found["ce_source"], found["ce_shard"]) != (_source(log), str(shard).encode()):
        raise Refused(Reason.FOREIGN)
    epoch, row_hash = found["ce_epoch"].decode(), bytes.fromhex(found["ce_rowhash"].decode())
    place = Place(Position(shard, int(found["ce_position"])), epoch, row_hash)
    if not hmac.compare_digest(_signature(log, place, secret), found["ce_signature"]):
        raise Refused(Reason.UNTRUSTED)
    return place


def decode(place: Place, headers: Headers, value: bytes) -> StoredEvent:
    """The event of a record whose headers were read. Raises `Refused` (`malformed`) when the value is not one."""
    found = dict(headers)
    row, separator, data = value.partition(_DATA)
    if not separator or not data.endswith(b"}"):
        raise Refused(Reason.MALFORMED)
    try:
        return _event(place, found, orjson.loads(row + b"}"), data[:-1].decode())
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError):
        raise Refused(Reason.MALFORMED) from None


def _headers(log: str, place: Place, id_: bytes, type_: str, time: datetime, secret: bytes) -> list[tuple[str, bytes]]:
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", id_),
        ("ce_source", _source(log)),
        ("ce_type", type_.encode()),
        ("ce_time", time.isoformat().replace("+00:00", "Z").encode()),
        ("content-type", b"application/json"),
        ("ce_shard", str(place.position.shard).encode()),
        ("ce_position", str(place.position.number).encode()),
        ("ce_epoch", place.epoch.encode()),
        ("ce_rowhash", place.row_hash.hex().encode()),
        ("ce_signature", _signature(log, place, secret)),
    ]


@lru_cache(maxsize=16)
def _source(log: str) -> bytes:
    return f"urn:jos:{log}".encode()


def _signature(log: str, place: Place, secret: bytes) -> bytes:
    """Over what places the row; the row hash covers the row and everything before it."""
    (shard, number), epoch, row_hash = place
    return hmac.digest(secret, f"{log} {shard} {number} {epoch} ".encode() + row_hash, "sha256").hex().encode()


def _checked(headers: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, value in headers:
        form = FORMS.get(name)
        if name not in _NAMES or name in found or value is None or (form and not form.fullmatch(value)):
            raise Refused(Reason.HEADER)
        found[name] = value
    fixed = found.get("ce_specversion") == b"1.0" and found.get("content-type") == b"application/json"
    if not fixed or any(name not in found for name in REQUIRED):
        raise Refused(Reason.HEADER)
    return found


def _value(event: StoredEvent) -> bytes:
    columns = {name: _plain(value) for name, value in zip(Columns._fields, event.columns, strict=True)}
    row = {
        "key": [*event.key],  # orjson takes no named tuples
        "stream": event.stream,
        "streamVersion": event.stream_version,
        "recordedAt": event.recorded_at.isoformat(),
        "contentHash": event.content_hash.hex(),
        "columns": {name: value for name, value in columns.items() if value is not None},
        "judgement": event.judgement,
    }
    return orjson.dumps(row)[:-1] + _DATA + event.payload.encode() + b"}"


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


_READ: dict[str, Callable[[str], Any]] = {
    "day": date.fromisoformat,
    "until": date.fromisoformat,
    "subject": UUID,
    "quantity": Decimal,
    "root": UUID,
    "replaces": UUID,
}


def _event(place: Place, headers: dict[str, bytes], row: Any, payload: str) -> StoredEvent:
    """Believed for now: what is not as it was written is told by the row hash."""
    traceparent = headers.get("ce_traceparent")
    return StoredEvent(
        place.position,
        place.epoch,
        UUID(headers["ce_id"].decode()),
        Key(*row["key"]),
        headers["ce_type"].decode(),
        str(row["stream"]),
        int(row["streamVersion"]),
        datetime.fromisoformat(headers["ce_time"].decode()),
        datetime.fromisoformat(row["recordedAt"]),
        payload,
        bytes.fromhex(row["contentHash"]),
        place.row_hash,
        Columns(**{name: _READ.get(name, str)(text) for name, text in row["columns"].items()}),
        str(row["judgement"]),
        None if traceparent is None else traceparent.decode(),
    )
