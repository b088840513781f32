"""The AsyncAPI document is one, tells of every event that a log may hold, and fits what the relay writes."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

import services
from shared.domain.events import Event
from shared.feeds.kafka.record import OPTIONAL, REQUIRED, Record, encode, encode_genesis
from shared.log.canonical import canonical
from shared.log.events import Columns
from tests.feeds.given import NOON, TYPE, stored
from tools.asyncapi import document

Json = dict[str, Any]
DOCUMENT: Json = json.loads(document())
MESSAGES: Json = DOCUMENT["components"]["messages"]
SCHEMA = json.loads((Path(__file__).parent / "asyncapi" / "schema-3.0.0.json").read_text(encoding="utf-8"))
SUBJECT = UUID("0190163d-8694-739b-aea5-966c26f8ad91")
EVENT = stored(7)._replace(
    payload=canonical(
        {
            "programme": "HR-JOS",
            "siteCode": "99HA00",
            "staff": ["m-77"],
            "occurredOn": "2022-07-05",
            "minutes": 75,
            "mode": "INTERVENTION",
            "theme": "EMOTION_REGULATION",
            "groupSize": 9,
            "setting": "CLASS",
        }
    ),
    columns=Columns(day=date(2022, 7, 5), programme="HR-JOS", subject=SUBJECT, quantity=Decimal("1.50"), root=SUBJECT),
    traceparent=f"00-{'1' * 32}-{'2' * 16}-01",
)
RECORD = encode("interventions", EVENT, b"s" * 32)


def name(type_: str) -> str:
    """The message of a type."""
    return next(key for key, message in MESSAGES.items() if message["name"] == type_)


def fits(type_: str, part: str, value: object) -> bool:
    """Whether the headers or the payload are as the document says of this type."""
    return checker(type_, part).is_valid(value)


@cache
def checker(type_: str, part: str) -> jsonschema_rs.Draft7Validator:
    """What holds a value against the document."""
    schema = {"$ref": f"#/components/messages/{name(type_)}/{part}", "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft7Validator(schema, validate_formats=True)


def headers(record: Record) -> Json:
    """The headers as a tool sees them."""
    return {key: value.decode() for key, value in record.headers}


def test_the_document_is_one_of_asyncapi_3() -> None:
    found = jsonschema_rs.Draft7Validator(SCHEMA).iter_errors(DOCUMENT)
    assert [(str(one.instance_path), one.message[:200]) for one in found] == []


@pytest.mark.parametrize(
    "changed",
    [
        {"operations": {"publish": {"action": "publish", "channel": {"$ref": "#/channels/kpi"}}}},
        {"channels": {"kpi": {"address": 1}}},
        {"servers": {"brokers": {"host": "localhost"}}},
        {"components": {"schemas": {"One": {"type": "objekt"}}}},
    ],
)
def test_what_is_none_is_told_apart(changed: Json) -> None:
    """The schema that the test above goes by is not one that takes everything."""
    assert not jsonschema_rs.Draft7Validator(SCHEMA).is_valid(DOCUMENT | changed)


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(DOCUMENT)):
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def references(part: object) -> Iterator[str]:
    """Every `$ref` in a part of the document."""
    if isinstance(part, list):
        for one in part:
            yield from references(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            yield from references(value)


def test_every_event_of_the_services_is_on_the_topic_of_its_log() -> None:
    for module in walk_packages(services.__path__, "services."):
        import_module(module.name)
    told = {
        (channel, MESSAGES[message]["name"])
        for channel, shown in DOCUMENT["channels"].items()
        for message in shown["messages"]
        if message != "genesis"
    }
    assert told == {(kind.__module__.split(".")[1], kind.full_type()) for kind in kinds(Event)}


def kinds(kind: type[Event]) -> Iterator[type[Event]]:
    """The models of the services' events."""
    for one in kind.__subclasses__():
        yield from kinds(one)
        if hasattr(one, "TYPE") and one.__module__.startswith("services."):
            yield one


def test_every_message_says_what_it_is_about() -> None:
    assert [key for key, message in MESSAGES.items() if not message["summary"]] == []


def test_the_headers_are_those_that_the_relay_writes() -> None:
    told = DOCUMENT["components"]["schemas"]["RecordHeaders"]
    assert set(told["properties"]) == {*REQUIRED, *OPTIONAL}
    assert set(told["required"]) == set(REQUIRED)


def test_a_record_is_as_the_document_says() -> None:
    assert fits(TYPE, "headers", headers(RECORD))
    assert fits(TYPE, "payload", json.loads(RECORD.value))


@pytest.mark.parametrize("header", REQUIRED)
def test_a_record_without_a_header_is_not(header: str) -> None:
    told = headers(RECORD)
    del told[header]
    assert not fits(TYPE, "headers", told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ce_type": "nl.jeugdhulp-op-school.coaching-recorded.v1"},
        {"ce_position": "-1"},
        {"ce_rowhash": "f" * 63},
        {"content-type": "text/plain"},
        {"subject": str(SUBJECT)},
    ],
)
def test_a_record_with_another_header_is_not(wrong: Json) -> None:
    assert not fits(TYPE, "headers", headers(RECORD) | wrong)


@pytest.mark.parametrize(
    "wrong", [{"data": {}}, {"columns": {"pupil": "x"}}, {"key": ["a", "b"]}, {"streamVersion": 0}]
)
def test_a_record_with_another_value_is_not(wrong: Json) -> None:
    assert not fits(TYPE, "payload", json.loads(RECORD.value) | wrong)


def test_a_genesis_record_is_as_the_document_says() -> None:
    record = encode_genesis("interventions", SUBJECT, 1, "e1", NOON, b"s" * 32)
    type_ = headers(record)["ce_type"]
    assert fits(type_, "headers", headers(record))
    assert fits(type_, "payload", json.loads(record.value))
