"""An interventions service in this process, with registry and contracts as logs that the test writes itself."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.interventions.app import create_app
from services.interventions.running import Running
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.fixtures.auth import Mint
from tests.fixtures.services import Serve
from tests.interventions.given import AJ, Json, Neighbours, Told, a_school_in_order, programme

BASE = "/interventions/v1"
ONE = "application/cloudevents+json"
MANY = "application/cloudevents-batch+json"


@dataclass
class Provider:
    """A provider's system at the door."""

    client: httpx.AsyncClient
    token: Callable[[], str]

    async def push(self, event: Any, query: str = "", **headers: str) -> httpx.Response:
        """Push one event."""
        return await self._post(event, ONE, query, headers)

    async def push_all(self, events: Any, query: str = "", **headers: str) -> httpx.Response:
        """Push a list of events."""
        return await self._post(events, MANY, query, headers)

    async def created(self, *events: Json) -> list[Json]:
        """Push events one by one that must be accepted; the answers."""
        answers = [await self.push(event) for event in events]
        assert [one.status_code for one in answers] == [201] * len(events), [one.text for one in answers]
        return [one.json() for one in answers]

    async def verdicts(self, *events: Json, query: str = "") -> list[str]:
        """Push a list of events; the verdicts in order."""
        answer = await self.push_all(list(events), query)
        return [result["verdict"] for result in answer.json()["results"]]

    async def read(self, path: str, **parameters: str) -> Any:
        """Read what must be there."""
        answer = await self.get(path, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(self, path: str, **parameters: str) -> httpx.Response:
        """Read."""
        return await self.client.get(BASE + path, params=parameters, headers=self.who())

    async def delete(self, path: str, **parameters: str) -> httpx.Response:
        """Take back."""
        return await self.client.delete(BASE + path, params=parameters, headers=self.who())

    def who(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Authorization": f"Bearer {self.token()}", "Accept-Language": "en"}

    async def _post(self, body: Any, kind: str, query: str, headers: dict[str, str]) -> httpx.Response:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        url = f"{BASE}/events{query}"
        return await self.client.post(url, content=raw, headers={"Content-Type": kind, **self.who(), **headers})


AProvider = Callable[[str], Provider]


@pytest.fixture
async def neighbours(databases: Settings, clock: FrozenClock) -> AsyncIterator[Neighbours]:
    """Registry and contracts, by their logs alone."""
    async with AsyncExitStack() as stack:
        logs = {}
        for name in ("registry", "contracts"):
            log = Log(name, await stack.enter_async_context(await open_pool(databases, name)), clock)
            await log.start()
            stack.push_async_callback(log.close)
            logs[name] = log
        yield Neighbours(logs, clock)


@pytest.fixture
async def facts() -> list[Told]:
    """What is known before the service starts; a test module may know something else."""
    return [*programme(), *a_school_in_order()]


@pytest.fixture
async def app(
    databases: Settings, clock: FrozenClock, keys: StaticKeys, neighbours: Neighbours, facts: list[Told]
) -> FastAPI:
    """The service, not started yet, in a world where the facts hold."""
    await neighbours.tell(*facts)
    return create_app(databases, clock, keys)


@pytest.fixture
async def client(app: FastAPI, serve: Serve) -> httpx.AsyncClient:
    """The service, started."""
    return await serve(app)


@pytest.fixture
def running(app: FastAPI, client: httpx.AsyncClient) -> Running:
    """What the started service holds."""
    found: Running = app.state.running
    return found


@pytest.fixture
def provider(client: httpx.AsyncClient, mint: Mint) -> AProvider:
    """`provider(AJ)`: a provider's system."""
    return lambda organisation: Provider(client, lambda: mint(organisation, ["provider-system"]))


@pytest.fixture
def aj(provider: AProvider) -> Provider:
    """The provider of the school in order."""
    return provider(AJ)


Stored = Callable[[], Awaitable[list[StoredEvent]]]


@pytest.fixture
async def stored(databases: Settings, client: httpx.AsyncClient) -> AsyncIterator[Stored]:
    """`await stored()`: everything in the log, in order."""
    feed = PostgresFeed("interventions", databases)

    async def everything() -> list[StoredEvent]:
        return list(await feed.read(1, 0, 10_000))

    yield everything
    await feed.close()


@pytest.fixture
async def vault(databases: Settings) -> AsyncIterator[asyncpg.Pool]:
    """The vault's database, as the service sees it."""
    async with await open_pool(databases, "vault", max_size=2) as pool:
        yield pool
