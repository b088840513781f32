"""Client secrets, kept as hashes (scrypt, RFC 7914): `scrypt$<salt>$<hash>`, both base64url."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import scrypt

_COST, _BLOCK, _LANES, _SALT, _LENGTH = 2**14, 8, 1, 16, 32

NOBODY = "scrypt$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no secret has: checked for a client that does not exist, so that this takes as long."""


def new_secret() -> str:
    """A secret of 256 random bits, url-safe."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """The hash to keep in the clients file."""
    salt = secrets.token_bytes(_SALT)
    return f"scrypt${_text(salt)}${_text(_derive(secret, salt))}"


def matches(secret: str, kept: str) -> bool:
    """Whether this is the secret; takes as long for a wrong one. Raises `ValueError` for a hash of another form."""
    kind, salt, wanted = kept.split("$")
    if kind != "scrypt":
        raise ValueError("not a scrypt hash")
    return hmac.compare_digest(_derive(secret, _bytes(salt)), _bytes(wanted))


def _derive(secret: str, salt: bytes) -> bytes:
    return scrypt(secret.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, dklen=_LENGTH)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
