"""Period codes and the calendar of figures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.calendar import PeriodType, containing, half_year, month_number, period, school_year, split
from shared.domain.findings import Refused


@pytest.mark.parametrize(
    ("code", "type_", "start", "end"),
    [
        ("2022", PeriodType.CALENDAR_YEAR, date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-H1", PeriodType.HALF_YEAR, date(2022, 1, 1), date(2022, 6, 30)),
        ("2022-H2", PeriodType.HALF_YEAR, date(2022, 7, 1), date(2022, 12, 31)),
        ("2026-Q4", PeriodType.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-09", PeriodType.MONTH, date(2026, 9, 1), date(2026, 9, 30)),
        ("2024-02", PeriodType.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-2027", PeriodType.SCHOOL_YEAR, date(2026, 8, 1), date(2027, 7, 31)),
        ("2026-2027-K1", PeriodType.SCHOOL_QUARTER, date(2026, 8, 1), date(2026, 10, 31)),
        ("2026-2027-K2", PeriodType.SCHOOL_QUARTER, date(2026, 11, 1), date(2027, 1, 31)),
        ("2026-2027-K4", PeriodType.SCHOOL_QUARTER, date(2027, 5, 1), date(2027, 7, 31)),
    ],
)
def test_a_code_names_its_days(code: str, type_: PeriodType, start: date, end: date) -> None:
    found = period(code)
    assert (found.code, found.type, found.start, found.end) == (code, type_, start, end)


@pytest.mark.parametrize(
    "code",
    ["", "22", "2022-H3", "2022-Q0", "2022-13", "2022-1", "2025-2027", "2026-2026", "2026-2027-K5", "1066", "9999"],
)
def test_a_wrong_code_is_refused_and_the_refusal_shows_right_ones(code: str) -> None:
    with pytest.raises(Refused) as refused:
        period(code)
    assert refused.value.kind == "invalid"
    finding = refused.value.findings[0]
    assert finding.code == "period"
    assert finding.hint is not None and "2026-2027-K1" in finding.hint.en


@pytest.mark.parametrize("code", ["2022-H1 ", "２０２２", "2022-h1", "2022-W54", "2022-Q5", "2022-00"])
def test_a_code_is_taken_to_the_letter(code: str) -> None:
    with pytest.raises(Refused):
        period(code)


def test_the_school_year_turns_on_the_first_of_august() -> None:
    assert school_year(date(2022, 7, 31)) == "2021-2022"
    assert school_year(date(2022, 8, 1)) == "2022-2023"


def test_the_half_year_turns_on_the_first_of_july() -> None:
    assert half_year(date(2022, 6, 30)) == "2022-H1"
    assert half_year(date(2022, 7, 1)) == "2022-H2"


def test_a_year_splits_into_its_quarters() -> None:
    assert [part.code for part in split(period("2022"), PeriodType.QUARTER)] == [f"2022-Q{n}" for n in (1, 2, 3, 4)]
    assert [part.code for part in split(period("2026-2027"), PeriodType.SCHOOL_QUARTER)] == [
        f"2026-2027-K{n}" for n in (1, 2, 3, 4)
    ]
    assert split(period("2022-H1"), PeriodType.HALF_YEAR) == [period("2022-H1")]


@pytest.mark.parametrize(
    ("code", "per"),
    [
        ("2022", PeriodType.SCHOOL_QUARTER),
        ("2022-Q1", PeriodType.HALF_YEAR),
        ("2026-2027", PeriodType.HALF_YEAR),
        ("2022", PeriodType.SCHOOL_YEAR),
    ],
)
def test_a_split_that_does_not_fit_is_refused(code: str, per: PeriodType) -> None:
    with pytest.raises(Refused):
        split(period(code), per)


@given(st.dates(date(1995, 1, 1), date(2095, 12, 31)), st.sampled_from(PeriodType))
def test_every_day_lies_in_one_period_of_each_type_and_its_code_reads_back(day: date, type_: PeriodType) -> None:
    found = containing(day, type_)
    assert found.start <= day <= found.end
    assert period(found.code) == found
    assert found.first_month <= month_number(day) <= found.last_month
