"""The events on the topics as an AsyncAPI 3.0 document, made from the models that the logs are written with."""

import json
from typing import Any

from shared.domain.events import TYPE_PREFIX, Event
from shared.feeds.kafka.record import GENESIS
from shared.feeds.kafka.topics import configuration
from shared.settings import Settings
from shared.web.openapi import CONTACT
from tools import records
from tools.records import EVENTS

Json = dict[str, Any]
BINDING = "0.5.0"
"""The version of the Kafka bindings."""

_TOPICS = {
    "registry": "Schools, sites, municipalities, providers, professionals, programmes, participation and assignments",
    "interventions": "What providers pushed, with the subject's id in place of their reference to the pupil",
    "contracts": "Contracts, their schools, notices, product codes and tariff variables",
    "kpi": "Deliveries of schools, definitions of KPIs, and cuts",
}

_ABOUT = """\
What stands on the topics of an installation with `JOS_FEED=kafka`: every event of every log, in order, as CloudEvents
1.0 in binary mode. A topic is a copy that can be thrown away; the log in PostgreSQL is the truth.

Records may come more than once and a topic may be filled anew: go by `ce_shard` and `ce_position`, never by the offset,
and skip what you have had. When `ce_epoch` changes, the log was restored from a backup: begin anew.

No header holds personal data. Values do (a pseudonym is one): who may read a topic is decided by an ACL."""


_INFO: Json = {
    "title": "JOS, the logs",
    "version": "1",
    "description": _ABOUT,
    "contact": CONTACT,
    "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
}


def document() -> str:
    """The document, as it stands in the repository."""
    components = {
        "schemas": records.schemas(),
        "messages": _messages(),
        "messageTraits": {"record": _trait()},
        "securitySchemes": {"scram": {"type": "scramSha512", "description": "User and password, over TLS"}},
    }
    whole = {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": "application/json",
        "servers": {"brokers": _SERVER},
        "channels": {log: _channel(log) for log in EVENTS},
        "operations": {f"publish-{log}": _publication(log) for log in EVENTS},
        "components": components,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


_SERVER: Json = {
    "host": "{broker}",
    "protocol": "kafka-secure",
    "description": "The brokers of the installation: TLS, and SCRAM or a client's certificate.",
    "variables": {"broker": {"description": "JOS_KAFKA_BOOTSTRAP", "examples": ["kafka-1.example.org:9093"]}},
    "security": [{"$ref": "#/components/securitySchemes/scram"}],
}


def _channel(log: str) -> Json:
    names = ("genesis", *map(_name, EVENTS[log]))
    stated = configuration(Settings())
    shown: Json = {key: int(stated[key]) for key in ("retention.ms", "retention.bytes", "max.message.bytes")}
    shown["cleanup.policy"] = [stated["cleanup.policy"]]
    kafka = {"topicConfiguration": shown, "bindingVersion": BINDING}
    return {
        "address": "{prefix}" + log,
        "title": log,
        "description": f"{_TOPICS[log]}. A partition per shard, one if nothing was decided.",
        "parameters": {"prefix": {"description": "JOS_KAFKA_PREFIX and JOS_DATABASE_PREFIX", "default": "jos."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": kafka},
    }


def _publication(log: str) -> Json:
    about = f"The relay of {log} publishes its log, in order, at least once."
    return {"action": "send", "channel": {"$ref": f"#/channels/{log}"}, "summary": about}


def _name(kind: type[Event]) -> str:
    return kind.full_type().removeprefix(TYPE_PREFIX)


def _messages() -> Json:
    told = {_name(kind): _message(kind) for kinds in EVENTS.values() for kind in kinds}
    first = "The first record of a partition: which log it is, and the hash that its chain begins with."
    payload = {"$ref": "#/components/schemas/RecordGenesis"}
    return {**told, "genesis": _named(GENESIS, first, payload)}


def _message(kind: type[Event]) -> Json:
    """An event in its row; its summary is what its model says of itself."""
    data = {"$ref": f"#/components/schemas/{kind.__name__}"}
    row = {"$ref": "#/components/schemas/RecordRow"}
    payload = {"type": "object", "allOf": [row], "required": ["data"], "properties": {"data": data}}
    return _named(kind.full_type(), " ".join((kind.__doc__ or "").split()), payload)


def _named(type_: str, summary: str, payload: Json) -> Json:
    common = {"$ref": "#/components/schemas/RecordHeaders"}
    headers = {"type": "object", "allOf": [common], "properties": {"ce_type": {"const": type_}}}
    traits = [{"$ref": "#/components/messageTraits/record"}]
    return {"name": type_, "summary": summary, "headers": headers, "payload": payload, "traits": traits}


def _trait() -> Json:
    key = {"type": "string", "format": "uuid", "description": "As `ce_id`; it plays no part in the order"}
    return {"contentType": "application/json", "bindings": {"kafka": {"key": key, "bindingVersion": BINDING}}}
