"""From a JSON value to a pushed event, or to everything that is wrong with it, all at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.interventions.catalogue import CONTENT_TYPES, EVENT_TYPES, EventType
from services.interventions.correction import EventCorrected, EventRetracted, RecordRef
from services.interventions.envelope import CODES, Envelope, is_of, is_source
from services.interventions.intervention import Intervention
from services.interventions.personal import at, names_a_person, personal_pointers
from services.interventions.pushed import Content, Pushed
from services.interventions.trajectory_steps import TrajectoryEvent
from shared.domain.events import Event
from shared.domain.texts import Text
from shared.log.events import Key
from shared.web.problems import FieldError, error
from shared.web.schema_errors import did_you_mean, field_errors

AHEAD = timedelta(minutes=5)
"""How far the sender's clock may be ahead."""
OWN = "urn:jos:interventions"
"""The source of what this service adds by itself, on behalf of the organisation."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Unreadable(Exception):
    """An event that cannot be judged: its errors, and 400 or, for what is somebody else's, 403.

    `id` is the event's own id where it could be read.
    """

    errors: tuple[FieldError, ...]
    status: int = 400
    id: str | None = None


def read(value: object, organisation: str, now: datetime, traceparent: str | None = None) -> Pushed:
    """The event in a JSON value; `traceparent` is that of the request. Raises `Unreadable`."""
    if not isinstance(value, dict):
        raise Unreadable((error("not-an-object"),))
    errors: list[FieldError] = []
    envelope = _envelope(value, errors)
    type_ = _type(value.get("type"), EVENT_TYPES, "/type", errors) if "type" in value else None
    command = _validated(type_.pushed, value["data"], "/data", errors) if type_ and "data" in value else None
    content = _content(command, errors)
    _check_owner(value, organisation)
    if envelope is not None and envelope.time > now + AHEAD:
        errors.append(error("time-future", "/time"))
    if errors or envelope is None or command is None:
        raise Unreadable(_told(value, errors), id=envelope.id if envelope else None)
    key = Key(organisation, envelope.source, envelope.id)
    _check_reference(command, key)
    return Pushed(
        key, envelope.type, envelope.time, command, content, value["data"], envelope.traceparent or traceparent
    )


def content_from(type_: str, data: Mapping[str, object]) -> tuple[Event, Content | None]:
    """Data that were accepted before, as their model, and what is judged of it."""
    command = EVENT_TYPES[type_].pushed.model_validate(data, by_alias=True, by_name=False)
    return command, _content(command, [])


def as_content(command: Event) -> Content:
    """Data with content of its own. Raises `TypeError` for a correction or retraction."""
    if isinstance(command, Intervention | TrajectoryEvent):
        return command
    raise TypeError(type(command).__name__)


def _envelope(value: Mapping[str, object], errors: list[FieldError]) -> Envelope | None:
    found: list[FieldError] = []
    envelope = _validated(Envelope, value, "", found)
    for one in found:
        code = CODES.get(one.pointer[1:])
        errors.append(
            one if code is None or one.code == "personal-data" else error(code, one.pointer, _HINTS.get(code))
        )
    return envelope


def _type(name: object, known: Mapping[str, EventType], pointer: str, errors: list[FieldError]) -> EventType | None:
    if not isinstance(name, str):
        return None
    type_ = known.get(name)
    if type_ is None:
        stem = name.rpartition(".v")[0]
        versions = [other for other in known if stem and other.rpartition(".v")[0] == stem]
        code = "type-version" if versions else "type-unknown"
        errors.append(error(code, pointer, did_you_mean(name, versions or list(known))))
    return type_


def _validated(model: type[Model], value: object, pointer: str, errors: list[FieldError]) -> Model | None:
    try:
        return model.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as problem:
        errors.extend(_named(one) for one in field_errors(problem.errors(include_url=False), model, pointer))
        return None


def _named(one: FieldError) -> FieldError:
    """An unknown function of a worker has a code of its own."""
    return replace(one, code="role") if one.code == "code" and one.pointer.endswith("/function") else one


def _content(command: Event | None, errors: list[FieldError]) -> Content | None:
    """What is judged: the data themselves, or those of a correction, by the schema of the type it names."""
    if isinstance(command, EventCorrected):
        type_ = _type(command.type, CONTENT_TYPES, "/data/type", errors)
        corrected = _validated(type_.pushed, command.data, "/data/data", errors) if type_ else None
        return None if corrected is None else as_content(corrected)
    return command if isinstance(command, Intervention | TrajectoryEvent) else None


def _check_owner(value: Mapping[str, object], organisation: str) -> None:
    """What is somebody else's is refused alike, whether it exists or not (G-21)."""
    data = value.get("data")
    data = data if isinstance(data, dict) else {}
    for place in ("corrects", "retracts"):
        reference = data.get(place)
        source = reference.get("source") if isinstance(reference, dict) else None
        if is_source(source) and not is_of(str(source), organisation):
            raise Unreadable((error("source-not-yours", f"/data/{place}/source"),), 403)
    source = value.get("source")
    if is_source(source) and not is_of(str(source), organisation):
        raise Unreadable((error("source-not-yours", "/source"),), 403)
    if isinstance(data.get("provider"), str) and data["provider"] != organisation:
        raise Unreadable((FieldError("/data/provider", "provider", _PROVIDER),), 403)


def _check_reference(command: Event, key: Key) -> None:
    """Nothing corrects or retracts itself."""
    place, reference = _reference(command)
    if reference is not None and (reference.source, reference.id) == (key.source, key.source_id):
        raise Unreadable((error("self", f"/data/{place}"),), id=key.source_id)


def _reference(command: Event) -> tuple[str, RecordRef | None]:
    if isinstance(command, EventCorrected):
        return "corrects", command.corrects
    return ("retracts", command.retracts) if isinstance(command, EventRetracted) else ("", None)


def _told(value: Mapping[str, object], errors: list[FieldError]) -> tuple[FieldError, ...]:
    """The errors; what is wrong and looks personal is told as that and nothing else (G-30)."""
    return tuple(dict.fromkeys(told for one in errors for told in _as_personal(value, one)))


def _as_personal(value: Mapping[str, object], one: FieldError) -> list[FieldError]:
    if one.code in _NOT_PERSONAL:
        return [one]
    if one.code == "unknown-field" and names_a_person(one.pointer.rpartition("/")[2]):
        return [error("personal-data", one.pointer)]
    found = personal_pointers(at(value, one.pointer), one.pointer)
    return [error("personal-data", pointer) for pointer in found] or [one]


_NOT_PERSONAL = ("date", "time", "source", "type-unknown", "type-version", "reference-numeric")
"""A day, a moment or a name of ours that is written wrongly is no more than that."""
_PROVIDER = Text("Het token staat voor een andere aanbieder.", "The token stands for another provider.")
_HINTS = {
    "time": Text(
        "Schrijf 2022-03-14T13:02:11Z (UTC) of 2022-03-14T14:02:11+01:00 (lokale tijd met tijdzone).",
        "Write 2022-03-14T13:02:11Z (UTC) or 2022-03-14T14:02:11+01:00 (local time with its offset).",
    ),
    "source": Text(
        "Schrijf urn:nld:kvknr:<8 cijfers>:systeem:<naam>.", "Write urn:nld:kvknr:<8 digits>:systeem:<name>."
    ),
}
