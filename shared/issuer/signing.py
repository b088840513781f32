"""The built-in issuer's own keys: made at the first start, kept in a file that only its user can read."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey

from shared.clock import Clock

FILE = "issuer-keys.json"
MAX_AGE = timedelta(days=30)
"""A key signs for so long; then a new one takes over."""
OVERLAP = timedelta(hours=1)
"""So long a key that no longer signs stays published: longer than any token lives."""


class SigningKeys:
    """The newest key signs; the ones before it stay published until every token they signed has expired."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._path = directory / FILE
        self._clock = clock
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._keys = _read(self._path)
        self._tidy()

    def sign(self, claims: dict[str, object]) -> str:
        """A token (`at+jwt`, ES256) with these claims."""
        self._tidy()
        key, _ = self._keys[0]
        return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key, algorithms=["ES256"])

    def published(self) -> dict[str, list[dict[str, object]]]:
        """The JWKS: public halves only."""
        self._tidy()
        return {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": "ES256"} for key, _ in self._keys]}

    def rotate(self) -> None:
        """Sign with a new key from now on; the present one stays published for `OVERLAP`."""
        key = ECKey.generate_key("P-256")
        key = ECKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint()})
        self._keys.insert(0, (key, self._clock.now()))
        self._save()

    def withdraw(self, kid: str) -> None:
        """Stop publishing a key at once: every token it signed is refused as soon as verifiers look again."""
        self._keys = [(key, made) for key, made in self._keys if key.kid != kid]
        self._tidy()
        self._save()

    def _tidy(self) -> None:
        now = self._clock.now()
        if not self._keys or now - self._keys[0][1] >= MAX_AGE:
            self.rotate()
        started = self._keys[0][1]
        if len(self._keys) > 1 and now - started >= OVERLAP:
            del self._keys[1:]
            self._save()

    def _save(self) -> None:
        """Whole or not at all, and never readable by others, not even for a moment."""
        shown = [{"made": made.isoformat(), "key": key.as_dict(private=True)} for key, made in self._keys]
        beside = self._path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(orjson.dumps(shown))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


def _read(path: Path) -> list[tuple[ECKey, datetime]]:
    if not path.exists():
        return []
    entries = cast("list[dict[str, dict[str, str | list[str]] | str]]", orjson.loads(path.read_bytes()))
    return [
        (ECKey.import_key(cast("dict[str, str | list[str]]", one["key"])), datetime.fromisoformat(str(one["made"])))
        for one in entries
    ]
