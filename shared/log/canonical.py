"""The canonical form of JSON (RFC 8785, JCS) and the hash over an event's content."""

import hashlib
import math
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from json.encoder import encode_basestring

import orjson

EXACT = 2**53 - 1
"""The largest integer that every reader of JSON holds exactly (I-JSON, RFC 7493)."""


def canonical(value: object) -> str:
    """The one text of a JSON value: no spaces, keys in UTF-16 order, numbers as ECMAScript writes them.

    A `Decimal` is written as the number it is. Raises `ValueError` for what has no canonical form: NaN and infinity,
    numbers that a double does not hold exactly, lone surrogates, keys that are not strings, anything that is not JSON.
    """
    if _is_plain(value):
        with suppress(orjson.JSONEncodeError):
            fast = orjson.dumps(value, option=_PLAINLY)
            if fast.isascii():
                return fast.decode()
    text = _text(value)
    if not text.isascii():
        _encodable(text)
    return text


def content_hash(type: str, time: datetime, data: Mapping[str, object] | str) -> bytes:
    """SHA-256 over the canonical form of `{"data", "time", "type"}`, by which "the same content" is judged (G-04).

    `data` is the payload, or its canonical text; `time` counts to the microsecond, in UTC, however it was written.
    """
    payload = data if isinstance(data, str) else canonical(data)
    text = f'{{"data":{payload},"time":"{instant(time)}","type":{encode_basestring(type)}}}'
    return hashlib.sha256(text.encode("utf-8")).digest()


def instant(time: datetime) -> str:
    """A moment as RFC 3339 writes it, in UTC with six decimals: `2022-07-05T10:00:00.000000Z`."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


_PLAIN = frozenset((str, int, bool, type(None)))
_PLAINLY = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def _is_plain(value: object) -> bool:
    """Whether orjson gives the canonical form, as far as the text is ASCII: texts, integers, truth values, nothing."""
    if type(value) is dict:
        children: Collection[object] = value.values()
    elif type(value) is list:
        children = value
    else:
        return False
    return all(map(_is_plain, [child for child in children if type(child) not in _PLAIN]))


def _text(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{encode_basestring(key)}:{_text(value[key])}" for key in _sorted_keys(value)]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(item) for item in value]) + "]"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    raise ValueError(f"{type(value).__name__} is not JSON")


def _sorted_keys(value: Mapping[object, object]) -> list[str]:
    """The keys by their UTF-16 code units, which differs from Python's order beyond the basic plane only."""
    keys = [key for key in value if isinstance(key, str)]
    if len(keys) != len(value):
        raise ValueError("a key is not a string")
    if all(map(str.isascii, keys)):
        return sorted(keys)
    for key in keys:
        _encodable(key)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _encodable(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate has no canonical form") from None


def _integer(value: int) -> str:
    if not -EXACT <= value <= EXACT:
        raise ValueError("an integer beyond 2^53 - 1 has no canonical form")
    return int.__repr__(value)


def _decimal(value: Decimal) -> str:
    nearest = float(value)
    if value.is_finite() and Decimal(repr(nearest)) != value:
        raise ValueError("a number that a double does not hold exactly has no canonical form")
    return _double(nearest)


def _double(value: float) -> str:
    """The shortest digits that give the same double (as Python's repr finds them), laid out as ECMA-262 says."""
    if not math.isfinite(value):
        raise ValueError("NaN and infinity have no canonical form")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    _, digits, exponent = Decimal(repr(abs(value))).normalize().as_tuple()
    shown = "".join(map(str, digits))
    point = len(shown) + int(exponent)
    if len(shown) <= point <= 21:
        return sign + shown.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{shown[:point]}.{shown[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{shown}"
    fraction = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{sign}{shown[0]}{fraction}e{point - 1:+d}"
