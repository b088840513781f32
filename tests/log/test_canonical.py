"""The canonical form of JSON, against the reference implementation and the RFC's own numbers."""

import hashlib
import json
import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.log.canonical import canonical, content_hash, instant

exact = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
scalars = st.none() | st.booleans() | exact | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=20)


@given(values)
def test_the_form_is_that_of_the_reference_implementation(value: object) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)  # type: ignore[arg-type]


within = scalars.filter(lambda v: not isinstance(v, float) or abs(v) < 2**53)


@given(st.recursive(within, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=20))
def test_the_canonical_form_reads_back_and_is_its_own_canonical_form(value: object) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (1e21, "1e+21"),
        (999999999999999900000.0, "999999999999999900000"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (-4.35, "-4.35"),
        (333333333.3333332, "333333333.3333332"),
        (Decimal("13.760"), "13.76"),
        (Decimal("100"), "100"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(number: object, text: str) -> None:
    assert canonical(number) == text


def test_keys_are_ordered_by_utf16_units() -> None:
    assert canonical({"\U0001f600": 1, "\ufb33": 2, "\u20ac": 3, "1": 4, "\r": 5}) == (
        '{"\\r":5,"1":4,"\u20ac":3,"\U0001f600":1,"\ufb33":2}'
    )


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        2**53,
        Decimal("NaN"),
        Decimal("0.1234567890123456789"),
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        b"",
        {"a": object()},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_the_content_hash_ignores_key_order_white_space_and_the_form_of_numbers() -> None:
    time = datetime(2022, 7, 5, 10, tzinfo=UTC)
    one = json.loads('{"school":"99HA00","fte":0.50,"list":[1,2]}')
    other = json.loads(' { "list" : [1, 2], "fte" : 5e-1, "school" : "99HA00" } ')
    assert content_hash("t.v1", time, one) == content_hash("t.v1", time, other)
    assert content_hash("t.v1", time, one) == content_hash("t.v1", time, canonical(other))


def test_the_content_hash_takes_the_moment_and_not_its_offset() -> None:
    time = datetime(2022, 7, 5, 10, tzinfo=UTC)
    amsterdam = time.astimezone(timezone(timedelta(hours=2)))
    assert content_hash("t.v1", time, {}) == content_hash("t.v1", amsterdam, {})
    assert instant(amsterdam) == "2022-07-05T10:00:00.000000Z"


def test_the_content_hash_tells_type_time_and_data_apart() -> None:
    time = datetime(2022, 7, 5, 10, tzinfo=UTC)
    hashes = {
        content_hash("t.v1", time, {"a": 1}),
        content_hash("t.v2", time, {"a": 1}),
        content_hash("t.v1", time + timedelta(microseconds=1), {"a": 1}),
        content_hash("t.v1", time, {"a": "1"}),
    }
    assert len(hashes) == 4


@given(st.text(), st.dictionaries(st.text(), scalars))
def test_the_content_hash_is_that_of_the_canonical_form(type: str, data: dict[str, object]) -> None:
    time = datetime(2022, 7, 5, 10, tzinfo=UTC)
    whole = canonical({"type": type, "time": instant(time), "data": data})
    assert content_hash(type, time, data) == hashlib.sha256(whole.encode()).digest()
