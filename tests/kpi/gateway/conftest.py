"""The gateway in this process, on a ledger in which the page of the first half of 2022 stands."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kpi.gateway.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.postgres.cluster import Cluster
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.fixtures.auth import Mint
from tests.fixtures.services import Serve
from tests.kpi.books import PROGRAMME, START, Books
from tests.kpi.conftest import drop, make

Json = dict[str, Any]

MEDIA_TYPE = "application/graphql-response+json"
OTHER = "OTHER-JOS"
"""A programme of another region."""


@dataclass
class Dashboard:
    """A client of the gateway."""

    client: httpx.AsyncClient
    books: Books
    token: Callable[..., str]
    settings: Settings

    async def post(self, body: object, who: str | None = None, **headers: str) -> httpx.Response:
        """Send a body, as the steward unless told otherwise."""
        told = {"Authorization": f"Bearer {who or self.steward()}", "Accept-Language": "en", **headers}
        return await self.client.post("/graphql", json=body, headers=told)

    async def ask(self, query: str, who: str | None = None, **variables: object) -> httpx.Response:
        """Ask, and get an answer in the form of GraphQL."""
        answer = await self.post({"query": query, "variables": variables}, who)
        assert answer.headers["content-type"] == MEDIA_TYPE, answer.text
        return answer

    async def data(self, query: str, who: str | None = None, **variables: object) -> Json:
        """Ask, and get what was found; there may be no error."""
        answer = await self.ask(query, who, **variables)
        body: Json = answer.json()
        assert answer.status_code == 200 and "errors" not in body, answer.text
        return dict(body["data"])

    async def refused(self, query: str, who: str | None = None, **variables: object) -> tuple[int, Json]:
        """Ask, and get the status and the only error."""
        answer = await self.ask(query, who, **variables)
        [error] = answer.json()["errors"]
        return answer.status_code, error

    def steward(self) -> str:
        """The steward of the region."""
        return self.token("region:HR", ["programme-admin"], region="HR")

    def provider(self, organisation: str = "kvknr:99990001") -> str:
        """A manager at a provider."""
        return self.token(organisation, ["provider-manager"])

    def school(self, *sites: str) -> str:
        """A school."""
        return self.token("brin:99HA", ["school"], schools=list(sites or ("99HA00",)))

    def municipality(self, code: str = "GM0546") -> str:
        """An analyst of a municipality."""
        return self.token(f"gm:{code}", ["municipal-analyst"], municipalities=[code])

    def bi(self, *programmes: str) -> str:
        """A BI client with a grant."""
        return self.token("region:HR", ["bi"], programmes=list(programmes or (PROGRAMME,)))

    def outsider(self) -> str:
        """Somebody signed in to whom nothing was granted."""
        return self.token("oin:00000001234567890000", ["researcher"])


def programme(books: Books, code: str, region: str) -> None:
    """A programme as the registry says it."""
    payload = {"programme": code, "title": {"nl": f"Programma {code}", "en": f"Programme {code}"}, "region": region}
    books.write(
        "registry", "programme-defined.v1", {**payload, "status": "RUNNING", "start": START, "validFrom": START}
    )


@pytest.fixture(scope="session")
async def gateway_template(cluster: Cluster, home: Path, page_template: tuple[str, Books]) -> tuple[str, Books]:
    """The page, and the programmes it belongs to and does not belong to."""
    template, written = page_template
    settings = await make(cluster, home, template)
    async with await open_pool(settings, "kpi", max_size=1) as pool, pool.acquire() as connection:
        books = written.copy(connection)
        programme(books, PROGRAMME, "HR")
        programme(books, OTHER, "XX")
        await books.post()
    return settings.database("kpi"), books


@pytest.fixture
async def gateway_settings(
    cluster: Cluster, home: Path, gateway_template: tuple[str, Books]
) -> AsyncIterator[Settings]:
    """A copy of that database."""
    settings = await make(cluster, home, gateway_template[0])
    yield settings
    await drop(cluster, settings)


@pytest.fixture
async def dashboard(
    gateway_settings: Settings,
    gateway_template: tuple[str, Books],
    serve: Serve,
    clock: FrozenClock,
    keys: StaticKeys,
    mint: Mint,
) -> AsyncIterator[Dashboard]:
    """The gateway on the page, and books to write on."""
    async with await open_pool(gateway_settings, "kpi", max_size=1) as pool, pool.acquire() as connection:
        client = await serve(create_app(gateway_settings, clock, keys))
        yield Dashboard(client, gateway_template[1].copy(connection), mint, gateway_settings)
