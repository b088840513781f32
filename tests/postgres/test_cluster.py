"""Roles, databases and secrets: made once, the same every time, each with the least it needs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest

from shared.postgres.cluster import DATABASES, Cluster, check_version
from shared.postgres.embedded import EmbeddedServer
from shared.postgres.pool import open_pool
from shared.postgres.roles import GATEWAY, LOGINS, all_roles, login_roles, visitors
from shared.settings import SERVICES, Misconfigured, Settings

WRITES = ("insert", "update", "delete", "truncate")
REFUSED = asyncpg.InsufficientPrivilegeError

SettingsFor = Callable[[Cluster], Settings]

# Everything that preparing makes: roles, who may connect, what is granted in this database.
RIGHTS = """
select 'role', to_jsonb(r) - 'oid' from pg_roles r where rolname !~ '^pg_'
union all select 'database', jsonb_build_object('name', datname, 'acl', datacl::text) from pg_database
union all select 'schema', jsonb_build_object('name', nspname, 'acl', nspacl::text) from pg_namespace
union all select 'relation', jsonb_build_object('name', oid::regclass::text, 'acl', relacl::text) from pg_class
    where relnamespace in (select oid from pg_namespace where nspname in ('log', 'app'))
union all select 'default', to_jsonb(d) from pg_default_acl d
order by 1, 2
"""


@asynccontextmanager
async def connected(settings: Settings, role: str, name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as this role to this service's database."""
    connection = await asyncpg.connect(
        host=settings.database_host,
        port=settings.database_port,
        user=role,
        password=settings.secret(role).get_secret_value(),
        database=settings.database(name),
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _rights(cluster: Cluster, database: str) -> list[asyncpg.Record]:
    async with cluster.connected(database) as connection:
        rows: list[asyncpg.Record] = await connection.fetch(RIGHTS)
        return rows


async def test_preparing_twice_is_preparing_once(server: EmbeddedServer, settings_for: SettingsFor) -> None:
    cluster = await server.start()
    settings = settings_for(cluster)
    await cluster.prepare(settings)
    before = {name: await _rights(cluster, settings.database(name)) for name in DATABASES}
    secrets = {file.name: file.read_text() for file in settings.secrets_dir.iterdir()}
    await cluster.prepare(settings)
    assert {name: await _rights(cluster, settings.database(name)) for name in DATABASES} == before
    assert {file.name: file.read_text() for file in settings.secrets_dir.iterdir()} == secrets
    assert set(secrets) == {*login_roles(), "token.key", "feed.key", "vault.key"}


async def test_two_who_prepare_at_once_both_succeed(server: EmbeddedServer, settings_for: SettingsFor) -> None:
    cluster = await server.start()
    settings = settings_for(cluster)
    await asyncio.gather(cluster.prepare(settings), cluster.prepare(settings))
    async with connected(settings, "registry_app", "registry") as connection:
        assert await connection.fetchval("select current_user") == "registry_app"


async def test_a_lost_password_is_replaced_and_a_lost_vault_key_is_not(
    server: EmbeddedServer, settings_for: SettingsFor
) -> None:
    cluster = await server.start()
    settings = settings_for(cluster)
    await cluster.prepare(settings)
    lost = settings.secret("kpi_app").get_secret_value()
    (settings.secrets_dir / "kpi_app").unlink()
    await cluster.prepare(settings)
    async with connected(settings, "kpi_app", "kpi") as connection:
        assert await connection.fetchval("select current_user") == "kpi_app"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host=cluster.host, port=cluster.port, user="kpi_app", password=lost, database=settings.database("kpi")
        )
    (settings.secrets_dir / "vault.key").unlink()
    with pytest.raises(Misconfigured, match=r"vault\.key"):
        await cluster.prepare(settings)
    assert not (settings.secrets_dir / "vault.key").exists()


async def test_preparing_takes_back_what_a_role_got_on_the_side(
    server: EmbeddedServer, settings_for: SettingsFor
) -> None:
    cluster = await server.start()
    settings = settings_for(cluster)
    await cluster.prepare(settings)
    async with cluster.connected("postgres") as connection:
        await connection.execute("alter role kpi_app superuser bypassrls")
        await cluster.prepare(settings)
        rights = await connection.fetch("select rolsuper, rolbypassrls from pg_roles where rolname = 'kpi_app'")
    assert [tuple(row) for row in rights] == [(False, False)]


def test_a_server_that_is_too_old_is_refused() -> None:
    check_version(17)
    with pytest.raises(Misconfigured, match="16 is too old"):
        check_version(16)


async def test_no_role_can_do_more_than_it_was_granted(cluster: Cluster) -> None:
    async with cluster.connected("postgres") as connection:
        rows = await connection.fetch("select * from pg_roles where rolname = any($1)", all_roles())
    assert {row["rolname"] for row in rows} == set(all_roles())
    for row in rows:
        rights = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")
        assert not any(row[right] for right in rights), row["rolname"]
        assert row["rolcanlogin"] == (row["rolname"] in login_roles())


