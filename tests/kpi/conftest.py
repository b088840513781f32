"""A ledger of its own for every test that asks for one; only kpi's database, because the events are made by hand."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from services.kpi.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.postgres.cluster import Cluster
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.fixtures.auth import Mint
from tests.fixtures.postgres import TEMPLATE
from tests.fixtures.services import Serve
from tests.kpi.books import Books
from tests.kpi.office import Logs, Office
from tests.kpi.page import write_page

_numbers = count(1)

PROGRAMME_DEFINED = {
    "programme": "HR-JOS",
    "title": {"nl": "Jeugdhulp op School", "en": "Youth help at school"},
    "region": "HR",
    "status": "ACTIVE",
    "start": "2022-01-01",
    "validFrom": "2022-01-01",
}


def kpi_settings(cluster: Cluster, home: Path, prefix: str) -> Settings:
    """Settings that lead to kpi's database with this prefix."""
    place = {"database_host": cluster.host, "database_port": cluster.port, "database_prefix": prefix}
    return Settings(mode="demo", secrets_dir=home / "secrets", data_dir=home / "data", **place)


async def make(cluster: Cluster, home: Path, template: str) -> Settings:
    """A database of kpi, as the template is."""
    settings = kpi_settings(cluster, home, f"ledger{next(_numbers)}_")
    await cluster.make_database(settings, "kpi", template)
    return settings


async def drop(cluster: Cluster, settings: Settings) -> None:
    """It is gone."""
    connection = await asyncpg.connect(f"{cluster.superuser}/postgres")
    try:
        await connection.execute(f"drop database {settings.database('kpi')} with (force)")
    finally:
        await connection.close()


@pytest.fixture
async def ledger(cluster: Cluster, home: Path) -> AsyncIterator[Settings]:
    """An empty database of kpi."""
    settings = await make(cluster, home, f"{TEMPLATE}kpi")
    yield settings
    await drop(cluster, settings)


@pytest.fixture
async def owner(ledger: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of that database, who may make tables."""
    async with (
        await open_pool(ledger, "kpi", "owner", max_size=1, statement_timeout_ms=60_000) as pool,
        pool.acquire() as connection,
    ):
        yield connection


@pytest.fixture
async def books(ledger: Settings) -> AsyncIterator[Books]:
    """An empty ledger with the shipped definitions, written to as the service would."""
    async with (
        await open_pool(ledger, "kpi", max_size=1, statement_timeout_ms=60_000) as pool,
        pool.acquire() as connection,
    ):
        found = Books(connection)
        await found.define()
        yield found


@pytest.fixture(scope="session")
async def page_template(cluster: Cluster, home: Path) -> tuple[str, Books]:
    """A database in which the page of the first half of 2022 stands, to be copied, and what was written into it."""
    settings = await make(cluster, home, f"{TEMPLATE}kpi")
    async with (
        await open_pool(settings, "kpi", max_size=1, statement_timeout_ms=60_000) as pool,
        pool.acquire() as connection,
    ):
        written = Books(connection)
        await written.define()
        write_page(written)
        await written.post()
    return settings.database("kpi"), written


@pytest.fixture
async def page(cluster: Cluster, home: Path, page_template: tuple[str, Books]) -> AsyncIterator[Books]:
    """The register of 15 schools, and for 11 of them a delivery and the events behind it."""
    template, written = page_template
    settings = await make(cluster, home, template)
    async with (
        await open_pool(settings, "kpi", max_size=1, statement_timeout_ms=60_000) as pool,
        pool.acquire() as connection,
    ):
        yield written.copy(connection)
    await drop(cluster, settings)


@pytest.fixture
async def office(
    databases: Settings, clock: FrozenClock, keys: StaticKeys, mint: Mint, serve: Serve
) -> AsyncIterator[Office]:
    """A running kpi on the four logs, in which the registry says that two schools of HR-JOS take part."""
    logs = Logs(databases, clock)
    app = create_app(databases, clock, keys)
    client = await serve(app)
    desk = Office(client, app.state.running, logs, clock, mint)
    registered = Books(None)
    registered.write("registry", "programme-defined.v1", PROGRAMME_DEFINED)
    for site, place in (("99HA00", "GM0534"), ("99HB00", "GM0537")):
        registered.site(site, municipality=place)
    await logs.append_books(registered)
    await desk.settled()
    yield desk
    await logs.close()
