"""Corrections and retractions (correcties en intrekkingen, INV-07): events are immutable, so a change is an event.

A correction carries the full new content. Both name `{source, id}` of the original or of any correction of it, and
resolve to the original. The last accepted one holds; retracted is final.
"""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.interventions.chains import Chain
from services.interventions.codes import CorrectionReason, RetractionReason
from services.interventions.words import check_record_id
from shared.domain.events import Event
from shared.domain.findings import Finding, Refused, Severity
from shared.domain.texts import Text

SourceUrn = Annotated[
    str, StringConstraints(pattern=r"^urn:(nld:(kvknr:[0-9]{8}|oin:[0-9]{20}):systeem:[a-z0-9-]{1,40}|jos:[a-z]+)$")
]
RecordId = Annotated[str, AfterValidator(check_record_id)]


class RecordRef(BaseModel):
    """The key under which the sender knows a record."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    source: SourceUrn
    id: RecordId


class EventCorrected(Event):
    """An earlier event was wrong; `data` is the whole of what it should have said, by the schema of `type`."""

    TYPE: ClassVar[str] = "event-corrected.v1"

    corrects: RecordRef
    type: str = Field(description="Type van de oorspronkelijke gebeurtenis")
    data: dict[str, Any]
    reason: CorrectionReason | None = None


class EventRetracted(Event):
    """An earlier event should not have been sent."""

    TYPE: ClassVar[str] = "event-retracted.v1"

    retracts: RecordRef
    reason: RetractionReason = Field(description="Reden")


def decide(chain: Chain | None, type_: str | None, field: str) -> Chain:
    """The chain that is corrected (`type_`: with content of this type) or retracted (None). Raises `Refused`.

    `field` is `corrects` or `retracts`. An original that is not there (yet) gives a finding that `waits`.
    """
    pointer = f"/data/{field}"
    if chain is None:
        raise Refused(Finding("original-unknown", Severity.BLOCK, pointer, _UNKNOWN, _UNKNOWN_HINT, waits=True))
    if chain.retracted:
        raise Refused(Finding("retracted", Severity.BLOCK, pointer, _RETRACTED))
    if type_ is not None and chain.root.type != type_:
        raise Refused(Finding("type-differs", Severity.BLOCK, "/data/type", _TYPE), kind="invalid")
    return chain


_UNKNOWN = Text("De oorspronkelijke gebeurtenis is er niet (nog niet).", "The original event is not there (yet).")
_UNKNOWN_HINT = Text(
    "We beoordelen dit vanzelf opnieuw zodra de oorspronkelijke gebeurtenis er is.",
    "We judge this again by ourselves once the original has come.",
)
_RETRACTED = Text(
    "Deze gebeurtenis is ingetrokken; dat is definitief. Stuur haar opnieuw onder een nieuw id.",
    "This event was retracted, which is final. Send it anew under a new id.",
)
_TYPE = Text("Het type is een ander dan dat van de oorspronkelijke gebeurtenis.", "The type is not the original's.")
