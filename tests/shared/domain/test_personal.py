"""What is refused as personal data, and what passes as a reference (G-30)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn

from shared.domain.personal import digits_only, personal_data

PERSONAL = [
    "111222333",
    "111.222.333",
    "1112 22 333",
    "x-111222333-y",
    "12345672",
    "j.jansen@school.example",
    "ouder.j.jansen@mail.example.nl",
    "0612345678",
    "06-12345678",
    "06 12 34 56 78",
    "+31612345678",
    "0031 6 12345678",
    "+31 (0)71 5123456",
    "071-5123456",
    "071 512 34 56",
    "14-03-2012",
    "14/3/2012",
    "2012-03-14",
    "20120314",
    "14032012",
    "jan-2012-03-14",
    "NL91ABNA0417164300",
    "NL91 ABNA 0417 1643 00",
    "2311 AB 12",
    "2311ab12",
    "kind_2311AB-3",
]

HARMLESS = [
    "c-90233",
    "t-4711",
    "m-77",
    "ecd-2026-000123",
    "99HA00",
    "kvknr:99990001",
    "urn:nld:kvknr:99990001:systeem:ecd",
    "HR-JOS",
    "9f1c2a7e-3b1d-4c55-8a10-7d2f00aa51be",
    "0190f2c4-7d3e-7abc-8def-0123456789ab",
    "EMOTION_REGULATION",
    "a.b.c.d.e.f",
    "",
]


@pytest.mark.parametrize("value", PERSONAL)
def test_g30_what_looks_like_personal_data_is_recognised(value: str) -> None:
    """G-30: no BSN, e-mail, telephone number, birth date, IBAN or address enters the log."""
    assert personal_data(value)


@given(st.uuids())
def test_no_uuid_is_mistaken_for_a_person(value: UUID) -> None:
    assert not personal_data(str(value))
    assert not personal_data(f"ecd.{value}")


def test_the_id_of_a_record_may_carry_the_day_it_was_made() -> None:
    assert personal_data("ecd-20221005-0001")
    assert not personal_data("ecd-20221005-0001", days=False)
    assert personal_data("ecd-20221005-111222333", days=False)


@pytest.mark.parametrize("value", HARMLESS)
def test_references_and_codes_pass(value: str) -> None:
    assert not personal_data(value)


def with_check_digit(first: int) -> str:
    """The citizen number that begins with these eight digits; not all of them have one."""
    digits = f"{first:08}"
    return digits + str(sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11)


@given(st.integers(min_value=1_000_000, max_value=99_999_999).map(with_check_digit).filter(bsn.is_valid))
def test_g30_every_citizen_number_is_recognised_wherever_it_stands(number: str) -> None:
    """G-30: the eleven-test, on its own and between letters."""
    assert personal_data(number)
    assert personal_data(f"ref-{number}.a")


@pytest.mark.parametrize(
    ("value", "verdict"),
    [("123456", True), ("123-456", True), ("1.2.3", True), ("c-1", False), ("", False), ("١٢٣", False)],
)
def test_digits_with_or_without_separators_are_digits_only(value: str, verdict: bool) -> None:
    assert digits_only(value) is verdict
