"""A site has a number of pupils per school year; a second count replaces the first."""

from datetime import date

from services.registry.pupil_count import CountSource, PupilCount, PupilCountRecorded, RecordPupilCount, decide, evolve
from tests.registry.given import after, refused


def count(number: int, day: date = date(2021, 10, 1)) -> RecordPupilCount:
    return RecordPupilCount(
        site="99HH00", school_year="2021-2022", reference_date=day, count=number, source=CountSource.SYNTHETIC
    )


def counted() -> PupilCount:
    return after(evolve, decide(count(140), None, True))


def test_a_count_holds_for_its_school_year() -> None:
    assert decide(count(140), None, True) == [
        PupilCountRecorded(
            site="99HH00",
            school_year="2021-2022",
            reference_date=date(2021, 10, 1),
            count=140,
            source=CountSource.SYNTHETIC,
            valid_from=date(2021, 8, 1),
            valid_to=date(2022, 7, 31),
        )
    ]


def test_counted_twice_is_counted_once_and_another_count_replaces() -> None:
    assert decide(count(140), counted(), True) == []
    assert [event.count for event in decide(count(141), counted(), True)] == [141]


def test_the_reference_date_is_in_the_school_year_and_the_site_is_known() -> None:
    late = count(140, date(2022, 8, 1))
    assert refused(lambda: decide(late, None, True)) == ("invalid", "reference-date", "/referenceDate")
    assert refused(lambda: decide(count(140), None, False)) == ("invalid", "no-such-site", "/site")
