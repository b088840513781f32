"""What a token must say about itself and its bearer (G-24)."""

import re
from collections.abc import Mapping
from datetime import datetime

from shared.auth.caller import Caller
from shared.auth.errors import Forbidden, NotYetValid, Unauthenticated

MAX_LIFETIME = 15 * 60
"""Seconds between `iat` and `exp`."""
LEEWAY = 60
"""Seconds that the sender's clock may be ahead."""
MAX_NAME = 255
"""Characters of a `sub`, `client_id` or other name in a token."""
ORGANISATION = re.compile(r"[a-z]{2,12}:[A-Za-z0-9-]{1,64}")
"""A scheme and a number or code. Nothing shorter: row policies know names of their own for the service's loops."""


def check_times(claims: Mapping[str, object], now: datetime) -> float:
    """When the token expires (Unix seconds). Raises `Unauthenticated` or `NotYetValid`."""
    present = now.timestamp()
    issued, expires = moment(claims, "iat"), moment(claims, "exp")
    starts = moment(claims, "nbf") if "nbf" in claims else issued
    if not issued < expires <= issued + MAX_LIFETIME or expires <= present or starts > expires:
        raise Unauthenticated
    if max(issued, starts) > present + LEEWAY:
        raise NotYetValid(now)
    return expires


def check_parties(claims: Mapping[str, object], issuer: str, audience: str) -> None:
    """Issuer and audience, character by character; an audience list must hold ours. Raises `Unauthenticated`."""
    aud = claims.get("aud")
    audiences = aud if isinstance(aud, list) else [aud]
    if claims.get("iss") != issuer or audience not in audiences or not all(isinstance(one, str) for one in audiences):
        raise Unauthenticated


def read_caller(claims: Mapping[str, object]) -> Caller:
    """The caller. Raises `Unauthenticated` for claims of a wrong form, `Forbidden` for a missing organisation."""
    client_id = name(claims, "client_id")
    subject = name(claims, "sub")
    if not name(claims, "jti") or not client_id or not subject or subject != client_id:
        raise Unauthenticated
    scope = claims.get("scope", "")
    region = claims.get("region")
    if not isinstance(scope, str) or not (region is None or isinstance(region, str)):
        raise Unauthenticated
    sets = {claim: _names(claims, claim) for claim in ("roles", "schools", "programmes", "municipalities")}
    organisation = claims.get("organisation")
    if not isinstance(organisation, str) or not ORGANISATION.fullmatch(organisation):
        raise Forbidden("provider")
    return Caller(client_id, organisation, scopes=frozenset(scope.split()), region=region, **sets)


def moment(claims: Mapping[str, object], claim: str) -> float:
    """A NumericDate: a number, not a text or a truth value, and within the years a clock can show.

    Raises `Unauthenticated`.
    """
    value = claims.get(claim)
    if type(value) not in (int, float) or not 0 <= value < 2**33:  # type: ignore[operator]
        raise Unauthenticated
    return float(value)  # type: ignore[arg-type]


def name(claims: Mapping[str, object], claim: str) -> str:
    """A claim that is a short text. Raises `Unauthenticated`."""
    value = claims.get(claim)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME:
        raise Unauthenticated
    return value


def _names(claims: Mapping[str, object], claim: str) -> frozenset[str]:
    value = claims.get(claim, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and len(one) <= MAX_NAME for one in value):
        raise Unauthenticated
    return frozenset(value)
