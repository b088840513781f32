"""What goes into a log and what comes out of it.

What comes and goes by the hundred thousand (events and their parts) is a named tuple: a frozen dataclass takes three
times as long to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Key(NamedTuple):
    """The key under which a sender's record is known for ever (G-04).

    `organisation` is the sending organisation (`kvknr:99990001`, `oin:...`, `gm:GM0546`, `brin:99HA`), `source` the
    CloudEvents source, `source_id` the CloudEvents id.
    """

    organisation: str
    source: str
    source_id: str


class Columns(NamedTuple):
    """What figures count by, taken out of the payload at append.

    `school` is the site code (6 characters), `provider` the organisation code of the provider it counts for, `case`
    the key of the trajectory or other case, `kind` the kind or other main code, `quantity` minutes, fte or a number.
    `day` and `until` are the first and the last day (inclusive) on which it holds. `root` is the event that a
    correction or retraction corrects in the end, `replaces` the latest event of that chain before this one.
    """

    day: date | None = None
    until: date | None = None
    programme: str | None = None
    school: str | None = None
    provider: str | None = None
    municipality: str | None = None
    subject: UUID | None = None
    case: str | None = None
    kind: str | None = None
    quantity: Decimal | None = None
    root: UUID | None = None
    replaces: UUID | None = None


class ClaimAction(StrEnum):
    """`TAKE` a period, `END` a held claim after its new last day, `RELEASE` it altogether."""

    TAKE = "TAKE"
    END = "END"
    RELEASE = "RELEASE"


@dataclass(frozen=True, slots=True)
class Claim:
    """What must hold across streams: no two holders of (kind, key) on one day.

    `start` and `end` are inclusive days, `end` None is open. `holder` is the stream that holds it.
    """

    action: ClaimAction
    kind: str
    key: str
    holder: str
    start: date
    end: date | None = None


class NewEvent(NamedTuple):
    """An event that is ready to be appended.

    `payload` is canonical JSON text (RFC 8785), `content_hash` SHA-256 over the canonical form of type, time and data.
    `expected_version` is the version of the stream before this event (0: it must not exist yet, None: whatever it is);
    only the first event of a stream within a unit may carry one. `judgement` is canonical JSON with what it was judged
    by (`facts`, `rules`) and its `findings`.
    """

    id: UUID
    key: Key
    type: str
    stream: str
    time: datetime
    recorded_at: datetime
    payload: str
    content_hash: bytes
    columns: Columns = Columns()
    expected_version: int | None = None
    judgement: str = "{}"
    traceparent: str | None = None
    claims: tuple[Claim, ...] = ()


class Unit(NamedTuple):
    """What is stored together or not at all: one item of a request, or the whole of an atomic one."""

    events: tuple[NewEvent, ...]


class Outcome(StrEnum):
    """What became of one event of a unit.

    `SKIPPED`: nothing wrong with it, but another event of its unit was not stored. `ELSEWHERE`: it belongs to another
    shard, which its position names (with version 0 because of its programme, else because its stream is there); `Log`
    sends it on, and nobody else sees this.
    """

    CREATED = "CREATED"
    DUPLICATE = "DUPLICATE"
    CONFLICT = "CONFLICT"
    STALE = "STALE"
    CLAIMED = "CLAIMED"
    SKIPPED = "SKIPPED"
    ELSEWHERE = "ELSEWHERE"


class Position(NamedTuple):
    """A place in a log: numbers are dense (1, 2, 3, ...) within a shard."""

    shard: int
    number: int


class Appended(NamedTuple):
    """The log's answer for one event.

    For `CREATED` and `DUPLICATE` the stored event's id, place, version and first `recorded_at`; for `CONFLICT` those of
    the event that has the key; for `STALE` the version that the stream has; for `CLAIMED` who holds the claim and when.
    """

    outcome: Outcome
    event_id: UUID | None = None
    position: Position | None = None
    stream_version: int | None = None
    recorded_at: datetime | None = None
    held: Claim | None = None


class StoredEvent(NamedTuple):
    """A row of a log, as it stands."""

    position: Position
    epoch: str
    id: UUID
    key: Key
    type: str
    stream: str
    stream_version: int
    time: datetime
    recorded_at: datetime
    payload: str
    content_hash: bytes
    row_hash: bytes
    columns: Columns
    judgement: str
    traceparent: str | None


Vector = Mapping[tuple[str, int], int]
"""Positions of several logs at one moment: (log, shard) to number."""
