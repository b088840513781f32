"""How the facts grow: one function per event of registry and contracts that interventions are judged by.

Applying an event twice changes nothing. Events that no rule reads are passed over.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from services.interventions.facts import (
    Covered,
    Facts,
    Programme,
    Site,
    Worker,
    setup_of,
    waits_for_place,
    waits_for_site,
    waits_for_worker,
)
from shared.domain.events import TYPE_PREFIX
from shared.domain.findings import Severity
from shared.log.events import StoredEvent

Payload = Mapping[str, Any]
ANYTHING = "anything"
"""A change that may concern every held event."""


def learn(facts: Facts, events: Sequence[StoredEvent]) -> None:
    """Apply events of one log, in order."""
    for event in events:
        lesson = LESSONS.get(event.type.removeprefix(TYPE_PREFIX))
        if lesson is not None:
            facts.clean.clear()
            facts.changed.add(lesson(facts, orjson.loads(event.payload)))


def _day(payload: Payload, name: str) -> date:
    return date.fromisoformat(payload[name])


def _last(payload: Payload, name: str = "validTo") -> date | None:
    value = payload.get(name)
    return None if value is None else date.fromisoformat(value)


def _place(payload: Payload) -> str:
    return waits_for_place(payload["programme"], payload["site"])


def _programme_defined(facts: Facts, p: Payload) -> str:
    start = _day(p, "start")
    programme = facts.programmes.setdefault(p["programme"], Programme(p["programme"], start))
    programme.start = start
    programme.setups.add(_day(p, "validFrom"), None, setup_of(p["version"], p["configuration"]))
    return ANYTHING


def _rule_switched(facts: Facts, p: Payload) -> str:
    start = _day(p, "validFrom")
    programme = facts.programmes.setdefault(p["programme"], Programme(p["programme"], start))
    programme.rules[p["rule"]].add(start, None, Severity(p["severity"]))
    return ANYTHING


def _site_added(facts: Facts, p: Payload) -> str:
    facts.sites.setdefault(p["site"], Site(p["site"])).types.add(_day(p, "validFrom"), None, p["schoolType"])
    return waits_for_site(p["site"])


def _site_closed(facts: Facts, p: Payload) -> str:
    facts.sites.setdefault(p["site"], Site(p["site"])).closed_after = _last(p)
    return waits_for_site(p["site"])


def _school_joined(facts: Facts, p: Payload) -> str:
    facts.participation[p["programme"], p["site"]].add(_day(p, "validFrom"), None, True)
    return _place(p)


def _school_left(facts: Facts, p: Payload) -> str:
    facts.participation[p["programme"], p["site"]].end(_day(p, "validTo"))
    return _place(p)


def _provider_chosen(facts: Facts, p: Payload) -> str:
    facts.providers[p["programme"], p["site"]].add(_day(p, "validFrom"), _last(p), p["provider"])
    return _place(p)


def _professional_registered(facts: Facts, p: Payload) -> str:
    facts.workers.add(Worker(p["provider"], p["staff"]))
    return waits_for_worker(p["provider"], p["staff"])


def _worker_assigned(facts: Facts, p: Payload) -> str:
    key = (p["programme"], p["site"], p["provider"], p["staff"])
    facts.assignments[key].add(_day(p, "validFrom"), _last(p), p["assignment"])
    return _place(p)


def _assignment_ended(facts: Facts, p: Payload) -> str:
    facts.assignments[p["programme"], p["site"], p["provider"], p["staff"]].end_value(
        _day(p, "validTo"), p["assignment"]
    )
    return _place(p)


def _coverage_added(facts: Facts, p: Payload) -> str:
    covered = Covered(p["provider"], p["contract"])
    facts.coverage[p["programme"], p["site"]].add(_day(p, "validFrom"), _last(p), covered)
    return _place(p)


def _coverage_ended(facts: Facts, p: Payload) -> str:
    covered = Covered(p["provider"], p["contract"])
    facts.coverage[p["programme"], p["site"]].end_value(_day(p, "validTo"), covered, _day(p, "validFrom"))
    return _place(p)


LESSONS: Mapping[str, Callable[[Facts, Payload], str]] = {
    "programme-defined.v1": _programme_defined,
    "programme-rule-switched.v1": _rule_switched,
    "school-site-added.v1": _site_added,
    "school-type-changed.v1": _site_added,
    "school-site-closed.v1": _site_closed,
    "school-joined-programme.v1": _school_joined,
    "school-left-programme.v1": _school_left,
    "provider-chosen-for-school.v1": _provider_chosen,
    "provider-of-school-changed.v1": _provider_chosen,
    "professional-registered.v1": _professional_registered,
    "worker-assigned-to-school.v1": _worker_assigned,
    "assignment-ended.v1": _assignment_ended,
    "school-coverage-added.v1": _coverage_added,
    "school-coverage-ended.v1": _coverage_ended,
}
