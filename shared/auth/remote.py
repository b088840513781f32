"""The keys that an issuer publishes, fetched and kept fresh."""

import asyncio
import time
from collections.abc import Callable

import httpx
import stamina
import structlog
from joserfc.jwk import Key

from shared.auth.errors import KeysUnavailable
from shared.auth.keys import read_jwks
from shared.strict_json import Malformed, parse

FRESH_SECONDS = 120.0
"""After this the keys are fetched anew, so that a withdrawn key is refused well within 5 minutes."""
TRUSTED_SECONDS = 3600.0
"""As long as this the last keys hold when the issuer cannot be reached."""
RETRY_SECONDS = 5.0
"""Between two attempts, whatever the reason: an unknown key in a token, or an issuer that is away."""
FETCH_SECONDS = 2.0
MAX_JWKS = 64 * 1024

_log = structlog.get_logger()


class RemoteKeys:
    """The JWKS at `url`, through `client`. Seconds are counted by `now`, a clock that never jumps."""

    def __init__(self, url: str, client: httpx.AsyncClient, now: Callable[[], float] = time.monotonic) -> None:
        self.generation = 0
        self._url = url
        self._client = client
        self._now = now
        self._keys: dict[str, Key] = {}
        self._published: object = None
        self._fetched = self._tried = -TRUSTED_SECONDS
        self._lock = asyncio.Lock()

    async def start(self, seconds: float = 10.0) -> None:
        """Fetch the keys for the first time. Raises `KeysUnavailable` when that does not succeed in `seconds`."""
        async for attempt in stamina.retry_context(
            on=KeysUnavailable, timeout=seconds, attempts=None, wait_initial=0.1, wait_max=0.5
        ):
            with attempt:
                if not await self._fetch():
                    raise KeysUnavailable

    async def find(self, kid: str) -> Key | None:
        if kid not in self._keys and self._now() - self._tried >= RETRY_SECONDS:
            await self._once()
        return self._keys.get(kid)

    async def refresh(self) -> None:
        now = self._now()
        if now - self._fetched >= FRESH_SECONDS and now - self._tried >= RETRY_SECONDS and not self._lock.locked():
            await self._once()
        if self._now() - self._fetched >= TRUSTED_SECONDS:
            raise KeysUnavailable

    async def _once(self) -> None:
        """Fetch, unless another request just did."""
        async with self._lock:
            if self._now() - self._tried >= RETRY_SECONDS:
                await self._fetch()

    async def _fetch(self) -> bool:
        self._tried = self._now()
        try:
            self._take(parse(await self._read()))
        except (httpx.HTTPError, Malformed, ValueError) as failure:
            _log.warning("issuer.keys.failed", kind=type(failure).__name__)
            return False
        self._fetched = self._now()
        return True

    async def _read(self) -> bytes:
        read = b""
        async with self._client.stream("GET", self._url, timeout=FETCH_SECONDS, follow_redirects=False) as answer:
            if answer.status_code != 200:
                raise ValueError("not 200")
            async for chunk in answer.aiter_bytes():
                read += chunk
                if len(read) > MAX_JWKS:
                    raise ValueError("too large")
        return read

    def _take(self, published: object) -> None:
        """Use these keys from now on; a weak or private one among them is left out, and noted."""
        if published == self._published:
            return
        if not isinstance(published, dict):
            raise ValueError("not a JWKS")
        self._keys = read_jwks(published, on_unsafe=lambda why: _log.warning("issuer.key.refused", why=why))
        self._published = published
        self.generation += 1
