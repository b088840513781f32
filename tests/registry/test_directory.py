"""The registry in memory: filled in order, however often events come, and asked as it was known at a moment."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.registry.kept import SCHOOLS
from services.registry.school import SchoolEvent, SchoolRegistered, SchoolRenamed
from shared.administration.directory import Directory
from shared.log.canonical import canonical
from shared.log.events import Columns, Key, Position, StoredEvent

MONDAY, TUESDAY = datetime(2022, 7, 11, tzinfo=UTC), datetime(2022, 7, 12, tzinfo=UTC)


def stored(event: SchoolEvent, number: int, version: int, moment: datetime) -> StoredEvent:
    """An event as a feed gives it."""
    return StoredEvent(
        position=Position(1, number),
        epoch="e",
        id=UUID(int=number),
        key=Key("region:HR", "urn:jos:registry", str(number)),
        type=event.full_type(),
        stream=f"school/{event.school}",
        stream_version=version,
        time=moment,
        recorded_at=moment,
        payload=canonical(event.model_dump(mode="json", by_alias=True)),
        content_hash=b"",
        row_hash=b"",
        columns=Columns(),
        judgement="{}",
        traceparent=None,
    )


def registered(brin: str, name: str) -> SchoolRegistered:
    return SchoolRegistered(school=brin, name=name, valid_from=date(2022, 1, 1))


HISTORY = [
    stored(registered("99HH", "De Vlieger"), 1, 1, MONDAY),
    stored(registered("99HA", "Savioschool"), 2, 1, MONDAY),
    stored(SchoolRenamed(school="99HH", site=None, name="De Zwaluw", valid_from=date(2022, 8, 1)), 3, 2, TUESDAY),
]


def names(directory: Directory, day: date, known_at: datetime | None = None) -> list[str | None]:
    """The names of the schools on a day, as known at a moment, in order of their codes."""
    states = [directory.state(SCHOOLS, stream, known_at) for stream in directory.names("school/")]
    return [state.names.at(day) for state in states if state]


def filled() -> Directory:
    directory = Directory()
    directory.apply("registry", HISTORY)
    return directory


def test_events_that_come_twice_change_nothing() -> None:
    directory = filled()
    directory.apply("registry", HISTORY)
    directory.apply("registry", HISTORY[:1])
    assert [len(directory.history(stream)) for stream in directory.names("school/")] == [1, 2]


def test_batches_of_any_size_give_the_same() -> None:
    one_by_one = Directory()
    for event in HISTORY:
        one_by_one.apply("registry", [event])
    assert names(one_by_one, date(2022, 9, 1)) == names(filled(), date(2022, 9, 1)) == ["Savioschool", "De Zwaluw"]


def test_a_state_is_that_of_the_moment_and_the_day() -> None:
    directory = filled()
    assert names(directory, date(2022, 9, 1), MONDAY) == ["Savioschool", "De Vlieger"]
    assert names(directory, date(2022, 7, 31), TUESDAY) == ["Savioschool", "De Vlieger"]
    assert names(directory, date(2022, 8, 1), TUESDAY) == ["Savioschool", "De Zwaluw"]
    assert names(directory, date(2022, 8, 1), datetime(2022, 7, 10, tzinfo=UTC)) == []


def test_a_state_that_was_asked_before_follows_what_comes_after() -> None:
    directory = Directory()
    directory.apply("registry", HISTORY[:2])
    assert names(directory, date(2022, 9, 1)) == ["Savioschool", "De Vlieger"]
    directory.apply("registry", HISTORY[2:])
    assert names(directory, date(2022, 9, 1)) == ["Savioschool", "De Zwaluw"]


def test_names_go_on_after_a_name_and_within_a_beginning() -> None:
    directory = filled()
    assert list(directory.names("school/")) == ["school/99HA", "school/99HH"]
    assert list(directory.names("school/", "school/99HA")) == ["school/99HH"]
    assert list(directory.names("school/99HA")) == ["school/99HA"]
    assert list(directory.names("site/")) == []


def test_a_reset_forgets_everything() -> None:
    directory = filled()
    directory.reset()
    assert list(directory.names("school/")) == []
    assert directory.history("school/99HH") == []
