"""Identifiers go up, whatever the clock does."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from shared.clock import FrozenClock
from shared.log.ids import Ids, uuid7

MOMENT = datetime(2022, 7, 5, 10, tzinfo=UTC)


def test_an_id_is_a_version_7_uuid_of_the_moment() -> None:
    id = Ids().draw(FrozenClock(MOMENT))
    assert (id.version, id.variant) == (7, RFC_4122)
    assert id.int >> 80 == int(MOMENT.timestamp() * 1000)


def test_ids_of_one_moment_go_up() -> None:
    ids, clock = Ids(), FrozenClock(MOMENT)
    drawn = [ids.draw(clock) for _ in range(20_000)]
    assert drawn == sorted(set(drawn))


def test_ids_go_up_when_the_clock_goes_back() -> None:
    ids, clock = Ids(), FrozenClock(MOMENT)
    before = ids.draw(clock)
    clock.move(-timedelta(days=3650))
    assert ids.draw(clock) > before


def test_a_counter_that_is_full_goes_on_in_the_next_millisecond() -> None:
    ids, clock = Ids(), FrozenClock(MOMENT)
    before = ids.draw(clock)
    ids._counter = (1 << 74) - 1
    after = ids.draw(clock)
    assert after > before
    assert after.version == 7


def test_the_ids_of_this_process_go_up() -> None:
    clock = FrozenClock(MOMENT)
    assert uuid7(clock) < uuid7(clock)
