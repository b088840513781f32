"""How the facts grow: one function per event of the registry that contracts judges or warns by.

Types that are not named here tell contracts nothing. Told twice is the same as once.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from services.contracts.facts import Assignment, Facts, Programme, Provider, Site
from services.contracts.rules import Switch
from shared.domain.events import TYPE_PREFIX
from shared.domain.findings import Severity
from shared.log.events import StoredEvent

Payload = dict[str, Any]
FULL_TIME = Decimal(36)


class Learner:
    """The facts, and the registry's events that come into them."""

    def __init__(self) -> None:
        self.facts = Facts()

    def apply(self, _log: str, events: Sequence[StoredEvent]) -> None:
        """Take in events, in order; twice is the same as once."""
        for event in events:
            learn = _LEARN.get(event.type.removeprefix(TYPE_PREFIX))
            if learn:
                learn(self.facts, orjson.loads(event.payload))

    def reset(self) -> None:
        """Forget everything: the registry's log was restored and will be read again."""
        self.facts = Facts()


def _day(payload: Payload, field: str) -> date:
    return date.fromisoformat(payload[field])


def _last(payload: Payload) -> date | None:
    return date.fromisoformat(payload["validTo"]) if payload.get("validTo") else None


def _programme(facts: Facts, p: Payload) -> None:
    """A version of its file holds from its first day on, in the place of all that was said of later days."""
    first, known = _day(p, "validFrom"), facts.programmes.get(p["programme"])
    before = {day: one for day, one in (known.configurations if known else {}).items() if day < first}
    facts.programmes[p["programme"]] = Programme(p["region"], {**before, first: p.get("configuration", {})})


def _switched(facts: Facts, p: Payload) -> None:
    switch = Switch(Severity(p["severity"]), p.get("parameters", {}))
    facts.switches[p["programme"], p["rule"]][_day(p, "validFrom")] = switch


def _region(facts: Facts, p: Payload) -> None:
    facts.regions[p["region"]][_day(p, "validFrom")] = frozenset(p["municipalities"])


def _holiday(facts: Facts, p: Payload) -> None:
    """A summer that was recorded in the place of what is published, for a region or for one site."""
    if p["kind"] == "SUMMER":
        first = _day(p, "validFrom")
        facts.summers[p.get("site") or p["holidayRegion"], first.year] = first


def _holiday_region(facts: Facts, p: Payload) -> None:
    facts.sites[p["site"]].holiday_regions[_day(p, "validFrom")] = p["holidayRegion"]


def _moved(facts: Facts, p: Payload) -> None:
    facts.sites[p["site"]].municipality = p["municipality"]


def _provider(facts: Facts, p: Payload) -> None:
    facts.providers.setdefault(p["provider"], Provider())


def _expertise(facts: Facts, p: Payload) -> None:
    known = facts.providers.setdefault(p["provider"], Provider())
    known.expertise[_day(p, "validFrom")] = (_last(p), frozenset(p["tags"]))


def _experience(facts: Facts, p: Payload) -> None:
    known = facts.providers.setdefault(p["provider"], Provider())
    known.experience[p["schoolType"], p["region"], _day(p, "validFrom")] = _last(p)


def _wlz(facts: Facts, p: Payload) -> None:
    facts.providers.setdefault(p["provider"], Provider()).wlz[_day(p, "validFrom")] = _last(p)


def _site(facts: Facts, p: Payload) -> None:
    facts.sites[p["site"]] = Site(p["municipality"], {_day(p, "validFrom"): p["schoolType"]})


def _type(facts: Facts, p: Payload) -> None:
    facts.sites[p["site"]].types[_day(p, "validFrom")] = p["schoolType"]


def _closed(facts: Facts, p: Payload) -> None:
    facts.sites[p["site"]].closed = _last(p)


def _joined(facts: Facts, p: Payload) -> None:
    facts.participations[p["programme"], p["site"]][_day(p, "validFrom")] = None


def _left(facts: Facts, p: Payload) -> None:
    spans, last = facts.participations[p["programme"], p["site"]], _day(p, "validTo")
    begun = [first for first in spans if first <= last]
    if begun:
        spans[max(begun)] = last


def _assigned(facts: Facts, p: Payload) -> None:
    first = _day(p, "validFrom")
    facts.assignments[p["assignment"]] = Assignment(
        p["programme"], p["site"], p["provider"], p["staff"], first, _last(p), {first: _hours(facts, p)}
    )


def _changed(facts: Facts, p: Payload) -> None:
    """Other hours from a day on, until the next change that is known."""
    if p["assignment"] in facts.assignments:
        facts.assignments[p["assignment"]].hours[_day(p, "validFrom")] = _hours(facts, p)


def _ended(facts: Facts, p: Payload) -> None:
    if p["assignment"] in facts.assignments:
        facts.assignments[p["assignment"]].last = _last(p)


def _hours(facts: Facts, p: Payload) -> Decimal:
    """As stated, else by the fte and the programme's full-time week."""
    stated = p.get("hoursPerWeek")
    if stated is not None:
        return Decimal(str(stated))
    full_time = facts.setting(p["programme"], "fullTimeHours", _day(p, "validFrom"))
    return Decimal(str(p["fte"])) * (Decimal(str(full_time)) if full_time else FULL_TIME)


def _verified(facts: Facts, p: Payload) -> None:
    facts.registrations[p["provider"], p["staff"]][p["register"], _day(p, "validFrom")] = _last(p)


def _lapsed(facts: Facts, p: Payload) -> None:
    """A registration ended on a day of its own: whatever was valid after it is not."""
    known, last = facts.registrations[p["provider"], p["staff"]], _last(p)
    for (register, first), until in known.items():
        if register == p.get("register") and last is not None and first <= last <= (until or date.max):
            known[register, first] = last


_LEARN: dict[str, Callable[[Facts, Payload], None]] = {
    "programme-defined.v1": _programme,
    "programme-rule-switched.v1": _switched,
    "region-defined.v1": _region,
    "holiday-published.v1": _holiday,
    "holiday-corrected.v1": _holiday,
    "site-holiday-set.v1": _holiday,
    "site-holiday-region-set.v1": _holiday_region,
    "site-municipality-changed.v1": _moved,
    "provider-registered.v1": _provider,
    "provider-expertise-declared.v1": _expertise,
    "provider-experience-recorded.v1": _experience,
    "wlz-contract-recorded.v1": _wlz,
    "school-site-added.v1": _site,
    "school-type-changed.v1": _type,
    "school-site-closed.v1": _closed,
    "school-joined-programme.v1": _joined,
    "school-left-programme.v1": _left,
    "worker-assigned-to-school.v1": _assigned,
    "assignment-hours-changed.v1": _changed,
    "assignment-ended.v1": _ended,
    "professional-registration-verified.v1": _verified,
    "professional-registration-lapsed.v1": _lapsed,
}
