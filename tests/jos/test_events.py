"""The demo's synthetic half year."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from jos.demo.events import half_year
from jos.demo.schools import PERIOD_END, START
from jos.demo.spread import Delivery, deliveries
from services.interventions import lessons as _lessons  # noqa: F401
from services.interventions.reading import read
from shared.domain.events import TYPE_PREFIX

SPREAD = deliveries()
HALF_YEAR = half_year(SPREAD)
EVENTS = [cast("dict[str, Any]", event) for events in HALF_YEAR.values() for event in events]
NOW = datetime(2022, 7, 5, tzinfo=UTC)


def _standing(events: Iterable[dict[str, Any]]) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """A naive fold: what every record says after corrections and retractions, by (source, id)."""
    standing: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for event in events:
        name, data = event["type"].removeprefix(TYPE_PREFIX), event["data"]
        if name == "event-corrected.v1":
            named = data["corrects"]["source"], data["corrects"]["id"]
            standing[named] = (data["type"].removeprefix(TYPE_PREFIX), data["data"])
        elif name == "event-retracted.v1":
            del standing[data["retracts"]["source"], data["retracts"]["id"]]
        else:
            standing[event["source"], event["id"]] = (name, data)
    return standing


def _helped(site: str) -> dict[str, list[dict[str, Any]]]:
    """The trajectories of each pupil of a site."""
    of_pupil = defaultdict(list)
    for name, data in _standing(EVENTS).values():
        if name == "support-trajectory-started.v1" and data["siteCode"] == site:
            of_pupil[data["pupilRef"]].append(data)
    return of_pupil


@pytest.mark.parametrize("delivery", SPREAD, ids=lambda delivery: delivery.school.site)
def test_the_events_of_a_school_give_the_counts_it_delivers(delivery: Delivery) -> None:
    helped = _helped(delivery.school.site)
    structural = sum(any(t["duration"] == "STRUCTURAL" for t in of) for of in helped.values())
    individual = sum(any(t["form"] == "INDIVIDUAL" for t in of) for of in helped.values())
    assert len(helped) == delivery.recipients
    assert structural == delivery.structural
    assert len(helped) - structural == delivery.incidental
    assert individual == delivery.individual


def test_the_same_seed_gives_the_same_events() -> None:
    assert half_year(SPREAD) == HALF_YEAR
    assert half_year(SPREAD, seed=7) != HALF_YEAR


def test_every_id_is_used_once_by_its_source() -> None:
    assert len({(event["source"], event["id"]) for event in EVENTS}) == len(EVENTS)


def test_an_event_comes_after_what_it_rests_on() -> None:
    begun: set[str] = set()
    for event in EVENTS:
        if event["type"].endswith("support-trajectory-started.v1"):
            begun.add(event["data"]["trajectory"])
        elif "trajectory" in event["data"]:
            assert event["data"]["trajectory"] in begun


def test_everything_happens_in_the_half_year() -> None:
    days = [event["data"].get("occurredOn") or event["data"].get("startedOn") for event in EVENTS]
    assert all(START.isoformat() <= day <= PERIOD_END.isoformat() for day in days if day)


def test_every_moment_has_an_offset() -> None:
    assert all(datetime.fromisoformat(event["time"]).utcoffset() is not None for event in EVENTS)


def test_mistakes_are_corrected_and_retracted() -> None:
    named = [event["type"].removeprefix(TYPE_PREFIX) for event in EVENTS]
    assert named.count("event-corrected.v1") == named.count("event-retracted.v1") == 6 * len(HALF_YEAR)


def test_the_interventions_service_can_read_every_event_and_finds_nothing_personal_in_it() -> None:
    for provider, events in HALF_YEAR.items():
        for event in events:
            read(event, provider.code, NOW)
