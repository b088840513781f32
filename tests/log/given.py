"""What the tests of the log append."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

from shared.clock import SystemClock
from shared.log.canonical import canonical, content_hash
from shared.log.events import Claim, ClaimAction, Columns, Key, NewEvent, Unit
from shared.log.ids import uuid7

CARDEA = "kvknr:99990002"
INZOWIJS = "kvknr:99990003"
NOON = datetime(2022, 7, 5, 12, 0, 0, 250_000, tzinfo=UTC)
RECORDED = "nl.jeugdhulp-op-school.group-intervention-recorded.v1"
SUBJECT = UUID("0190a5b1-0000-7000-8000-000000000001")

_numbers = count(1)


def key(source_id: str | None = None, organisation: str = CARDEA) -> Key:
    """A key of its own, or with this id."""
    return Key(organisation, f"urn:nld:{organisation}:systeem:ecd", source_id or f"e-{next(_numbers)}")


def event(
    source_id: str | None = None,
    *,
    organisation: str = CARDEA,
    stream: str | None = None,
    minutes: int = 45,
    expected: int | None = None,
    claims: tuple[Claim, ...] = (),
    programme: str = "HR-JOS",
) -> NewEvent:
    """A group intervention."""
    known = key(source_id, organisation)
    payload = canonical({"minutes": minutes, "school": "99HA00", "activity": "één"})
    return NewEvent(
        id=uuid7(SystemClock()),
        key=known,
        type=RECORDED,
        stream=stream or f"intervention/{organisation}/{known.source}/{known.source_id}",
        time=NOON,
        recorded_at=NOON,
        payload=payload,
        content_hash=content_hash(RECORDED, NOON, payload),
        columns=Columns(
            day=date(2022, 7, 5),
            programme=programme,
            school="99HA00",
            provider=organisation,
            subject=SUBJECT,
            kind="GROUP",
            quantity=Decimal("45.50"),
        ),
        expected_version=expected,
        claims=claims,
    )


def unit(*events: NewEvent) -> Unit:
    """The events together, or one of its own."""
    return Unit(events or (event(),))


def take(holder: str, start: date, end: date | None = None, key: str = "HR-JOS/99HA00") -> Claim:
    """A claim on the provider of a school."""
    return Claim(ClaimAction.TAKE, "provider-of-school", key, holder, start, end)
