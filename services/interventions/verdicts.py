"""What became of a pushed event, as it is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from services.interventions.envelope import instant
from services.interventions.reading import Unreadable
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text
from shared.log.events import Appended, Position, StoredEvent
from shared.web.problems import FieldError


class Verdict(StrEnum):
    """The five answers to a pushed event."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    HELD = "held"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class Result(NamedTuple):
    """One event's verdict; `receipt` is the id of the event or of what is held, `id` the sender's where it is known."""

    verdict: Verdict
    status: int
    id: str | None = None
    receipt: UUID | None = None
    position: Position | None = None
    received_at: datetime | None = None
    held_until: datetime | None = None
    findings: tuple[Finding, ...] = ()
    errors: tuple[FieldError, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the event is in the log (or would be)."""
        return self.verdict in (Verdict.CREATED, Verdict.DUPLICATE)

    def in_(self, language: str) -> dict[str, Any]:
        """As it stands in an answer."""
        told: dict[str, Any] = {"id": self.id, "status": self.status, "verdict": self.verdict}
        if self.stands and self.receipt is not None:
            told["eventId"] = str(self.receipt)
        if self.verdict is Verdict.DUPLICATE and self.received_at is not None:
            told["firstReceivedAt"] = instant(self.received_at)
        if self.held_until is not None:
            told["heldUntil"] = instant(self.held_until)
        if self.findings:
            told["findings"] = [finding_in(finding, language) for finding in self.findings]
        if self.errors:
            told["errors"] = [one.in_(language) for one in self.errors]
        return told


def created(id_: str, appended: Appended, findings: Sequence[Finding]) -> Result:
    """Stored now."""
    return Result(
        Verdict.CREATED,
        201,
        id_,
        appended.event_id,
        appended.position,
        appended.recorded_at,
        findings=tuple(findings),
    )


def would_be_created(id_: str, findings: Sequence[Finding]) -> Result:
    """A dry run's."""
    return Result(Verdict.CREATED, 201, id_, findings=tuple(findings))


def duplicate(id_: str, stored: StoredEvent | Appended) -> Result:
    """Stored before, with the same content."""
    receipt = stored.id if isinstance(stored, StoredEvent) else stored.event_id
    return Result(Verdict.DUPLICATE, 200, id_, receipt, stored.position, stored.recorded_at)


def repeated(id_: str) -> Result:
    """The same event a second time in one request that is tried as a whole."""
    return Result(Verdict.DUPLICATE, 200, id_)


def conflict(id_: str, pointers: Sequence[str]) -> Result:
    """The key has other content; `pointers` are where it differs."""
    return Result(
        Verdict.CONFLICT, 409, id_, errors=tuple(FieldError(p, "conflict", _CHANGED, _IMMUTABLE) for p in pointers)
    )


def held(id_: str, receipt: UUID | None, until: datetime, findings: Sequence[Finding]) -> Result:
    """Kept apart until its facts come."""
    errors = tuple(_until(one, until) for one in blocking_errors(findings))
    return Result(Verdict.HELD, 202, id_, receipt, held_until=until, errors=errors)


def rejected(id_: str, status: int, findings: Sequence[Finding]) -> Result:
    """Its own content is wrong or forbidden; so what it would have waited for is not waited for (yet)."""
    told = [replace(finding, hint=_NOT_WAITING) if finding.waits else finding for finding in findings]
    return Result(Verdict.REJECTED, status, id_, errors=blocking_errors(told))


def unreadable(what: Unreadable) -> Result:
    """It could not be judged at all."""
    return Result(Verdict.REJECTED, what.status, what.id, errors=what.errors)


def blocking_errors(findings: Sequence[Finding]) -> tuple[FieldError, ...]:
    """The blocking findings as they stand in `errors[]`."""
    blocking = [finding for finding in findings if finding.severity is Severity.BLOCK]
    return tuple(FieldError(one.pointer, one.code, one.text, one.hint) for one in blocking)


def finding_in(finding: Finding, language: str) -> dict[str, str]:
    """A finding as it stands in `findings[]`."""
    told = {"code": finding.code, "severity": str(finding.severity), "pointer": finding.pointer}
    told["title"] = finding.text.in_(language)
    return told if finding.hint is None else {**told, "hint": finding.hint.in_(language)}


def _until(one: FieldError, until: datetime) -> FieldError:
    day = f"{until:%Y-%m-%d}"
    given = one.hint or Text("", "")
    hint = Text(f"{given.nl} Tot en met {day}.".strip(), f"{given.en} Until {day}.".strip())
    return replace(one, hint=hint)


_CHANGED = Text("Anders dan wat onder dit id is opgeslagen.", "Differs from what is stored under this id.")
_NOT_WAITING = Text(
    "Verbeter eerst de andere punten en stuur het opnieuw; pas dan wachten we hierop.",
    "Mend the other points first and send it again; only then do we wait for this.",
)
_IMMUTABLE = Text(
    "Gebeurtenissen veranderen niet: stuur event-corrected.v1 met de volledige nieuwe inhoud.",
    "Events are immutable: send event-corrected.v1 with the full new content.",
)
