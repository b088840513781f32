"""Checks a bearer token: cheap looks first, then the signature, then what it says (G-24)."""

import hashlib
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key

from shared.auth import claims
from shared.auth.caller import Caller
from shared.auth.errors import Unauthenticated
from shared.auth.keys import ALGORITHMS, Keys
from shared.clock import Clock
from shared.strict_json import Malformed, parse

MAX_TOKEN = 8 * 1024
"""Characters of a token; a longer one is not looked at."""
MAX_REMEMBERED = 10_000
"""Verified tokens kept in memory, by their hash."""

_SHAPE = re.compile(r"[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}")
_HEADERS = frozenset(("alg", "kid", "typ", "x5t", "x5t#S256"))
_TYPES = frozenset(("at+jwt", "application/at+jwt"))
REGISTRY = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)


@dataclass(frozen=True, slots=True)
class _Verified:
    caller: Caller
    expires: float
    kid: str


class Verifier:
    """Tokens of one issuer for one audience.

    A verified token is remembered until it expires, so that a busy client costs a hash and a look-up; the memory is
    dropped as soon as the set of keys changes, so that a withdrawn key is refused at once.
    """

    def __init__(self, keys: Keys, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._verified: dict[bytes, _Verified] = {}
        self._generation = keys.generation

    async def verify(self, token: str) -> Caller:
        """The caller behind a token.

        Raises `Unauthenticated`, `NotYetValid`, `Forbidden` (no organisation) or `KeysUnavailable`.
        """
        remembered = await self.remembered(token)
        if remembered is not None:
            return remembered
        header = token_header(token)
        kid = claims.name(header, "kid")
        key = await self._keys.find(kid)
        generation = self._keys.generation
        if key is None or key.key_type != ALGORITHMS[cast("str", header["alg"])]:
            raise Unauthenticated
        said = _payload(token, key)
        expires = claims.check_times(said, self._clock.now())
        claims.check_parties(said, self._issuer, self._audience)
        caller = claims.read_caller(said)
        self._remember(token, _Verified(caller, expires, kid), generation)
        return caller

    async def remembered(self, token: str) -> Caller | None:
        """The caller of a token that was verified before and still holds; costs no cryptography.

        Raises `Unauthenticated` for one that is too long, `KeysUnavailable`.
        """
        await self._keys.refresh()
        if self._generation != self._keys.generation:
            self._verified.clear()
            self._generation = self._keys.generation
        if len(token) > MAX_TOKEN:
            raise Unauthenticated
        found = self._verified.get(_digest(token))
        if found is None or found.expires <= self._clock.now().timestamp():
            return None
        return found.caller

    def _remember(self, token: str, verified: _Verified, generation: int) -> None:
        if generation != self._generation:
            return
        if len(self._verified) >= MAX_REMEMBERED:
            self._verified.clear()
        self._verified[_digest(token)] = verified


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def token_header(token: str, types: Collection[str | None] = _TYPES) -> dict[str, object]:
    """The header, when it is one we would ever accept; before any cryptography. Raises `Unauthenticated`."""
    if not _SHAPE.fullmatch(token):
        raise Unauthenticated
    header = json_object(token.partition(".")[0])
    kind = header.get("typ")
    if not _HEADERS.issuperset(header) or header.get("alg") not in ALGORITHMS:
        raise Unauthenticated
    if not (kind is None or isinstance(kind, str)) or kind not in types:
        raise Unauthenticated
    return header


def _payload(token: str, key: Key) -> dict[str, object]:
    try:
        jws.deserialize_compact(token, key, registry=REGISTRY)
    except (JoseError, ValueError, TypeError):
        raise Unauthenticated from None
    return json_object(token.split(".")[1])


def json_object(segment: str) -> dict[str, object]:
    """The JSON object in a part of a token, read strictly. Raises `Unauthenticated`."""
    try:
        value = parse(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (Malformed, ValueError):
        raise Unauthenticated from None
    if not isinstance(value, dict):
        raise Unauthenticated
    return value
