"""A client of the public APIs: signs in, renews its token, and asks again when it is safe to (G-05)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import httpx
import stamina

from jos.exits import Exit, Stop

stamina.instrumentation.set_on_retry_hooks([])  # what is repeated is not said: the answer alone matters

PATIENCE = 60.0
"""Seconds for which a request that cannot be answered now is repeated."""
EARLY = 60.0
"""Seconds before its end at which a token is renewed."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a client signs in at the token endpoint (client credentials)."""

    token_endpoint: str
    client: str
    secret: str


class NotNow(Exception):
    """The service asks to come again later; `after` is how many seconds later, where it says so."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"{response.status_code} from {response.url.path}")
        text = response.headers.get("Retry-After", "")
        self.after = float(text) if text.isdigit() else None


class Client:
    """Requests in the name of one client. To be used as an async context manager.

    A cut connection, 429, 502, 503 and 504 are asked again with a growing pause; a token is renewed before it ends.
    Raises `Stop`: 69 when there is no answer, 77 when the client may not sign in.
    """

    def __init__(self, credentials: Credentials, *, http: httpx.AsyncClient | None = None) -> None:
        self._credentials = credentials
        self._http = http or httpx.AsyncClient(timeout=30.0, headers={"Accept-Language": "en"})
        self._token = ""
        self._renew_at = 0.0
        self._signing_in = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def token(self) -> str:
        """A token with at least a minute to live."""
        async with self._signing_in:
            now = asyncio.get_running_loop().time()
            if now >= self._renew_at:
                answer = await self._sign_in()
                self._token = str(answer["access_token"])
                self._renew_at = now + max(0.0, float(answer["expires_in"]) - EARLY)
        return self._token

    async def get(self, url: str, **params: str) -> httpx.Response:
        """GET, whatever the status of the answer."""
        return await self.send("GET", url, params=params)

    async def post(
        self, url: str, json: object | None = None, *, content: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        """POST, whatever the status of the answer. Only for what may be repeated: every POST of JOS has a key."""
        return await self.send("POST", url, json=json, content=content, headers=headers)

    async def send(self, method: str, url: str, **options: Any) -> httpx.Response:  # as httpx takes them
        """One request with a fresh token, repeated when it is safe to."""
        headers = dict(options.pop("headers", {})) | {"Authorization": f"Bearer {await self.token()}"}
        return await self._patiently(method, url, headers=headers, **options)

    async def _sign_in(self) -> dict[str, Any]:
        given = self._credentials
        response = await self._patiently(
            "POST",
            given.token_endpoint,
            auth=httpx.BasicAuth(given.client, given.secret),
            data={"grant_type": "client_credentials"},
        )
        if not response.is_success:
            raise Stop(Exit.PERMISSION, f"{given.client} may not sign in at {given.token_endpoint}")
        return dict(response.json())

    async def _patiently(self, method: str, url: str, **options: Any) -> httpx.Response:  # as httpx takes them
        try:
            async for attempt in stamina.retry_context(on=_again, timeout=PATIENCE, attempts=None, wait_max=5.0):
                with attempt:
                    response = await self._http.request(method, url, **options)
                    if response.status_code in (429, 502, 503, 504):
                        raise NotNow(response)
                    return response
        except (NotNow, httpx.TransportError) as error:
            raise Stop(Exit.UNAVAILABLE, f"no answer from {httpx.URL(url).netloc.decode()}: {error}") from None
        raise AssertionError("a retry ends in an answer or an error")


def _again(error: Exception) -> bool | timedelta:
    """Whether to ask again, and after how long where the service said so."""
    if isinstance(error, NotNow):
        return timedelta(seconds=error.after) if error.after is not None else True
    return isinstance(error, httpx.TransportError)
