"""The schemas of what stands in a record of a topic: headers, the row around an event, and the events of every log."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any, cast, get_args, get_type_hints
from uuid import UUID

from pydantic.json_schema import models_json_schema

from services.contracts import kept as contracts
from services.interventions.catalogue import CONTENT_TYPES, EVENT_TYPES
from services.interventions.correction import EventCorrected
from services.kpi import deliveries
from services.kpi.recorded import CutRecorded, KpiDefined
from services.registry import kept as registry
from shared.aggregate import Aggregate
from shared.domain.events import Event
from shared.feeds.kafka.record import FORMS, OPTIONAL, REQUIRED
from shared.log.events import Columns
from shared.web.openapi import tidy

Json = dict[str, Any]


def _kept(module: ModuleType) -> tuple[type[Event], ...]:
    """The events of every aggregate in a module, in order."""
    aggregates = [one for one in vars(module).values() if isinstance(one, Aggregate)]
    return tuple(dict.fromkeys(kind for one in aggregates for kind in one.events))


EVENTS: Mapping[str, Sequence[type[Event]]] = {
    "registry": _kept(registry),
    "interventions": tuple(one.stored for one in EVENT_TYPES.values()),
    "contracts": _kept(contracts),
    "kpi": (*_kept(deliveries), KpiDefined, CutRecorded),
}
"""What each log holds."""

_HEADERS = {
    "ce_specversion": "The version of CloudEvents",
    "ce_id": "The event's own id, which is also the record's key; for a genesis record the log's",
    "ce_source": "The log, such as `urn:jos:registry`; never the sender",
    "ce_type": "The type of the event, whose name is the storage format",
    "ce_time": "When it was said to have happened, in UTC",
    "content-type": "That of the value",
    "ce_shard": "The shard, which is the partition's number plus one",
    "ce_position": "The place in the shard: 1, 2, 3, ... without a hole; 0 for a genesis record",
    "ce_epoch": "The epoch of the log: another one after a restore from a backup",
    "ce_rowhash": "SHA-256 over the row and everything before it in the shard",
    "ce_signature": "HMAC-SHA-256 of the place, by which JOS' own readers know their relay",
    "ce_traceparent": "The trace of the request that brought the event (W3C Trace Context)",
}
_FIXED = {"ce_specversion": "1.0", "content-type": "application/json"}

_KEY_PARTS = "Under what the sender knows the record: organisation, CloudEvents source, CloudEvents id"
_ROW: Mapping[str, Json] = {
    "key": {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3, "description": _KEY_PARTS},
    "stream": {"type": "string", "description": "The stream that the event belongs to"},
    "streamVersion": {"type": "integer", "minimum": 1, "description": "Its number within the stream"},
    "recordedAt": {"type": "string", "format": "date-time", "description": "For people: order goes by position"},
    "contentHash": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of type, time and data"},
    "columns": {"$ref": "#/components/schemas/RecordColumns"},
    "judgement": {"type": "string", "description": "JSON: the facts and rules that it was judged by, and the findings"},
}


def schemas() -> Json:
    """Every schema by name: a record's parts, the events by the names of their models, and what these consist of."""
    parts = {"RecordHeaders": _headers(), "RecordRow": _row(), "RecordColumns": _columns(), "RecordGenesis": _genesis()}
    return {**_models(), **parts}


def _headers() -> Json:
    """The headers of every record, and no others."""
    told = {name: _header(name) for name in (*REQUIRED, *OPTIONAL)}
    return {"type": "object", "required": list(REQUIRED), "properties": told, "additionalProperties": False}


def _header(name: str) -> Json:
    told: Json = {"type": "string", "description": _HEADERS[name]}
    if name in _FIXED:
        told["const"] = _FIXED[name]
    if name in FORMS:
        told["pattern"] = f"^(?:{FORMS[name].pattern.decode()})$"
    return told


_TYPES: Mapping[object, Json] = {
    date: {"type": "string", "format": "date"},
    UUID: {"type": "string", "format": "uuid"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    str: {"type": "string"},
}


def _columns() -> Json:
    """What figures count by; a column that is empty is left out."""
    hints = get_type_hints(Columns)
    told = {name: _TYPES[get_args(hints[name])[0]] for name in Columns._fields}
    about = "What figures count by: days, place, provider, subject, case, kind, quantity, and what it corrects"
    return {"type": "object", "description": about, "properties": told, "additionalProperties": False}


def _row() -> Json:
    about = "A row of the log but for its place, which stands in the headers"
    return {"type": "object", "description": about, "required": list(_ROW), "properties": dict(_ROW)}


def _genesis() -> Json:
    told: Json = {name: {"type": "string"} for name in ("log", "epoch")}
    told |= {"logId": {"type": "string", "format": "uuid"}, "shard": {"type": "integer", "minimum": 1}}
    return {"type": "object", "required": sorted(told), "properties": told, "additionalProperties": False}


def _models() -> Json:
    """The schemas of all events and their parts, by name; a name that two services use gets the module before it."""
    kinds = [kind for kinds in EVENTS.values() for kind in kinds]
    _, defined = models_json_schema(
        [(kind, "validation") for kind in kinds], by_alias=True, ref_template="#/components/schemas/{model}"
    )
    schemas = cast("Json", _plain(tidy(defined["$defs"])))
    corrected = schemas[EventCorrected.__name__]["properties"]
    corrected["type"] = {"enum": list(CONTENT_TYPES)}
    corrected["data"] = {"description": "All of the new content, by the schema of `type`", "type": "object"}
    return schemas


def _plain(schema: object) -> object:
    """Without what JSON Schema draft 7, AsyncAPI's own, does not know or passes over: what stands beside a `$ref`."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: _plain(value) for key, value in schema.items() if key != "discriminator"}
    if "$ref" in told and len(told) > 1:
        told["allOf"] = [{"$ref": told.pop("$ref")}]
    return told
