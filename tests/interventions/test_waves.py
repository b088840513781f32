"""The order in which a list is judged: only who needs an earlier one waits for it."""

from datetime import UTC, datetime

from services.interventions.reading import read
from services.interventions.waves import waves
from tests.interventions.given import AJ, Json, correction, event, retraction

NOW = datetime(2022, 7, 5, 10, tzinfo=UTC)


def wave_of(*events: Json) -> list[list[int]]:
    return waves([read(one, AJ, NOW) for one in events])


def test_what_has_nothing_to_do_with_each_other_goes_together() -> None:
    assert wave_of(event("group", "e-1"), event("individual", "e-2"), event("start", "e-3")) == [[0, 1, 2]]


def test_a_contact_and_an_end_come_after_the_start_and_the_end_not_before_the_contact() -> None:
    assert wave_of(
        event("start", "e-1"),
        event("individual", "e-2", trajectory="t-4711"),
        event("complete", "e-3"),
        event("group", "e-4"),
    ) == [[0, 3], [1, 2]]


def test_other_trajectories_do_not_wait() -> None:
    starts = [event("start", f"s-{i}", trajectory=f"t-{i}") for i in range(3)]
    ends = [event("complete", f"c-{i}", trajectory=f"t-{i}") for i in range(3)]
    assert wave_of(*starts, *ends) == [[0, 1, 2], [3, 4, 5]]


def test_corrections_of_one_record_come_one_after_another() -> None:
    assert wave_of(
        event("group", "e-1"),
        correction("e-2", "e-1", "group"),
        correction("e-3", "e-1", "group"),
        retraction("e-4", "e-3"),
    ) == [[0], [1], [2], [3]]


def test_a_retraction_waits_for_every_step_before_it_and_every_step_after_for_it() -> None:
    assert wave_of(
        event("start", "e-1"), event("complete", "e-2"), retraction("e-3", "e-1"), event("start", "e-4")
    ) == [
        [0],
        [1],
        [2],
        [3],
    ]


def test_a_thousand_of_every_sort_go_in_few_waves() -> None:
    starts = [event("start", f"s-{i}", trajectory=f"t-{i}") for i in range(300)]
    contacts = [event("individual", f"i-{i}", trajectory=f"t-{i % 300}") for i in range(400)]
    ends = [event("complete", f"c-{i}", trajectory=f"t-{i}") for i in range(300)]
    assert len(wave_of(*starts, *contacts, *ends)) == 2


def test_an_empty_list_has_no_waves() -> None:
    assert wave_of() == []
