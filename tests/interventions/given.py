"""What a test begins with: providers, schools, people and contracts, as their own logs tell them."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from shared.clock import Clock
from shared.domain.events import TYPE_PREFIX
from shared.log.canonical import canonical, content_hash
from shared.log.events import Key, NewEvent, Position, StoredEvent, Unit
from shared.log.ids import uuid7
from shared.log.log import Log

Json = dict[str, Any]

PROGRAMME = "HR-JOS"
AJ, CARDEA = "kvknr:99990001", "kvknr:99990002"
SITE, OTHER_SITE = "99HA00", "99HB00"
MARIA, JOB = "m-77", "m-78"
FROM = "2022-01-01"

CONFIGURATION: Json = {
    "allowedKinds": ["GROUP", "INDIVIDUAL", "PARENT_SUPPORT", "COACHING", "CRISIS"],
    "flaggedKinds": ["CRISIS"],
    "schoolTypes": ["SBO", "SO", "VSO", "SO_VSO"],
}

Told = tuple[str, str, Json]
"""A log, a type of event, and its payload."""


def programme(configuration: Json | None = None, start: str = FROM) -> list[Told]:
    """The programme with the two rules that are judged here."""
    defined: Json = {
        "programme": PROGRAMME,
        "title": {"nl": "JOS", "en": "JOS"},
        "region": "HR",
        "status": "ACTIVE",
        "start": start,
        "version": 1,
        "configuration": configuration or CONFIGURATION,
        "validFrom": start,
    }
    return [
        ("registry", "programme-defined.v1", defined),
        rule("R-EXCL-LEARNING", "BLOCK"),
        rule("R-ONE-PROVIDER", "BLOCK"),
    ]


def rule(name: str, severity: str, since: str = FROM) -> Told:
    """A rule is switched."""
    switched: Json = {
        "programme": PROGRAMME,
        "rule": name,
        "severity": severity,
        "parameters": {},
        "source": [],
        "validFrom": since,
    }
    return ("registry", "programme-rule-switched.v1", switched)


def site(code: str = SITE, school_type: str = "SO") -> Told:
    """A school site exists."""
    added: Json = {
        "site": code,
        "school": code[:4],
        "name": "Voorbeeld",
        "schoolType": school_type,
        "municipality": "GM0546",
        "subRegion": None,
        "validFrom": "2000-01-01",
    }
    return ("registry", "school-site-added.v1", added)


def closed(code: str, last: str) -> Told:
    """A site is closed."""
    return ("registry", "school-site-closed.v1", {"site": code, "validTo": last})


def joined(code: str = SITE, since: str = FROM) -> Told:
    """A site takes part."""
    taken: Json = {"programme": PROGRAMME, "site": code, "municipality": "GM0546", "schoolType": "SO", "level": None}
    return ("registry", "school-joined-programme.v1", {**taken, "validFrom": since})


def chosen(code: str = SITE, provider: str = AJ, since: str = FROM, last: str | None = None) -> Told:
    """A school chose a provider."""
    choice: Json = {"programme": PROGRAMME, "site": code, "provider": provider, "assumed": False}
    return (
        "registry",
        "provider-chosen-for-school.v1",
        {**choice, "chosenBy": "SCHOOL", "validFrom": since, "validTo": last},
    )


def worker(staff: str = MARIA, provider: str = AJ) -> Told:
    """A professional is registered."""
    return (
        "registry",
        "professional-registered.v1",
        {"provider": provider, "staff": staff, "function": "YOUTH_WORKER", "validFrom": FROM},
    )


def assigned(
    code: str = SITE, staff: str = MARIA, provider: str = AJ, since: str = FROM, last: str | None = None
) -> Told:
    """A professional is assigned to a site."""
    given: Json = {
        "programme": PROGRAMME,
        "site": code,
        "provider": provider,
        "staff": staff,
        "assignment": f"a-{staff}-{code}",
        "fte": 0.8,
        "hoursPerWeek": None,
        "fixedFace": True,
        "validFrom": since,
        "validTo": last,
    }
    return ("registry", "worker-assigned-to-school.v1", given)


def covered(code: str = SITE, provider: str = AJ, since: str = FROM, last: str | None = "2022-12-31") -> Told:
    """A contract covers a site."""
    cover: Json = {"contract": f"c-{provider[-1]}", "programme": PROGRAMME, "provider": provider, "site": code}
    return ("contracts", "school-coverage-added.v1", {**cover, "validFrom": since, "validTo": last})


def a_school_in_order(code: str = SITE, provider: str = AJ, staff: str = MARIA) -> list[Told]:
    """Everything that lets a provider's event at a school be counted."""
    return [
        site(code),
        joined(code),
        chosen(code, provider),
        worker(staff, provider),
        assigned(code, staff, provider),
        covered(code, provider),
    ]


@dataclass
class Neighbours:
    """The logs of registry and contracts, written by the test itself."""

    logs: Mapping[str, Log]
    clock: Clock
    told: list[Told] = field(default_factory=list)

    async def tell(self, *events: Told) -> None:
        """Let these events have happened."""
        for name, type_, payload in events:
            [answer] = await self.logs[name].append(Unit((stored_as(name, type_, payload, self.clock),)))
            assert answer.event_id is not None, answer
            self.told.append((name, type_, payload))


