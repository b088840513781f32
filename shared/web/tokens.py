"""Opaque tokens: positions and cursors that tell nothing outside, and cannot be made or changed there.

Positions reveal how much other providers send, so they leave only encrypted (AES-256-GCM, a random nonce each).
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from hashlib import blake2b, sha256
from typing import cast

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.log.events import Vector
from shared.web.problems import Problem

MAX_TOKEN = 2048
"""Characters of one token or cursor."""
MAX_TOKENS = 10
"""Tokens in one `atLeast`."""

_NONCE = 12


class Tokens:
    """Seals and opens; `key` is the secret `token.key`, the same for every service of an installation."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(sha256(b"jos tokens\x00" + key.encode()).digest())

    def seal(self, vector: Vector) -> str:
        """A token for these positions: "at least as new as this"."""
        return self._seal([[log, shard, number] for (log, shard), number in sorted(vector.items())], b"vector")

    def open(self, token: str) -> Vector:
        """The positions in a token. Raises 400 `token-invalid`."""
        try:
            places = cast("list[tuple[str, int, int]]", self._open(token, b"vector"))
            return {(log, shard): number for log, shard, number in places}
        except (ValueError, TypeError, InvalidTag):
            raise Problem(None, "token-invalid") from None

    def at_least(self, value: str | None) -> Vector:
        """The positions that `atLeast=<token>[,<token>]` asks for; the furthest of each log. Raises 400."""
        if not value:
            return {}
        tokens = value.split(",")
        if len(tokens) > MAX_TOKENS:
            raise Problem(None, "token-invalid")
        return merged(self.open(token) for token in tokens)

    def seal_cursor(self, organisation: str, query: str, place: object) -> str:
        """A cursor that only this organisation can use, for this query only; `place` is what JSON can hold."""
        return self._seal([place], _bound(organisation, query))

    def open_cursor(self, organisation: str, query: str, cursor: str) -> object:
        """The place in a cursor of this organisation and query. Raises 400 `cursor-invalid`."""
        try:
            (place,) = self._open(cursor, _bound(organisation, query))
        except (ValueError, TypeError, InvalidTag):
            raise Problem(None, "cursor-invalid") from None
        return place

    def _seal(self, content: list[object], bound: bytes) -> str:
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, orjson.dumps(content), bound)
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def _open(self, token: str, bound: bytes) -> list[object]:
        if len(token) > MAX_TOKEN:
            raise ValueError
        sealed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        content: list[object] = orjson.loads(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound))
        return content


def merged(vectors: Iterable[Vector]) -> Vector:
    """The furthest position of each log and shard."""
    furthest: dict[tuple[str, int], int] = {}
    for vector in vectors:
        for place, number in vector.items():
            furthest[place] = max(number, furthest.get(place, 0))
    return furthest


def _bound(organisation: str, query: str) -> bytes:
    return b"cursor" + blake2b(f"{organisation}\x00{query}".encode(), digest_size=16).digest()
