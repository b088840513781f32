"""Schemas and examples of the types of event, made from the models that validate."""

from collections.abc import Mapping
from typing import Any, cast

from services.interventions.catalogue import CONTENT_TYPES, EVENT_TYPES, EventType
from services.interventions.correction import EventCorrected, EventRetracted
from services.interventions.envelope import Envelope
from services.interventions.facts import Facts
from shared.web.openapi import tidy

SITE, STAFF, PROGRAMME = "99HA00", "m-77", "HR-JOS"
"""What an example shows to somebody who has no school or staff of its own yet."""
GROUP = "nl.jeugdhulp-op-school.group-intervention-recorded.v1"


def schema(type_: EventType, references: str = "#/$defs/{model}") -> dict[str, Any]:
    """The JSON Schema (2020-12) of a type's `data`; `references` is how it names its parts."""
    shown = type_.pushed.model_json_schema(by_alias=True, ref_template=references)
    if type_.pushed is EventCorrected:
        shown["properties"]["type"] = {"enum": list(CONTENT_TYPES)}
        shown["properties"]["data"] = {"description": "De volledige nieuwe inhoud, volgens het schema van `type`."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **cast("dict[str, Any]", tidy(shown))}


def envelope_schema() -> dict[str, Any]:
    """The JSON Schema of the envelope."""
    shown = Envelope.model_json_schema()
    shown["properties"]["type"] = {"enum": list(EVENT_TYPES)}
    return cast("dict[str, Any]", tidy(shown))


def example(type_: EventType, organisation: str, facts: Facts) -> dict[str, Any]:
    """A whole event of a type as this organisation could send it: with its own source, site and staff."""
    source = f"urn:nld:{organisation}:systeem:ecd"
    return {
        "specversion": "1.0",
        "id": f"ecd-2022-{list(EVENT_TYPES).index(type_.name) + 1:06d}",
        "source": source,
        "type": type_.name,
        "time": "2022-06-20T13:02:11Z",
        "datacontenttype": "application/json",
        "data": _data(type_, source, organisation, facts),
    }


def _data(type_: EventType, source: str, organisation: str, facts: Facts) -> dict[str, Any]:
    reference = {"source": source, "id": "ecd-2022-000001"}
    if type_.pushed is EventRetracted:
        return {"retracts": reference, **type_.example}
    if type_.pushed is EventCorrected:
        corrected = _content(EVENT_TYPES[GROUP], organisation, facts)
        return {"corrects": reference, "type": GROUP, "data": {**corrected, "minutes": 60}, **type_.example}
    return _content(type_, organisation, facts)


def _content(type_: EventType, organisation: str, facts: Facts) -> dict[str, Any]:
    places, staff = facts.places_of(organisation), facts.staff_of(organisation)
    programme, site = places[0] if places else (PROGRAMME, SITE)
    where: Mapping[str, Any] = {"programme": programme, "siteCode": site, "staff": [staff[0] if staff else STAFF]}
    return {**where, **type_.example}
