"""Every checker by itself: green for what is right, red for the one thing that it is there to find."""

from collections import Counter
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import pytest

from shared.log.canonical import canonical, content_hash
from shared.log.events import Columns, Key, Position, StoredEvent
from shared.log.row_hash import genesis, row_hash
from tests.faults import checkers
from tests.faults.history import Attempt, Fault, Item, Told, essence

LOG_ID = UUID(int=1)
TYPE = "nl.jeugdhulp-op-school.group-intervention-recorded.v1"
NOON = datetime(2022, 7, 5, 12, tzinfo=UTC)

_ids = count(1)


def log(*source_ids: str) -> list[StoredEvent]:
    """A log with these events, as the append function would have written it."""
    rows: list[StoredEvent] = []
    previous = genesis(LOG_ID, 1)
    for number, source_id in enumerate(source_ids, 1):
        payload = canonical({"minutes": 45, "subject": "s"})
        row = StoredEvent(
            Position(1, number), "e", UUID(int=next(_ids)), Key("o", "s", source_id), TYPE, source_id, 1, NOON, NOON,
            payload, content_hash(TYPE, NOON, payload), b"", Columns(), "{}", None,
        )  # fmt: skip
        row = row._replace(row_hash=row_hash(previous, row))
        previous = row.row_hash
        rows.append(row)
    return rows


def sent(source_id: str, verdict: str | None, row: StoredEvent | None = None, minutes: int = 45) -> Attempt:
    """One event, as it was sent and answered; no verdict: no answer came."""
    item = Item(Key("o", "s", source_id), essence(TYPE, {"minutes": minutes, "pupilRef": "p"}))
    told = () if verdict is None else (Told(verdict, str(row.id) if row else None),)
    return Attempt((item,), 200 if told else 0, told, 0.1)


def test_g01_what_was_acknowledged_and_is_not_there_is_lost() -> None:
    """G-01."""
    rows = log("a", "b")
    assert not checkers.lost([sent("a", "created", rows[0]), sent("c", None)], rows)
    assert checkers.lost([sent("c", "created", rows[0])], rows)
    assert checkers.lost([sent("a", "created", rows[0], minutes=50)], rows)


def test_g03_what_nobody_sent_or_was_refused_is_a_phantom() -> None:
    """G-03."""
    rows = log("a")
    assert not checkers.phantoms([sent("a", None)], rows)
    assert not checkers.phantoms([sent("a", "created", rows[0]), sent("a", "conflict", minutes=50)], rows)
    assert checkers.phantoms([], rows)
    assert checkers.phantoms([sent("a", "rejected")], rows)
    assert checkers.phantoms([sent("a", "conflict", minutes=45)], rows)
    assert not checkers.phantoms([], rows, own="s")


def test_g04_two_rows_or_two_receipts_for_a_key_are_one_too_many() -> None:
    """G-04."""
    rows = log("a", "b")
    assert not checkers.twice(rows)
    assert checkers.twice(log("a", "a"))
    assert not checkers.receipts([sent("a", "created", rows[0]), sent("a", "duplicate", rows[0])], rows)
    assert checkers.receipts([sent("a", "duplicate", rows[1])], rows)


def test_g05_what_was_never_answered_is_unsettled() -> None:
    """G-05."""
    assert not checkers.unsettled([sent("a", None), sent("a", "rejected")])
    assert checkers.unsettled([sent("a", None), sent("b", "created")])


def test_g06_holes_repeats_and_steps_back_are_seen() -> None:
    """G-06."""
    rows = log("a", "b", "c")
    assert not checkers.dense(rows)
    assert checkers.dense(rows[1:])
    assert checkers.dense([*rows, rows[-1]])
    assert not checkers.seen([[1, 2, 3]], rows)
    assert checkers.seen([[1, 2, 3], [1, 3]], rows)
    assert checkers.seen([[1, 3, 2]], rows)


@pytest.mark.parametrize("change", [{"payload": "{}"}, {"stream": "x"}, {"row_hash": bytes(32)}])
def test_g07_a_changed_row_breaks_the_chain(change: dict[str, object]) -> None:
    """G-07."""
    rows = log("a", "b", "c")
    assert not checkers.unchained(rows, LOG_ID)
    assert checkers.unchained([rows[0], rows[1]._replace(**change), rows[2]], LOG_ID)
    assert checkers.unchained([rows[0], rows[2]], LOG_ID)


def test_g10_what_was_read_otherwise_or_booked_otherwise_is_found() -> None:
    """G-10."""
    logs = {"registry": log("a", "b")}
    assert not checkers.misread({"registry": Counter((1, 2))}, logs)
    assert checkers.misread({"registry": Counter((1,))}, logs)
    assert checkers.misread({"registry": Counter((1, 2, 2))}, logs)
    assert not checkers.misbooked({("m",): 1}, {("m",): 1})
    assert checkers.misbooked({("m",): 2}, {("m",): 1})
    assert checkers.misbooked({}, {("m",): 1})


def test_g13_an_answer_older_than_was_asked_for_has_gone_back() -> None:
    """G-13."""
    asked = {("registry", 1): 5}
    assert not checkers.gone_back([(asked, {("registry", 1): 5, ("kpi", 1): 1})])
    assert checkers.gone_back([(asked, {("registry", 1): 4})])
    assert checkers.gone_back([(asked, {("kpi", 1): 9})])


def test_g16_g25_what_comes_late_is_told() -> None:
    """G-16, G-25."""
    assert not checkers.slow_to_heal([Fault("SIGKILL", "kpi", 59)])
    assert checkers.slow_to_heal([Fault("SIGKILL", "kpi", 61)])
    assert not checkers.slow_to_answer([sent("a", None)], 0.05, per_item=0.06)
    assert checkers.slow_to_answer([sent("a", None)], 0.05)