def stored_as(log: str, type_: str, payload: Json, clock: Clock) -> NewEvent:
    """An event of another service, ready for its log."""
    text, now = canonical(payload), clock.now()
    full = TYPE_PREFIX + type_
    return NewEvent(
        uuid7(clock),
        Key("region:HR", f"urn:jos:{log}", str(uuid4())),
        full,
        f"test/{uuid4()}",
        now,
        now,
        text,
        content_hash(full, now, text),
    )


def content(data: Json, /, **changed: Any) -> Json:
    """The data with some fields changed; None takes one away."""
    return deepcopy({name: value for name, value in {**data, **changed}.items() if value is not None})


GROUP: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "occurredOn": "2022-03-14",
    "minutes": 75,
    "staff": [MARIA],
    "mode": "INTERVENTION",
    "theme": "EMOTION_REGULATION",
    "groupSize": 9,
    "setting": "CLASS",
}
INDIVIDUAL: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "occurredOn": "2022-03-14",
    "minutes": 45,
    "staff": [MARIA],
    "mode": "GUIDANCE",
    "pupilRef": "c-90233",
}
PARENTS: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "occurredOn": "2022-03-14",
    "minutes": 60,
    "staff": [MARIA],
    "pupilRef": "c-90233",
}
CRISIS: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "occurredOn": "2022-03-14",
    "minutes": 90,
    "staff": [MARIA],
    "pupilRef": "c-90233",
    "escalation": "NONE",
}
COACHING: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "occurredOn": "2022-03-14",
    "minutes": 60,
    "staff": [MARIA],
    "audience": "TEAM",
    "audienceSize": 8,
}
START: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "startedOn": "2022-02-01",
    "trajectory": "t-4711",
    "pupilRef": "c-90233",
    "staff": [MARIA],
    "duration": "INCIDENTAL",
    "form": "INDIVIDUAL",
}
TAPER: Json = {"programme": PROGRAMME, "siteCode": SITE, "trajectory": "t-4711", "taperedOn": "2022-05-02"}
COMPLETE: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "trajectory": "t-4711",
    "endedOn": "2022-06-20",
    "result": "REACHED",
}
STOP: Json = {
    "programme": PROGRAMME,
    "siteCode": SITE,
    "trajectory": "t-4711",
    "endedOn": "2022-06-20",
    "reason": "MOVED",
}

NAMES = {
    "group": "group-intervention-recorded.v1",
    "individual": "individual-intervention-recorded.v1",
    "parents": "parent-support-recorded.v1",
    "crisis": "crisis-intervention-recorded.v1",
    "coaching": "coaching-recorded.v1",
    "start": "support-trajectory-started.v1",
    "taper": "support-trajectory-tapered.v1",
    "complete": "support-trajectory-completed.v1",
    "stop": "support-trajectory-stopped.v1",
    "correct": "event-corrected.v1",
    "retract": "event-retracted.v1",
}
SAMPLES: dict[str, Json] = {
    "group": GROUP,
    "individual": INDIVIDUAL,
    "parents": PARENTS,
    "crisis": CRISIS,
    "coaching": COACHING,
    "start": START,
    "taper": TAPER,
    "complete": COMPLETE,
    "stop": STOP,
}


def source_of(organisation: str = AJ, system: str = "ecd") -> str:
    """The source of a provider's system."""
    return f"urn:nld:{organisation}:systeem:{system}"


def event(kind: str, id_: str, /, organisation: str = AJ, **changed: Any) -> Json:
    """A whole event: one of the samples under an id, with some fields of its data changed (None: taken away)."""
    return {
        "specversion": "1.0",
        "id": id_,
        "source": source_of(organisation),
        "type": TYPE_PREFIX + NAMES[kind],
        "time": "2022-07-01T09:00:00Z",
        "datacontenttype": "application/json",
        "data": content(SAMPLES.get(kind, {}), **changed),
    }


def correction(id_: str, of: str, kind: str, /, organisation: str = AJ, **changed: Any) -> Json:
    """A correction of an event: the sample of its kind, with some fields changed."""
    corrected: Json = {
        "corrects": {"source": source_of(organisation), "id": of},
        "type": TYPE_PREFIX + NAMES[kind],
        "data": content(SAMPLES[kind], **changed),
    }
    return {**event("correct", id_, organisation), "data": corrected}


def retraction(id_: str, of: str, organisation: str = AJ) -> Json:
    """A retraction of an event."""
    retracts: Json = {"retracts": {"source": source_of(organisation), "id": of}, "reason": "ENTERED_IN_ERROR"}
    return {**event("retract", id_, organisation), "data": retracts}


def payloads(events: list[StoredEvent]) -> list[str]:
    """The stored texts, for comparing byte by byte."""
    return [one.payload for one in events]


def as_stored(told: Told, clock: Clock) -> StoredEvent:
    """An event of another service as its feed hands it over."""
    new = stored_as(*told, clock)
    return StoredEvent(
        Position(1, 1),
        "epoch",
        new.id,
        new.key,
        new.type,
        new.stream,
        1,
        new.time,
        new.recorded_at,
        new.payload,
        new.content_hash,
        b"",
        new.columns,
        new.judgement,
        None,
    )
