"""The registry's facts of Haaglanden, as its events tell them, without a database."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from services.contracts.facts import Facts
from services.contracts.learning import Learner
from shared.domain.events import TYPE_PREFIX
from shared.log.canonical import canonical
from shared.log.events import Columns, Key, Position, StoredEvent
from tests.contracts.given import MIDDEN, NOORD, ZUID

Json = dict[str, Any]
PROGRAMME, PROVIDER, SINCE = "HG-COLLECTIEF", "kvknr:99990001", "2026-08-01"

HAAGLANDEN: tuple[tuple[str, Json], ...] = (
    ("region-defined.v1", {"region": "HGL", "municipalities": ["GM0637"], "validFrom": "2000-01-01"}),
    (
        "programme-defined.v1",
        {
            "programme": PROGRAMME,
            "region": "HGL",
            "validFrom": "2022-01-01",
            "configuration": {"holidayRegion": "MIDDEN", "fullTimeHours": 40, "kpis": ["KPI-HG-01", "KPI-HG-02"]},
        },
    ),
    ("provider-registered.v1", {"provider": PROVIDER}),
    *(
        (
            "school-site-added.v1",
            {"site": s, "municipality": "GM0637", "schoolType": "SO_C4", "validFrom": "2000-01-01"},
        )
        for s in (NOORD, MIDDEN, ZUID)
    ),
    ("site-holiday-region-set.v1", {"site": NOORD, "holidayRegion": "NOORD", "validFrom": "2000-01-01"}),
    ("site-holiday-region-set.v1", {"site": ZUID, "holidayRegion": "ZUID", "validFrom": "2000-01-01"}),
)


def rule(name: str, severity: str, **parameters: object) -> tuple[str, Json]:
    """The programme takes a rule this way."""
    told = {"programme": PROGRAMME, "rule": name, "severity": severity, "parameters": parameters, "validFrom": SINCE}
    return ("programme-rule-switched.v1", told)


def joined(site: str) -> tuple[str, Json]:
    """A school takes part."""
    return ("school-joined-programme.v1", {"programme": PROGRAMME, "site": site, "validFrom": SINCE})


def assigned(staff: str, site: str, hours: float, last: str | None = None, first: str = SINCE) -> tuple[str, Json]:
    """Somebody works at a school."""
    told: Json = {"programme": PROGRAMME, "site": site, "provider": PROVIDER, "staff": staff, "fte": 0.4}
    more: Json = {"assignment": f"HGL-{staff}-{site}", "hoursPerWeek": hours, "validFrom": first, "validTo": last}
    return ("worker-assigned-to-school.v1", told | more)


def hours_changed(staff: str, site: str, first: str, fte: float, last: str | None = None) -> tuple[str, Json]:
    """Somebody works more or less there from a day on; the last day is the assignment's."""
    told: Json = {"programme": PROGRAMME, "site": site, "provider": PROVIDER, "staff": staff, "fte": fte}
    more: Json = {"assignment": f"HGL-{staff}-{site}", "hoursPerWeek": None, "validFrom": first, "validTo": last}
    return ("assignment-hours-changed.v1", told | more)


def verified(staff: str, last: str) -> tuple[str, Json]:
    """A registration was looked up."""
    told = {"provider": PROVIDER, "staff": staff, "register": "SKJ", "validFrom": "2022-01-01", "validTo": last}
    return ("professional-registration-verified.v1", told)


def told(*events: tuple[str, Json]) -> Facts:
    """The facts after these events."""
    learner = Learner()
    events_stored = [stored(number, type_, payload) for number, (type_, payload) in enumerate(events, start=1)]
    learner.apply("registry", events_stored)
    learner.apply("registry", events_stored)
    return learner.facts


def stored(number: int, type_: str, payload: Json) -> StoredEvent:
    """An event as a feed gives it."""
    now = datetime(2026, 8, 1, tzinfo=UTC)
    key = Key("region:HGL", "urn:jos:registry", str(number))
    return StoredEvent(
        Position(1, number), "e", uuid4(), key, TYPE_PREFIX + type_, f"s/{number}", 1, now, now, canonical(payload),
        b"", b"", Columns(), "{}", None,
    )  # fmt: skip
