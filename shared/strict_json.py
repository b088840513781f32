"""JSON as RFC 8259 means it, and no more: one reader for request bodies, tokens and lines.

The fast way is two calls into C: read with orjson, write it again and compare the number of colons. A key that was
there twice is gone after reading, and its colon with it; no other difference in colons is possible unless one was
written as `\\u003a`. Whatever is unusual goes the slow way, which explains what is wrong.
"""

import json
import math
import re
from collections.abc import Collection
from typing import Never, cast

import orjson

MAX_DEPTH = 32
"""Levels of objects and lists within each other."""
MAX_KEYS = 1_000
"""Keys in one object."""
MAX_ITEMS = 10_000
"""Items in one list."""
MAX_DIGITS = 40
"""Digits of one integer: more is not a number anyone counted."""

_EXACT = float(2**63)
_PLAIN = frozenset((str, int, bool, type(None)))
_FORBIDDEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f\ud800-\udfff"
)
_FORBIDDEN_IN_STRING = re.compile(f"[{_FORBIDDEN}]")
_FORBIDDEN_IN_TEXT = re.compile(f"[{_FORBIDDEN}]".replace("\x00-\x1f", "\x00-\x08\x0b\x0c\x0e-\x1f"))
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


class Malformed(Exception):
    """The bytes are not JSON that we read; `code` says why, and the value stays out of it.

    Codes: `body-empty`, `encoding`, `json-invalid`, `json-duplicate-key`, `json-depth`, `json-number`, `character`,
    `too-large`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(raw: bytes) -> object:
    """The value in these bytes. Raises `Malformed`."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _slowly(raw)
    if not _fits(value) or b"\\u003" in raw or raw.count(b":") != orjson.dumps(value).count(b":"):
        return _slowly(raw)
    if b"\\" in raw:
        _check_strings(value)
    elif b"\x7f" in raw or not (raw.isascii() or _FORBIDDEN_IN_TEXT.search(raw.decode()) is None):
        raise Malformed("character")
    return value


def has_forbidden_character(text: str) -> bool:
    """Whether a text holds a control, direction or invisible character, which no name or code needs."""
    return _FORBIDDEN_IN_STRING.search(text) is not None


def _fits(value: object) -> bool:
    """Whether the numbers came through exactly. Raises `Malformed` when it is too deep or too wide."""
    level: list[object] = [[value]]
    for _ in range(MAX_DEPTH + 1):
        found = [child for container in level for child in _children(container) if type(child) not in _PLAIN]
        level = [child for child in found if type(child) is not float]
        if len(level) != len(found) and any(type(c) is float and not -_EXACT < c < _EXACT for c in found):
            return False
        if not level:
            return True
    raise Malformed("json-depth")


def _children(container: object) -> Collection[object]:
    """What is in an object or a list. Raises `Malformed` when that is too much."""
    if isinstance(container, dict):
        if len(container) > MAX_KEYS:
            raise Malformed("too-large")
        return container.values()
    children = cast("list[object]", container)
    if len(children) > MAX_ITEMS:
        raise Malformed("too-large")
    return children


def _check_strings(value: object) -> None:
    """Every string and key, by depth first; the depth is known to be small."""
    if isinstance(value, str):
        if _FORBIDDEN_IN_STRING.search(value):
            raise Malformed("character")
    elif isinstance(value, dict):
        for key, child in value.items():
            _check_strings(key)
            _check_strings(child)
    elif isinstance(value, list):
        for child in value:
            _check_strings(child)


def _slowly(raw: bytes) -> object:
    text = _text(raw)
    _check_depth(text)
    try:
        value: object = json.loads(
            text, parse_constant=_constant, parse_int=_integer, parse_float=_number, object_pairs_hook=_unique
        )
    except (ValueError, RecursionError):
        raise Malformed("json-invalid") from None
    _fits(value)
    _check_strings(value)
    return value


def _text(raw: bytes) -> str:
    if not raw.strip(b" \t\r\n"):
        raise Malformed("body-empty")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise Malformed("json-invalid")
    if b"\x00" in raw[:4]:
        raise Malformed("encoding")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Malformed("encoding") from None


def _check_depth(text: str) -> None:
    depth = 0
    for token in _BRACKETS.finditer(text):
        mark = token.group()[0]
        depth += (mark in "[{") - (mark in "]}")
        if depth > MAX_DEPTH:
            raise Malformed("json-depth")


def _constant(_name: str) -> Never:
    raise Malformed("json-invalid")


def _integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > MAX_DIGITS:
        raise Malformed("json-number")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Malformed("json-number")
    return number


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("json-duplicate-key")
    return found
