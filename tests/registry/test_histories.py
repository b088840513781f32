"""What was stored once goes on loading: a stored name is for ever.

A file of `histories/` is never changed. An event of a new type or version comes in a new file.
"""

from collections import defaultdict
from pathlib import Path

import orjson

from services.registry import kept
from shared.aggregate import Aggregate
from shared.domain.events import Event
from shared.log.canonical import canonical

HISTORIES = Path(__file__).parent / "histories"
AGGREGATES: list[Aggregate[object, Event]] = [value for value in vars(kept).values() if isinstance(value, Aggregate)]
STREAMS = {
    "partnership": kept.PARTNERSHIPS,
    "board": kept.BOARDS,
    "lot": kept.LOTS,
    "data-source": kept.DATA_SOURCES,
    "contacts": kept.CONTACTS,
    "holidays": kept.HOLIDAYS,
    "site-holidays": kept.HOLIDAYS,
    "transition": kept.TRANSITIONS,
    "introduction": kept.INTRODUCTIONS,
    "recruitment": kept.RECRUITMENTS,
    "absence": kept.ABSENCES,
    "presence": kept.PRESENCES,
    "team": kept.TEAMS,
    "development-questions": kept.DEVELOPMENT_QUESTIONS,
    "action-plan": kept.ACTION_PLANS,
    "municipality": kept.MUNICIPALITIES,
    "region": kept.REGIONS,
    "school": kept.SCHOOLS,
    "site": kept.SITES,
    "provider": kept.PROVIDERS,
    "professional": kept.PROFESSIONALS,
    "programme": kept.PROGRAMMES,
    "municipality-participation": kept.MUNICIPALITY_PARTICIPATIONS,
    "participation": kept.PARTICIPATIONS,
    "provider-choice": kept.PROVIDER_CHOICES,
    "assignment": kept.ASSIGNMENTS,
    "pupil-count": kept.PUPIL_COUNTS,
}


def rows() -> list[dict[str, str]]:
    """Every stored event of every file: stream, type, payload."""
    files = sorted(HISTORIES.glob("*.jsonl"))
    return [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]


def event_of(row: dict[str, str]) -> Event:
    aggregate = STREAMS[row["stream"].partition("/")[0]]
    [type_] = [one for one in aggregate.events if one.full_type() == row["type"]]
    return type_.model_validate_json(row["payload"])


def test_every_stored_event_loads_and_means_byte_for_byte_the_same() -> None:
    for row in rows():
        assert canonical(event_of(row).model_dump(mode="json", by_alias=True)) == row["payload"], row["type"]


def test_every_stored_stream_gives_a_state() -> None:
    states: dict[str, object] = defaultdict(lambda: None)
    for row in rows():
        kind = row["stream"].partition("/")[0]
        states[row["stream"]] = STREAMS[kind].evolve(states[row["stream"]], event_of(row))  # type: ignore[arg-type, call-arg, operator]
    assert set(states) == {row["stream"] for row in rows()}
    assert all(states.values())


def test_every_type_of_event_is_in_a_history() -> None:
    known = {event.full_type() for aggregate in AGGREGATES for event in aggregate.events}
    assert {row["type"] for row in rows()} == known
