"""G-02: a service refuses a database that could lose what was acknowledged, and names the setting."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from shared.postgres.cluster import DATABASES, Cluster
from shared.postgres.embedded import EmbeddedServer
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Misconfigured, Settings


@pytest.fixture(scope="module")
async def spoilt(home: Path) -> AsyncIterator[tuple[EmbeddedServer, Settings]]:
    """A server with everything prepared, whose settings may be spoilt; each test mends what it spoilt."""
    server = EmbeddedServer(home / "spoilt")
    cluster = await server.start()
    settings = Settings(database_port=cluster.port, secrets_dir=home / "spoilt-secrets")
    await cluster.prepare(settings)
    yield server, settings
    await server.stop()


async def test_what_prepare_made_is_safe_for_every_service(databases: Settings) -> None:
    for name in DATABASES:
        async with await open_pool(databases, name) as pool:
            await check_safety(pool)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
async def test_g02_a_server_with_an_unsafe_setting_is_refused_by_name(
    spoilt: tuple[EmbeddedServer, Settings], setting: str
) -> None:
    """G-02: set by an operator with ALTER SYSTEM, which overrules our own file, and after a restart still."""
    server, settings = spoilt
    await _alter_system(server, f"set {setting} = off")
    async with await open_pool(settings, "registry") as pool:
        with pytest.raises(Misconfigured) as refused:
            await check_safety(pool)
    assert refused.value.key == setting
    await _alter_system(server, f"reset {setting}")
    async with await open_pool(settings, "registry") as pool:
        await check_safety(pool)


async def _alter_system(server: EmbeddedServer, change: str) -> None:
    async with (await server.start()).connected("postgres") as connection:
        await connection.execute(f"alter system {change}")
    await server.stop()
    await server.start()


@pytest.mark.parametrize("value", ["off", "local"])
@pytest.mark.parametrize("whose", ["database {database}", "role registry_app in database {database}"])
async def test_g02_a_setting_of_the_database_or_the_role_is_seen_as_well(
    databases: Settings, cluster: Cluster, whose: str, value: str
) -> None:
    """G-02: what counts is what the service's own session has."""
    database = databases.database("registry")
    async with cluster.connected("postgres") as connection:
        await connection.execute(f"alter {whose.format(database=database)} set synchronous_commit = {value}")
    async with await open_pool(databases, "registry") as pool:
        with pytest.raises(Misconfigured, match="synchronous_commit"):
            await check_safety(pool)


async def test_a_superuser_is_refused(databases: Settings, cluster: Cluster) -> None:
    async with asyncpg.create_pool(f"{cluster.superuser}/{databases.database('registry')}", min_size=1) as pool:
        with pytest.raises(Misconfigured, match="superuser"):
            await check_safety(pool)


@pytest.mark.parametrize("name", DATABASES)
async def test_the_owner_is_refused(databases: Settings, name: str) -> None:
    async with await open_pool(databases, name, "owner") as pool:
        with pytest.raises(Misconfigured, match="owner"):
            await check_safety(pool)


@pytest.mark.parametrize(
    ("right", "back", "said"),
    [
        ("alter role registry_app bypassrls", "alter role registry_app nobypassrls", "BYPASSRLS"),
        ("alter role registry_app createrole", "alter role registry_app nocreaterole", "CREATEROLE"),
        ("alter role registry_app replication", "alter role registry_app noreplication", "REPLICATION"),
        ("grant registry_owner to registry_app", "revoke registry_owner from registry_app", "owner"),
        ("grant registry_append to registry_app", "revoke registry_append from registry_app", "owner"),
    ],
)
async def test_a_role_with_more_than_it_needs_is_refused(
    spoilt: tuple[EmbeddedServer, Settings], right: str, back: str, said: str
) -> None:
    server, settings = spoilt
    async with (
        (await server.start()).connected("postgres") as connection,
        await open_pool(settings, "registry") as pool,
    ):
        await connection.execute(right)
        with pytest.raises(Misconfigured, match=said):
            await check_safety(pool)
        await connection.execute(back)
        await check_safety(pool)


@pytest.mark.parametrize("change", ["no force", "disable"])
async def test_a_log_without_its_row_policies_is_refused(databases: Settings, cluster: Cluster, change: str) -> None:
    async with cluster.connected(databases.database("registry")) as connection:
        await connection.execute(f"alter table log.events {change} row level security")
    async with await open_pool(databases, "registry") as pool:
        with pytest.raises(Misconfigured, match="row level security"):
            await check_safety(pool)
