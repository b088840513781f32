"""What a reader believes of a feed: what follows without a hole, in the same epoch."""

import pytest
from hypothesis import given, strategies

from shared.feeds.continuity import HoleInFeed, Mark, RebuildNeeded, dense
from tests.feeds.given import LOG, stored

BEGIN = Mark(LOG, 1, "e1")
EVENTS = {number: stored(number) for number in range(1, 41)}


def numbers(mark: Mark, given_numbers: list[int]) -> list[int]:
    """The positions that are believed."""
    return [event.position.number for event in dense(mark, [EVENTS[n] for n in given_numbers])]


def test_what_follows_is_believed() -> None:
    assert numbers(BEGIN, [1, 2, 3]) == [1, 2, 3]
    assert numbers(BEGIN.after(EVENTS[2]), [3, 4]) == [3, 4]


def test_nothing_is_not_a_hole() -> None:
    assert numbers(BEGIN, []) == []


def test_what_was_read_before_is_left_out() -> None:
    assert numbers(BEGIN.after(EVENTS[2]), [1, 2, 2, 3, 3, 4]) == [3, 4]
    assert numbers(BEGIN.after(EVENTS[4]), [1, 2]) == []


def test_what_is_behind_a_hole_waits() -> None:
    assert numbers(BEGIN, [1, 2, 4, 5]) == [1, 2]


def test_a_hole_at_the_front_is_refused_by_the_position_that_lacks() -> None:
    with pytest.raises(HoleInFeed) as refused:
        numbers(BEGIN.after(EVENTS[3]), [5, 6])
    assert refused.value.missing == EVENTS[4].position


def test_an_event_of_another_epoch_is_refused() -> None:
    with pytest.raises(RebuildNeeded):
        dense(BEGIN, [stored(1), stored(2, epoch="e2")])


@given(strategies.integers(0, 20), strategies.lists(strategies.integers(1, 40), max_size=30))
def test_g06_whatever_is_delivered_what_is_believed_is_dense(before: int, delivered: list[int]) -> None:
    """G-06: doubles, holes and disorder never make a reader skip or repeat a position."""
    mark = BEGIN.after(EVENTS[before]) if before else BEGIN
    try:
        believed = numbers(mark, delivered)
    except HoleInFeed as refused:
        assert refused.missing.number == before + 1
        assert max(delivered) > before + 1
    else:
        assert believed == list(range(before + 1, before + 1 + len(believed)))
