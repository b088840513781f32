"""Judges of a run: pure functions of what clients were told and of what is there, each giving what it finds wrong.

A checker that has never failed proves nothing: `test_planted.py` plants the bugs that turn them red.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import orjson

from shared.log.canonical import content_hash
from shared.log.events import Key, StoredEvent, Vector
from shared.log.row_hash import genesis, row_hash
from tests.faults.history import Attempt, Fault, essence

STANDS = frozenset(("created", "duplicate"))
REFUSED = frozenset(("conflict", "rejected"))
BACK_WITHIN = 60.0
SHOWN = 5
"""Findings of one kind that are told apart; more of them say nothing new."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken guarantee, and what shows it."""

    guarantee: str
    what: str


def lost(attempts: Iterable[Attempt], rows: Sequence[StoredEvent]) -> list[Violation]:
    """G-01: every acknowledged event is in the log, with the content for which it was acknowledged."""
    there = {(row.key, essence_of(row)) for row in rows}
    gone = {
        item.key
        for attempt in attempts
        for item, told in zip(attempt.items, attempt.told, strict=False)
        if told.verdict in STANDS and (item.key, item.essence) not in there
    }
    return _found("G-01", "acknowledged and not in the log", gone)


def phantoms(attempts: Iterable[Attempt], rows: Sequence[StoredEvent], own: str = "") -> list[Violation]:
    """G-03: nothing is in the log that nobody sent, or that was answered with a refusal each time.

    `own` is the source of events that follow from others by themselves.
    """
    sent: dict[tuple[Key, str], bool] = {}
    for attempt in attempts:
        verdicts = [told.verdict for told in attempt.told] or ["unknown"] * len(attempt.items)
        for item, verdict in zip(attempt.items, verdicts, strict=False):
            place = (item.key, item.essence)
            sent[place] = sent.get(place, False) or verdict not in REFUSED
    stored = {(row.key, essence_of(row)) for row in rows if not own or row.key.source != own}
    nobody = {key for key, content in stored if (key, content) not in sent}
    refused = {key for key, content in stored if sent.get((key, content)) is False}
    return _found("G-03", "stored, and nobody sent it", nobody) + _found("G-03", "refused, and stored", refused)


def twice(rows: Iterable[StoredEvent]) -> list[Violation]:
    """G-04: a key is stored once."""
    counts = Counter(row.key for row in rows)
    return _found("G-04", "stored more than once", {key for key, count in counts.items() if count > 1})


def receipts(attempts: Iterable[Attempt], rows: Iterable[StoredEvent]) -> list[Violation]:
    """G-04: every 2xx reply for a key gives the same receipt: the id under which it is stored."""
    ids = {row.key: str(row.id) for row in rows}
    other = {
        item.key
        for attempt in attempts
        for item, told in zip(attempt.items, attempt.told, strict=False)
        if told.verdict in STANDS and told.receipt != ids.get(item.key)
    }
    return _found("G-04", "acknowledged with another receipt", other)


def unsettled(attempts: Iterable[Attempt]) -> list[Violation]:
    """G-05: whoever repeats the same request ends with a final answer."""
    final: dict[tuple[Key, str], bool] = {}
    for attempt in attempts:
        for index, item in enumerate(attempt.items):
            place = (item.key, item.essence)
            final[place] = final.get(place, False) or index < len(attempt.told)
    return _found("G-05", "never answered", {key for (key, _), done in final.items() if not done})


def dense(rows: Iterable[StoredEvent]) -> list[Violation]:
    """G-06: positions are 1, 2, 3, ..."""
    numbers = [row.position.number for row in rows]
    wrong = [number for expected, number in enumerate(sorted(numbers), 1) if number != expected]
    return _found("G-06", "positions are not dense", wrong[:1])


def seen(sightings: Iterable[Sequence[int]], rows: Sequence[StoredEvent]) -> list[Violation]:
    """G-06: a reader that goes on after the last position it saw has met every event, in order."""
    all_ = {row.position.number for row in rows}
    skipped = {number for each in sightings for number in all_ - set(each)}
    back = {number for each in sightings for before, number in pairwise(each) if number <= before}
    return _found("G-06", "skipped by a reader", skipped) + _found("G-06", "seen out of order", back)


def unchained(rows: Iterable[StoredEvent], log_id: UUID, shard: int = 1) -> list[Violation]:
    """G-07: every row has the content of its hash, and the chain holds from the first to the last."""
    previous = genesis(log_id, shard)
    for row in sorted(rows, key=lambda row: row.position.number):
        right = row_hash(previous, row) == row.row_hash
        if not right or content_hash(row.type, row.time, row.payload) != row.content_hash:
            return _found("G-07", "the chain breaks", [row.position.number])
        previous = row.row_hash
    return []


def misread(incoming: Mapping[str, Counter[int]], logs: Mapping[str, Sequence[StoredEvent]]) -> list[Violation]:
    """G-10: what kpi has read is what is in the logs, each event once."""
    wrong: list[Violation] = []
    for log, rows in logs.items():
        expected = Counter(row.position.number for row in rows)
        had = incoming.get(log, Counter())
        wrong += _found("G-10", f"not read from {log}", expected - had)
        wrong += _found("G-10", f"read twice, or from nowhere, in {log}", had - expected)
    return wrong


def misbooked(booked: Mapping[tuple[object, ...], Any], folded: Mapping[tuple[object, ...], Any]) -> list[Violation]:
    """G-10, G-14: the ledger is the naive fold of the log."""
    places = {place for place in booked.keys() | folded.keys() if booked.get(place, 0) != folded.get(place, 0)}
    return _found("G-10", "booked otherwise than a naive fold", places)


def gone_back(answers: Iterable[tuple[Vector, Vector]]) -> list[Violation]:
    """G-13: an answer (second) is at least as new as what was asked for (first)."""
    older = [number for number, (asked, got) in enumerate(answers) if any(got.get(p, 0) < n for p, n in asked.items())]
    return _found("G-13", "older than was asked for", older)


def slow_to_heal(faults: Iterable[Fault], within: float = BACK_WITHIN) -> list[Violation]:
    """G-16: whatever was hit is back in time."""
    slow = [f"{one.kind} {one.target} {one.seconds:.0f} s" for one in faults if one.seconds > within]
    return _found("G-16", "back too late", slow)


def slow_to_answer(attempts: Iterable[Attempt], within: float, per_item: float = 0.0) -> list[Violation]:
    """G-25: a request is answered, if only with 503, in this many seconds and so many more for each event in it."""
    late = [
        f"{one.status} after {one.seconds:.1f} s"
        for one in attempts
        if one.seconds > within + per_item * len(one.items)
    ]
    return _found("G-25", "answered too late", late)


def essence_of(row: StoredEvent) -> str:
    """The part of a stored content that must be as it was sent."""
    payload = orjson.loads(row.payload)
    return essence(row.type, payload["data"] if "corrects" in payload else payload)


def by_kind(found: Iterable[Violation]) -> dict[str, list[str]]:
    """What was found, per guarantee."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for one in found:
        kinds[one.guarantee].append(one.what)
    return dict(kinds)


def _found(guarantee: str, what: str, places: Iterable[object]) -> list[Violation]:
    listed = sorted(places, key=str)
    return [Violation(guarantee, f"{what} ({len(listed)}): {place}") for place in listed[:SHOWN]]
