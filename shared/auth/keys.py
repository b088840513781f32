"""The keys by which tokens are checked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, cast

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey

ALGORITHMS = {"ES256": "EC", "RS256": "RSA", "PS256": "RSA"}
"""The algorithms a token may be signed with, and the kind of key each takes."""
MIN_RSA_BITS = 2048


class UnsafeKey(ValueError):
    """A published key that must not be used: too short, of another kind, without a `kid`, or a private one."""


class Keys(Protocol):
    """Where the verifier finds keys. `generation` changes with every change of the set."""

    generation: int

    async def find(self, kid: str) -> Key | None:
        """The public key of this name as the issuer publishes it now, or None."""
        ...

    async def refresh(self) -> None:
        """Bring the set up to date when it is due. Raises `KeysUnavailable` when it is too old to trust."""
        ...


class StaticKeys:
    """A fixed set of keys (tests, one process); `replace` changes it."""

    def __init__(self, jwks: Mapping[str, object]) -> None:
        self._keys = read_jwks(jwks)
        self.generation = 0

    async def find(self, kid: str) -> Key | None:
        return self._keys.get(kid)

    async def refresh(self) -> None:
        return None

    def replace(self, jwks: Mapping[str, object]) -> None:
        """Take another set from now on."""
        self._keys = read_jwks(jwks)
        self.generation += 1


def read_jwks(jwks: Mapping[str, object], on_unsafe: Callable[[str], None] | None = None) -> dict[str, Key]:
    """The signing keys of a JWKS document by their `kid`.

    A key that must not be used is told to `on_unsafe` and left out. Raises `UnsafeKey` for one without `on_unsafe`, and
    for a document that is no JWKS.
    """
    entries = jwks.get("keys")
    if not isinstance(entries, list):
        raise UnsafeKey("no list of keys")
    found: dict[str, Key] = {}
    for entry in _signing(entries):
        try:
            kid, key = _read_key(entry, found)
        except UnsafeKey as unsafe:
            if on_unsafe is None:
                raise
            on_unsafe(str(unsafe))
        else:
            found[kid] = key
    return found


def _signing(entries: Iterable[object]) -> list[dict[str, object]]:
    """Keys for encryption and of kinds we do not use are passed over: a public issuer may publish them."""
    objects = [cast("dict[str, object]", entry) for entry in entries if isinstance(entry, dict)]
    return [entry for entry in objects if entry.get("use", "sig") == "sig" and entry.get("kty") in ("EC", "RSA")]


def _read_key(entry: dict[str, object], found: Mapping[str, Key]) -> tuple[str, Key]:
    kid = entry.get("kid")
    if not isinstance(kid, str) or kid in found:
        raise UnsafeKey("a key without a kid, or two with the same")
    if "d" in entry:
        raise UnsafeKey("a private key among the published ones")
    try:
        if entry["kty"] == "EC":
            return kid, _curve(ECKey.import_key(cast("dict[str, str | list[str]]", entry)))
        return kid, _long_enough(RSAKey.import_key(cast("dict[str, str | list[str]]", entry)))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise UnsafeKey("a key that cannot be read or is too weak") from error


def _curve(key: ECKey) -> ECKey:
    if key.curve_name != "P-256":
        raise UnsafeKey("only P-256")
    return key


def _long_enough(key: RSAKey) -> RSAKey:
    if key.public_key.key_size < MIN_RSA_BITS:
        raise UnsafeKey("an RSA key under 2,048 bits")
    return key
