"""Who calls, and how an answer looks without what names that one request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.journeys.conftest import URLS

OWN_NAMES = ("instance", "traceId")
"""Members of a problem that name the single request."""
VARYING = ("traceparent", "ratelimit", "date")


@dataclass(frozen=True, slots=True)
class Caller:
    """A client of all services, with a token of its own."""

    http: httpx.AsyncClient
    token: Callable[[], str]

    async def ask(self, method: str, service: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; `path` below the base of the service."""
        return await self.http.request(method, URLS[service] + path, json=body, headers=self.who() | headers)

    async def get(self, service: str, path: str, **parameters: str) -> httpx.Response:
        """Read."""
        return await self.http.get(URLS[service] + path, params=parameters, headers=self.who())

    async def post(self, service: str, path: str, body: Any, **headers: str) -> httpx.Response:
        """Write."""
        return await self.ask("POST", service, path, body, **headers)

    def who(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Authorization": f"Bearer {self.token()}", "Accept-Language": "en"}


def essence(answer: httpx.Response) -> tuple[int, dict[str, str], object]:
    """Status, headers and body, without what names this one request."""
    headers = {name: value for name, value in answer.headers.items() if name not in VARYING}
    try:
        body: object = answer.json()
    except ValueError:
        body = answer.content
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in OWN_NAMES}
    return answer.status_code, headers, body
