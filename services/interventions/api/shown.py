"""How events, findings and held events are shown to the organisation that sent them."""

from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from services.interventions.envelope import instant
from services.interventions.findings import StoredFinding, findings_of
from services.interventions.held import Held
from shared.log.events import StoredEvent
from shared.web.problems import CATALOGUE


class View(BaseModel):
    """What is shown; keys in lowerCamelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class FindingView(View):
    """Een bevinding: wat een regel van een gebeurtenis zei."""

    code: str
    severity: str
    pointer: str
    title: str
    explanation: str


class EventView(View):
    """Een gebeurtenis zoals zij is opgeslagen; in plaats van de verwijzing naar de leerling staat een pseudoniem."""

    event_id: str
    source: str
    id: str
    type: str
    time: str
    recorded_at: str
    data: dict[str, JsonValue]
    corrects: str | None
    """The event id of the original, for a correction or retraction."""
    findings: list[FindingView]


class HeldView(View):
    """Een vastgehouden gebeurtenis: wat er ontbreekt, en tot wanneer wij wachten."""

    held_id: str
    source: str
    id: str
    type: str
    time: str
    received_at: str
    held_until: str
    errors: list[dict[str, str]]


class ListedFinding(FindingView):
    """Een bevinding met de gebeurtenis waarover zij gaat."""

    finding_id: str
    event_id: str | None
    source: str
    id: str
    found_at: str


def event(stored: StoredEvent, language: str) -> EventView:
    """An event as its sender sees it."""
    data: dict[str, Any] = orjson.loads(stored.payload)
    return EventView(
        event_id=str(stored.id),
        source=stored.key.source,
        id=stored.key.source_id,
        type=stored.type,
        time=instant(stored.time),
        recorded_at=instant(stored.recorded_at),
        data=data,
        corrects=None if stored.columns.root is None else str(stored.columns.root),
        findings=[_finding(one, language) for one in findings_of(stored)],
    )


def held(one: Held, language: str) -> HeldView:
    """A held event as its sender sees it."""
    return HeldView(
        held_id=str(one.id),
        source=one.key.source,
        id=one.key.source_id,
        type=one.type,
        time=instant(one.time),
        received_at=instant(one.received_at),
        held_until=instant(one.expires_at),
        errors=[error.in_(language) for error in one.errors],
    )


def listed(one: StoredFinding, language: str) -> ListedFinding:
    """A finding in a list."""
    return ListedFinding(
        finding_id=str(one.id),
        event_id=None if one.event_id is None else str(one.event_id),
        source=one.key.source,
        id=one.key.source_id,
        found_at=instant(one.found_at),
        **_finding(one, language).model_dump(),
    )


def _finding(one: StoredFinding, language: str) -> FindingView:
    kind = CATALOGUE[one.code]
    return FindingView(
        code=one.code,
        severity=one.severity,
        pointer=one.pointer,
        title=kind.title.in_(language),
        explanation=kind.explanation.in_(language),
    )
