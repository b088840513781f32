"""Numbers for people."""

from decimal import Decimal

import pytest

from services.kpi.figure import display


@pytest.mark.parametrize(
    ("value", "decimals", "suffix", "nl", "en"),
    [
        ("1611", 0, "", "1.611", "1,611"),
        ("13.76", 2, "", "13,76", "13.76"),
        ("86.893203", 0, "%", "87%", "87%"),
        ("25.574177", 1, "%", "25,6%", "25.6%"),
        ("0.5", 0, "", "1", "1"),
        ("2.5", 0, "", "3", "3"),
        ("1.005", 2, "", "1,01", "1.01"),
        ("-2.5", 0, "", "-3", "-3"),
        ("1234567.891", 1, "", "1.234.567,9", "1,234,567.9"),
        ("0", 0, "", "0", "0"),
    ],
)
def test_numbers_are_rounded_half_up_and_written_in_dutch_and_english(
    value: str, decimals: int, suffix: str, nl: str, en: str
) -> None:
    assert display(Decimal(value), decimals, suffix) == nl
    assert display(Decimal(value), decimals, suffix, "en") == en


@pytest.mark.parametrize(("value", "nl"), [("40", "40"), ("1.250", "1,25"), ("0.00", "0"), ("1E+3", "1.000")])
def test_without_decimals_a_number_has_as_many_as_it_needs(value: str, nl: str) -> None:
    assert display(Decimal(value)) == nl
