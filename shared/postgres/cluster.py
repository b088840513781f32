"""A PostgreSQL cluster made ready: roles, secrets, databases and their schemas. Doing it again changes nothing.

A role per service and purpose, each with the least it needs; nobody but the owner of a database and the roles named
here can connect to it.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from shared.settings import SERVICES, Settings

ROOT = Path(__file__).parents[2]
VAULT = "vault"

LOGINS = dict.fromkeys(SERVICES, ("owner", "app", "feed")) | {VAULT: ("owner", "app")}
GATEWAY = "kpi_gateway"
KEYS = ("token.key", "vault.key")


def migrations(name: str) -> dict[str, Path]:
    """The folders with revisions of a database, by schema."""
    if name == VAULT:
        return {"app": ROOT / "services/interventions/vault/migrations"}
    return {"log": ROOT / "shared/log/migrations", "app": ROOT / "services" / name / "migrations"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that somebody runs, and how its superuser gets in."""

    host: str
    port: int
    superuser: str
    """The superuser's, `postgresql://user:password@host:port`, without a database."""

    async def prepare(self, settings: Settings) -> None:
        """Make every role, secret, database and schema that is not there yet, then run the migrations."""
        write_secrets(settings)
        await self.make_roles(settings)
        for name in (*SERVICES, VAULT):
            await self.make_database(settings, name)
            await self.migrate(settings, name)

    async def make_roles(self, settings: Settings) -> None:
        """The roles of all services, with the passwords in the secrets directory."""
        connection = await self._connect("postgres")
        try:
            for role in all_roles():
                await _make_role(connection, role)
            for role in login_roles():
                password = settings.secret(role).get_secret_value()
                await connection.execute(f"alter role {role} login password '{password}'")
            for service in SERVICES:
                # The owner may hand a function to the append role; it never acts as that role.
                await connection.execute(f"grant {service}_append to {service}_owner with inherit false, set true")
        finally:
            await connection.close()

    async def make_database(self, settings: Settings, name: str, template: str = "template1") -> None:
        """The database, who may enter, its schemas; `template` is what a new one is copied from."""
        connection = await self._connect("postgres")
        database = settings.database(name)
        try:
            if not await connection.fetchval("select true from pg_database where datname = $1", database):
                await connection.execute(
                    f"create database {database} owner {name}_owner template {template} strategy file_copy"
                )
            await connection.execute(f"revoke connect, temporary on database {database} from public")
            await connection.execute(f"grant connect on database {database} to {', '.join(_visitors(name))}")
        finally:
            await connection.close()
        if template == "template1":
            await self._make_schemas(database, name)

    async def migrate(self, settings: Settings, name: str) -> None:
        """Bring the database's schemas to the newest revision."""
        from shared.postgres.migrate import migrate  # noqa: PLC0415 - 40 MB, for whoever prepares alone

        password = settings.secret(f"{name}_owner").get_secret_value()
        dsn = f"postgresql://{name}_owner:{password}@{self.host}:{self.port}/{settings.database(name)}"
        for schema, folder in migrations(name).items():
            await migrate(dsn, folder, schema, words(name))

    async def _make_schemas(self, database: str, name: str) -> None:
        connection = await self._connect(database)
        try:
            await connection.execute(_schemas(name))
        finally:
            await connection.close()

    async def _connect(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(f"{self.superuser}/{database}", timeout=10, command_timeout=60)


def words(name: str) -> dict[str, str]:
    """What stands for `{{service}}`, `{{owner}}` and so on in the SQL of this database."""
    roles = ("owner", "app") if name == VAULT else ("owner", "append", "app", "feed")
    return {"service": name} | {role: f"{name}_{role}" for role in roles}


def login_roles() -> list[str]:
    """The roles that connect; each has a secret of its name."""
    return [f"{name}_{role}" for name, roles in LOGINS.items() for role in roles] + [GATEWAY]


def all_roles() -> list[str]:
    """Every role, those that nobody connects as included."""
    return login_roles() + [f"{service}_append" for service in SERVICES]


def write_secrets(settings: Settings) -> None:
    """Make the secrets that are not there yet, readable by their owner alone."""
    settings.secrets_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (*login_roles(), *KEYS):
        path = settings.secrets_dir / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(36) + "\n", encoding="utf-8")


def _visitors(name: str) -> list[str]:
    own = [f"{name}_{role}" for role in LOGINS[name]]
    return [*own, GATEWAY] if name == "kpi" else own


async def _make_role(connection: asyncpg.Connection, role: str) -> None:
    """A plain role: no superuser, no bypass, no right to make anything."""
    if not await connection.fetchval("select true from pg_roles where rolname = $1", role):
        await connection.execute(f"create role {role} nosuperuser nocreatedb nocreaterole nobypassrls")


def _schemas(name: str) -> str:
    """The schemas of a database, and what its roles get by default on what its owner makes there later."""
    owner, app = f"{name}_owner", f"{name}_app"
    later = f"alter default privileges for role {owner}"
    statements = [
        "create extension if not exists btree_gist schema public",
        "revoke create on schema public from public",
        f"create schema if not exists app authorization {owner}",
        f"grant usage on schema app to {app}",
        f"{later} revoke execute on functions from public",
        f"{later} in schema app grant select, insert, update, delete on tables to {app}",
        f"{later} in schema app grant usage on sequences to {app}",
        f"{later} in schema app grant execute on functions to {app}",
    ]
    if name != VAULT:
        others = ", ".join((app, f"{name}_feed", f"{name}_append"))
        statements += [
            f"create schema if not exists log authorization {owner}",
            f"grant usage on schema log to {others}",
        ]
    if name == "kpi":
        statements += [
            f"grant usage on schema app to {GATEWAY}",
            f"{later} in schema app grant select on tables to {GATEWAY}",
            f"{later} in schema app grant execute on functions to {GATEWAY}",
        ]
    return ";\n".join(statements)
