"""Days, moments and keys: what is taken and what is not."""

from datetime import UTC, datetime

import pytest
from pydantic_core import PydanticCustomError

from services.interventions.words import check_key, check_pupil_ref, parse_day, parse_moment


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2022-07-01T09:00:00Z", datetime(2022, 7, 1, 9, tzinfo=UTC)),
        ("2022-07-01T11:00:00+02:00", datetime(2022, 7, 1, 9, tzinfo=UTC)),
        ("2022-07-01T09:00:00.123456Z", datetime(2022, 7, 1, 9, 0, 0, 123456, tzinfo=UTC)),
        ("2022-03-27T02:30:00Z", datetime(2022, 3, 27, 2, 30, tzinfo=UTC)),
        ("2022-03-27T03:30:00+02:00", datetime(2022, 3, 27, 1, 30, tzinfo=UTC)),
        ("2022-10-30T02:30:00+01:00", datetime(2022, 10, 30, 1, 30, tzinfo=UTC)),
        ("2022-07-01T11:00:00+01:00", datetime(2022, 7, 1, 10, tzinfo=UTC)),
    ],
)
def test_moments_are_taken_with_any_offset(given: str, moment: datetime) -> None:
    assert parse_moment(given) == moment


@pytest.mark.parametrize(
    "given", ["2022-03-27T02:30:00+01:00", "2022-03-27T02:00:00+02:00", "2022-07-01 09:00:00Z", None]
)
def test_moments_that_do_not_exist_are_refused(given: object) -> None:
    with pytest.raises(PydanticCustomError, match="RFC 3339"):
        parse_moment(given)


@pytest.mark.parametrize(
    "given", ["2022-02-29", "2022-2-1", "20220201", "1949-12-31", "2101-01-01", "2022-02-01T00:00:00Z"]
)
def test_days_that_are_none_are_refused(given: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse_day(given)
    assert refused.value.type == "date"


@pytest.mark.parametrize("key", ["m-77", "t-4711", "a:b.c_d-1", "x"])
def test_keys_of_a_providers_own_are_taken(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "format"), ("a b1", "format"), ("a" * 65, "format"), ("é1", "format"), ("12345", "reference-numeric")],
)
def test_other_keys_are_refused_by_their_form(key: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        check_key(key)
    assert refused.value.type == code


def test_a_reference_to_a_pupil_is_at_least_six_characters() -> None:
    assert check_pupil_ref("c-9023") == "c-9023"
    with pytest.raises(PydanticCustomError) as refused:
        check_pupil_ref("c-902")
    assert refused.value.type == "format"
