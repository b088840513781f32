"""The OpenAPI text of the hot route, from the models that validate, and what to do instead of changing an event."""

from typing import Any

from services.interventions.api.pushing import BATCH, BINARY, STRUCTURED
from services.interventions.catalogue import EVENT_TYPES
from services.interventions.envelope import Envelope
from services.interventions.examples import example, schema
from services.interventions.facts import Facts
from services.interventions.running import BASE
from shared.domain.texts import Text

_IMMUTABLE = Text(
    "Gebeurtenissen veranderen niet: stuur een correctie (event-corrected.v1 met de volledige nieuwe inhoud) of een "
    'intrekking, zoals {"type": "nl.jeugdhulp-op-school.event-retracted.v1", "data": {"retracts": {"source": "...", '
    '"id": "..."}, "reason": "ENTERED_IN_ERROR"}}, naar POST /interventions/v1/events.',
    "Events are immutable: send a correction (event-corrected.v1 with the full new content) or a retraction, like "
    '{"type": "nl.jeugdhulp-op-school.event-retracted.v1", "data": {"retracts": {"source": "...", "id": "..."}, '
    '"reason": "ENTERED_IN_ERROR"}}, to POST /interventions/v1/events.',
)

LESSONS = {f"{BASE}/events": _IMMUTABLE, f"{BASE}/events/{{event_id}}": _IMMUTABLE}
"""What a 405 teaches, by path."""

_FLAGS = (
    ("dryRun", "Beoordeel, maar sla niets op."),
    ("atomic", "Sla alles op of niets."),
)


def describe(document: dict[str, Any]) -> None:
    """Add `POST /events`, which FastAPI cannot see."""
    schemas = document["components"]["schemas"]
    names = {name: name.removeprefix("nl.jeugdhulp-op-school.").replace(".", "-") for name in EVENT_TYPES}
    for name, type_ in EVENT_TYPES.items():
        whole = schema(type_, "#/components/schemas/{model}")
        schemas |= whole.pop("$defs", {})
        schemas[names[name]] = {key: value for key, value in whole.items() if key != "$schema"}
    event = Envelope.model_json_schema()
    event["properties"]["data"] = {"anyOf": [{"$ref": f"#/components/schemas/{one}"} for one in names.values()]}
    event["properties"]["type"] = {"type": "string", "enum": list(EVENT_TYPES)}
    schemas["PushedEvent"] = event
    schemas |= _ANSWERS
    document["paths"].setdefault(f"{BASE}/events", {})["post"] = _operation()


def _operation() -> dict[str, Any]:
    one, many = {"$ref": "#/components/schemas/PushedEvent"}, {"$ref": "#/components/schemas/PushedEvents"}
    shown = example(next(iter(EVENT_TYPES.values())), "kvknr:99990001", Facts())
    bodies = {
        STRUCTURED: {"schema": one, "example": shown},
        BATCH: {"schema": many, "example": [shown]},
        BINARY: {"schema": {"type": "object"}, "example": shown["data"]},
    }
    return {
        "tags": ["events"],
        "operationId": "pushEvents",
        "summary": "Stuur gebeurtenissen",
        "description": "Eén gebeurtenis (CloudEvents 1.0, gestructureerd of binair) of een lijst van hoogstens 1000.",
        "security": [{"oauth2": []}],
        "parameters": [
            {"name": name, "in": "query", "description": text, "schema": {"type": "boolean", "default": False}}
            for name, text in _FLAGS
        ],
        "requestBody": {"required": True, "content": bodies},
        "responses": {
            "200": _answer("Er was al zo'n gebeurtenis, of alles uit de lijst staat", "Verdict", "BatchVerdict"),
            "201": _answer("Opgeslagen", "Verdict"),
            "202": _answer("Vastgehouden tot de feiten er zijn", "Verdict"),
            "207": _answer("Een oordeel per gebeurtenis", "BatchVerdict"),
        },
    }


def _answer(description: str, *names: str) -> dict[str, Any]:
    references = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    shown = references[0] if len(references) == 1 else {"anyOf": references}
    return {"description": description, "content": {"application/json": {"schema": shown}}}


_VERDICT = {
    "id": {"type": ["string", "null"]},
    "status": {"type": "integer"},
    "verdict": {"type": "string", "enum": ["created", "duplicate", "held", "conflict", "rejected"]},
    "eventId": {"type": "string", "format": "uuid"},
    "firstReceivedAt": {"type": "string", "format": "date-time"},
    "heldUntil": {"type": "string", "format": "date-time"},
    "findings": {"type": "array", "items": {"type": "object"}},
    "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
}
_REQUEST = {
    "receipt": {"type": ["string", "null"], "format": "uuid"},
    "dryRun": {"type": "boolean"},
    "token": {"type": ["string", "null"]},
}
_RESULT = {"type": "object", "required": ["index", "status", "verdict"], "properties": {"index": {"type": "integer"}}}
_ANSWERS: dict[str, Any] = {
    "PushedEvents": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/PushedEvent"}},
    "Verdict": {"type": "object", "required": ["status", "verdict"], "properties": {**_REQUEST, **_VERDICT}},
    "BatchVerdict": {
        "type": "object",
        "required": ["summary", "results"],
        "properties": {
            **_REQUEST,
            "summary": {"type": "object", "additionalProperties": {"type": "integer"}},
            "results": {
                "type": "array",
                "items": {**_RESULT, "properties": {"index": {"type": "integer"}, **_VERDICT}},
            },
        },
    },
}