async def test_passwords_are_kept_as_verifiers(cluster: Cluster) -> None:
    async with cluster.connected("postgres") as connection:
        stored = await connection.fetch("select rolpassword from pg_authid where rolname = any($1)", login_roles())
    assert all(row["rolpassword"].startswith("SCRAM-SHA-256$4096:") for row in stored)


@pytest.mark.parametrize("name", DATABASES)
async def test_only_its_own_roles_get_into_a_database(databases: Settings, name: str) -> None:
    for role in login_roles():
        if role in visitors(name):
            async with connected(databases, role, name) as connection:
                assert await connection.fetchval("select current_user") == role
        else:
            with pytest.raises(REFUSED, match="permission denied for database"):
                async with connected(databases, role, name):
                    pass


@pytest.mark.parametrize("name", DATABASES)
async def test_a_service_makes_nothing_of_its_own_in_the_database(databases: Settings, name: str) -> None:
    for role in visitors(name):
        if role.endswith("_owner"):
            continue
        async with connected(databases, role, name) as connection:
            for place in ("public", "app") if name == "vault" else ("public", "app", "log"):
                with pytest.raises(REFUSED):
                    await connection.execute(f"create table {place}.mine (value int)")
            for statement in ("create temp table mine (value int)", "create schema mine"):
                with pytest.raises(REFUSED):
                    await connection.execute(statement)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "statement",
    [
        "update log.events set payload = null",
        "delete from log.events",
        "truncate log.events",
        "drop table log.events",
        "alter table log.events disable trigger all",
        "alter table log.events no force row level security",
        "set session_replication_role = replica",
        "set role {service}_owner",
        "set role {service}_append",
        "alter role {service}_app bypassrls",
    ],
)
async def test_g07_a_service_cannot_touch_what_was_accepted(databases: Settings, service: str, statement: str) -> None:
    """G-07: by grants; the triggers behind them are tried where the log is tested."""
    async with connected(databases, f"{service}_app", service) as connection:
        with pytest.raises(REFUSED):
            await connection.execute(statement.format(service=service))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_feed_reader_reads_the_feed_and_nothing_else(databases: Settings, service: str) -> None:
    async with connected(databases, f"{service}_feed", service) as connection:
        relations = await connection.fetch(
            """
            select n.nspname || '.' || c.relname as name, has_table_privilege(c.oid, 'select') as reads,
                   has_table_privilege(c.oid, 'insert, update, delete, truncate') as writes
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('log', 'app') and c.relkind in ('r', 'v', 'm', 'p')
            """
        )
        assert {row["name"] for row in relations if row["reads"]} == {
            "log.feed",
            "log.epoch",
            "log.epochs",
            "log.programme_shards",
        }
        assert not [row["name"] for row in relations if row["writes"]]
        assert await connection.fetchval("select count(*) from log.feed") == 0
        await connection.execute("listen log")


async def test_the_gateway_writes_nothing_and_reads_what_it_was_granted_by_name(databases: Settings) -> None:
    async with connected(databases, GATEWAY, "kpi") as connection:
        tables = await connection.fetch(
            "select c.oid, c.relname from pg_class c where relnamespace = 'app'::regnamespace and relkind = 'r'"
        )
        for table in tables:
            for right in WRITES:
                assert not await connection.fetchval("select has_table_privilege($1::oid, $2)", table["oid"], right)
        with pytest.raises(REFUSED):
            await connection.execute("select count(*) from log.events")
    async with connected(databases, "kpi_owner", "kpi") as owner:
        await owner.execute("create table app.of_later (value int)")
    async with connected(databases, GATEWAY, "kpi") as connection:
        for statement in ("select count(*) from app.of_later", "insert into app.of_later values (1)"):
            with pytest.raises(REFUSED):
                await connection.execute(statement)


@pytest.mark.parametrize("name", DATABASES)
async def test_a_table_of_a_later_migration_is_the_services_to_fill(databases: Settings, name: str) -> None:
    async with connected(databases, f"{name}_owner", name) as owner:
        await owner.execute("create table app.of_later (id bigint generated by default as identity, value text)")
        await owner.execute("create function app.twice(n int) returns int language sql return n * 2")
    async with connected(databases, f"{name}_app", name) as connection:
        await connection.execute("insert into app.of_later (value) values ('here')")
        assert await connection.fetchval("select app.twice(4)") == 8
        with pytest.raises(REFUSED):
            await connection.execute("truncate app.of_later")


async def test_a_copy_is_furnished_as_its_template_was(databases: Settings, cluster: Cluster) -> None:
    for name in DATABASES:
        database = databases.database(name)
        async with cluster.connected(database) as connection:
            assert await connection.fetchval("select datlocale from pg_database where datname = $1", database) == (
                "C.UTF-8"
            )
            schemas = await connection.fetch("select nspname from pg_namespace where nspname in ('log', 'app')")
        assert len(schemas) == (1 if name == "vault" else 2)


async def test_a_pool_opens_for_every_role_that_signs_in(databases: Settings) -> None:
    for name, roles in LOGINS.items():
        for role in roles:
            async with await open_pool(databases, name, role) as pool:
                assert await pool.fetchval("select current_user") == f"{name}_{role}"
    async with await open_pool(databases, "kpi", "gateway") as pool:
        assert await pool.fetchval("select current_user") == GATEWAY
