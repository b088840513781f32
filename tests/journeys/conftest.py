"""All services in this process, on databases in which the demo's half year was told once, through the public APIs."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

import services.contracts.app
import services.interventions.app
import services.kpi.app
import services.kpi.gateway.app
import services.registry.app
from jos.client import Client, Credentials
from jos.demo.clients import Who, everyone
from jos.demo.schools import PERIOD
from jos.demo.story import Told, tell
from services.registry.programmes import FILES, load
from shared.auth.keys import StaticKeys
from shared.clock import Clock, FrozenClock
from shared.postgres.cluster import DATABASES, Cluster
from shared.settings import Settings
from tests.fixtures.auth import claims_for, sign
from tests.fixtures.postgres import TEMPLATE, settings_for
from tests.fixtures.services import live

Json = dict[str, Any]
AFTER_THE_HALF_YEAR = datetime(2022, 7, 5, 10, tzinfo=UTC)
APPS: dict[str, Callable[[Settings, Clock, StaticKeys], FastAPI]] = {
    "registry": services.registry.app.create_app,
    "contracts": services.contracts.app.create_app,
    "interventions": services.interventions.app.create_app,
    "kpi": services.kpi.app.create_app,
    "gateway": services.kpi.gateway.app.create_app,
}
BASES = {name: f"http://localhost:{port}" for port, name in enumerate(APPS, start=1)}
URLS = {name: base + ("/graphql" if name == "gateway" else f"/{name}/v1") for name, base in BASES.items()}
WHO = {who.id: who for who in everyone()}

PAGE = """
query($period: String!, $basis: Basis!, $known: String, $seen: String) {
  josFigures(programme: "HR-JOS", period: $period, basis: $basis, asKnownOn: $known, atLeast: $seen) {
    status pupils recipients structural structuralShare incidental incidentalShare individual individualShare fte reach
    coverage { expected reporting missing { name siteCode } }
    schoolsByType { type { code } count }
    municipalities { code participates hostsSchool }
    providers { code }
    schools { name type { code } provider { name } providerAssumed }
    warnings { kpi school { siteCode } delivered derived text }
  }
}
"""
"""The page "Jeugdhulp op school in cijfers"."""

_numbers = count(1)


class SignedIn(Client):
    """A client of the demo whose tokens are minted here."""

    def __init__(self, who: Who, clock: Clock, http: httpx.AsyncClient) -> None:
        super().__init__(Credentials("", who.id, ""), http=http)
        self._who = who
        self._clock = clock

    async def token(self) -> str:
        """A token of this moment."""
        who = self._who
        more: Json = {"client_id": who.id, "schools": list(who.schools), "municipalities": list(who.municipalities)}
        if who.region:
            more["region"] = who.region
        return sign(claims_for(self._clock.now(), who.organisation, who.roles, **more))


@dataclass
class Installation:
    """Everything, running; `told` is what the demo's story answered."""

    clock: FrozenClock
    settings: Settings
    http: httpx.AsyncClient
    apps: dict[str, FastAPI]
    told: Told = field(default_factory=Told)

    def sign_in(self, client: str) -> Client:
        """A client of the demo by name."""
        return SignedIn(WHO[client], self.clock, self.http)

    async def push(self, client: str, *events: Json) -> list[Json]:
        """Push events as an EHR; every one must be new. Its token is waited for by later questions."""
        answer = await self.sign_in(client).post(
            f"{URLS['interventions']}/events",
            list(events),
            headers={"Content-Type": "application/cloudevents-batch+json"},
        )
        body: Json = answer.json()
        assert [one["verdict"] for one in body["results"]] == ["created"] * len(events), body["results"]
        self.told.tokens["interventions"] = body["token"]
        results: list[Json] = body["results"]
        return results

    async def day_closed(self) -> None:
        """The day before the clock's has its cut; kpi does this by itself within a second of midnight."""
        await self.apps["kpi"].state.running.own.close_day()

    async def page(self, basis: str, period: str = PERIOD, as_known_on: str | None = None) -> Json:
        """The page, with everything in it that was told until now."""
        seen = ",".join(self.told.tokens.values())
        data = await self.ask(PAGE, period=period, basis=basis, known=as_known_on, seen=seen)
        page: Json = data["josFigures"]
        return page

    async def ask(self, query: str, client: str = "demo-steward", **variables: object) -> Json:
        """Ask the gateway."""
        answer = await self.sign_in(client).post(URLS["gateway"], {"query": query, "variables": variables})
        body: Json = answer.json()
        assert "errors" not in body, body
        data: Json = body["data"]
        return data


@asynccontextmanager
async def running(settings: Settings, clock: FrozenClock, keys: StaticKeys) -> AsyncIterator[Installation]:
    """Start every service, and stop them in reverse order."""
    async with AsyncExitStack() as stack:
        mounts: dict[str, httpx.AsyncBaseTransport] = {}
        apps: dict[str, FastAPI] = {}
        for name, create_app in APPS.items():
            app = apps[name] = create_app(settings, clock, keys)
            await stack.enter_async_context(live(app))
            mounts[BASES[name]] = httpx.ASGITransport(app, raise_app_exceptions=False)
        http = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts, timeout=30))
        yield Installation(clock, settings, http, apps)


@pytest.fixture(scope="session")
async def half_year_told(
    cluster: Cluster, home: Path, keys: StaticKeys, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, Told]:
    """Databases in which the half year was told; they are copied for each test."""
    settings = settings_for(cluster, home, "told_", tmp_path_factory.mktemp("told"))
    for name in DATABASES:
        await cluster.make_database(settings, name, TEMPLATE + name)
    programme = load(FILES / "HR-JOS.yaml").model_dump(mode="json", by_alias=True)
    async with running(settings, FrozenClock(AFTER_THE_HALF_YEAR), keys) as installation:
        told = await tell(URLS, installation.sign_in, programme)
        await installation.page("EVENTS")
    return settings, told


@pytest.fixture
async def installation(
    half_year_told: tuple[Settings, Told], cluster: Cluster, home: Path, keys: StaticKeys, tmp_path: Path
) -> AsyncIterator[Installation]:
    """A fresh copy of the half year, running."""
    origin, told = half_year_told
    settings = settings_for(cluster, home, f"j{next(_numbers)}_", tmp_path)
    for name in DATABASES:
        await cluster.make_database(settings, name, origin.database(name))
    async with running(settings, FrozenClock(AFTER_THE_HALF_YEAR), keys) as installation:
        installation.told = Told(told.verdicts, dict(told.tokens))
        yield installation
    async with cluster.connected("postgres") as connection:
        for name in DATABASES:
            await connection.execute(f"drop database {settings.database(name)} with (force)")
