"""`private_key_jwt` (RFC 7523): a client proves who it is by signing a short-lived statement, once."""

from collections.abc import Collection

from joserfc import jws
from joserfc.errors import JoseError

from shared.auth.claims import moment, name
from shared.auth.errors import Unauthenticated
from shared.auth.keys import ALGORITHMS, UnsafeKey, read_jwks
from shared.auth.verifier import MAX_TOKEN, REGISTRY, json_object, token_header
from shared.clock import Clock
from shared.issuer.clients import Client

MAX_LIFETIME = 300
"""Seconds between `iat` and `exp` of an assertion."""
LEEWAY = 60


class Assertions:
    """Checks assertions addressed to one of `audiences`, each once.

    What was used is remembered in memory until it expires; assertions from before this process started are refused, so
    that a restart forgets nothing.
    """

    def __init__(self, audiences: Collection[str], clock: Clock) -> None:
        self._audiences = frozenset(audiences)
        self._clock = clock
        self._started = int(clock.now().timestamp())
        self._used: dict[tuple[str, str], float] = {}

    def client_id(self, assertion: str) -> str:
        """Who an assertion says it is from; nothing is proven yet. Raises `Unauthenticated`."""
        if len(assertion) > MAX_TOKEN:
            raise Unauthenticated
        token_header(assertion, types=(None, "JWT", "jwt", "client-authentication+jwt"))
        return name(json_object(assertion.split(".")[1]), "sub")

    def check(self, assertion: str, client: Client) -> None:
        """Raises `Unauthenticated` unless this client made this assertion, for us, just now and for the first time."""
        header = token_header(assertion, types=(None, "JWT", "jwt", "client-authentication+jwt"))
        try:
            keys = read_jwks(client.jwks or {"keys": []})
        except UnsafeKey:
            raise Unauthenticated from None
        key = keys.get(str(header.get("kid"))) if "kid" in header else next(iter(keys.values()), None)
        if key is None or key.key_type != ALGORITHMS[str(header["alg"])]:
            raise Unauthenticated
        try:
            jws.deserialize_compact(assertion, key, registry=REGISTRY)
        except (JoseError, ValueError, TypeError):
            raise Unauthenticated from None
        self._check_claims(json_object(assertion.split(".")[1]), client)

    def _check_claims(self, said: dict[str, object], client: Client) -> None:
        now = self._clock.now().timestamp()
        issued, expires = moment(said, "iat"), moment(said, "exp")
        if not issued < expires <= issued + MAX_LIFETIME or not now - MAX_LIFETIME <= issued <= now + LEEWAY:
            raise Unauthenticated
        if expires <= now or issued < self._started or said.get("iss") != client.id or said.get("sub") != client.id:
            raise Unauthenticated
        aud = said.get("aud")
        if not any(one in self._audiences for one in (aud if isinstance(aud, list) else [aud])):
            raise Unauthenticated
        self._use((client.id, name(said, "jti")), expires, now)

    def _use(self, jti: tuple[str, str], expires: float, now: float) -> None:
        self._used = {one: until for one, until in self._used.items() if until > now}
        if jti in self._used:
            raise Unauthenticated
        self._used[jti] = expires
