"""One reader of JSON: what RFC 8259 allows and nothing else, fast and slow way alike."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.strict_json import MAX_DEPTH, MAX_ITEMS, MAX_KEYS, Malformed, has_forbidden_character, parse

plain_text = st.text(max_size=20).filter(lambda text: not has_forbidden_character(text))
numbers = st.integers(min_value=-(10**39), max_value=10**39) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | plain_text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(plain_text, inner, max_size=5),
    max_leaves=30,
)


@given(values, st.booleans(), st.sampled_from([None, 2]))
def test_every_value_comes_back_as_it_was_written(value: object, ascii_only: bool, indent: int | None) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert parse(raw) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_malformed(raw: bytes) -> None:
    try:
        parse(raw)
    except Malformed as malformed:
        assert malformed.code


@given(values, plain_text, values)
def test_a_key_that_occurs_twice_is_found_wherever_it_stands(outer: object, key: str, inner: object) -> None:
    twice = f"{{{json.dumps(key)}:1,{json.dumps(key, ensure_ascii=False)}:{json.dumps(inner)}}}"
    raw = f"[{json.dumps(outer)},{twice}]".encode()
    with pytest.raises(Malformed, match="json-duplicate-key"):
        parse(raw)


def test_a_colon_written_as_an_escape_cannot_hide_a_key_that_occurs_twice() -> None:
    raw = b'{"a":"\\u003a","a":"\\u003A","b":1}'
    with pytest.raises(Malformed, match="json-duplicate-key"):
        parse(raw)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_is_bounded_exactly(opening: str) -> None:
    closing = "]" if opening == "[" else "}"

    def nested(depth: int) -> bytes:
        return (opening * (depth - 1) + ("[]" if opening == "[" else "{}") + closing * (depth - 1)).encode()

    assert parse(nested(MAX_DEPTH)) is not None
    for depth in (MAX_DEPTH + 1, 900, 100_000):
        with pytest.raises(Malformed, match="json-depth"):
            parse(nested(depth))


def test_brackets_inside_texts_do_not_count_as_depth() -> None:
    assert parse(json.dumps(["[" * 500, '\\"{' * 50]).encode()) == ["[" * 500, '\\"{' * 50]


@pytest.mark.parametrize("raw", [b'{"a":1.5}', b"[0.1]", b"1.5", b"-0.0"])
def test_ordinary_decimals_pass(raw: bytes) -> None:
    assert parse(raw) == json.loads(raw)


def test_integers_beyond_64_bits_stay_exact() -> None:
    assert parse(b'{"a":[98765432109876543210]}') == {"a": [98765432109876543210]}


@pytest.mark.parametrize("raw", [b"1e999", b"[-1e999]", b'{"a":' + b"9" * 5000 + b"}", b"9" * 41])
def test_a_number_that_nobody_counted_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed, match="json-number"):
        parse(raw)


def test_width_is_bounded() -> None:
    assert parse(json.dumps([0] * MAX_ITEMS).encode()) == [0] * MAX_ITEMS
    for wide in ([0] * (MAX_ITEMS + 1), {str(key): 0 for key in range(MAX_KEYS + 1)}):
        with pytest.raises(Malformed, match="too-large"):
            parse(json.dumps([wide]).encode())


FORBIDDEN = [
    "\x00",
    "\x1f",
    "\n",
    "\x7f",
    "\x85",
    "\u00ad",
    "\u200b",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\U000e0041",
    "\ud800",
]


@pytest.mark.parametrize("character", FORBIDDEN)
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("place", ["value", "key"])
def test_characters_that_no_code_needs_are_refused(character: str, ascii_only: bool, place: str) -> None:
    text = f"a{character}b"
    written = json.dumps({text: 1} if place == "key" else {"a": [text]}, ensure_ascii=ascii_only)
    with pytest.raises(Malformed) as caught:
        parse(written.encode(errors="surrogatepass"))
    assert caught.value.code == ("encoding" if character == "\ud800" and not ascii_only else "character")


def test_names_with_accents_are_ordinary_text() -> None:
    assert parse('{"naam":"Ilse Güneş–Bakr, zó"}'.encode()) == {"naam": "Ilse Güneş–Bakr, zó"}


def test_the_slow_way_gives_the_same_as_the_fast_one() -> None:
    """A planted escape sends the same value the other way."""
    quick, slow = b'{"a":[1,2.5,true,null],"b":"x:y"}', b'{"a":[1,2.5,true,null],"b":"x\\u003ay"}'
    assert parse(quick) == parse(slow)
