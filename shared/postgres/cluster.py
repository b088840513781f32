"""A PostgreSQL cluster made ready: roles, secrets, databases and their schemas. Doing it again changes nothing.

Nobody but the roles of a service (`roles`) can connect to its database.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from shared.postgres import schemas
from shared.postgres.revisions import is_current
from shared.postgres.roles import VAULT, login_roles, make_roles, words
from shared.postgres.secret_files import keep_secret
from shared.settings import SERVICES, Misconfigured, Settings

ROOT = Path(__file__).parents[2]
DATABASES = (*SERVICES, VAULT)

OLDEST_VERSION = 17
"""The first with the built-in locale, by which every machine sorts alike."""

PREPARING = 7105
"""The advisory lock, cluster-wide, of whoever prepares: two at once wait for each other."""


def migrations(name: str) -> dict[str, Path]:
    """The folders with revisions of a database, by schema, in the order in which they run."""
    if name == VAULT:
        return {"app": ROOT / "services/interventions/vault/migrations"}
    kafka, app = ROOT / "shared/feeds/kafka/migrations", ROOT / "services" / name / "migrations"
    return {"log": ROOT / "shared/log/migrations", "kafka": kafka, "app": app}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that somebody runs, and how its superuser gets in."""

    host: str
    port: int
    superuser: str = field(repr=False)
    """The superuser's, `postgresql://user:password@host:port`, without a database."""

    async def prepare(self, settings: Settings) -> None:
        """Make every role, secret, database and schema that is not there yet, then run the migrations.

        Raises `Misconfigured` when the server is too old, or the vault's key is missing while there is a vault.
        """
        async with self._preparing() as connection:
            check_version(connection.get_server_version().major)
            await self._keep_keys(connection, settings)
            passwords = {role: keep_secret(settings.secrets_dir / role) for role in login_roles()}
            await make_roles(connection, passwords)
            for name in DATABASES:
                await self.make_database(settings, name)
                await self.migrate(settings, name)

    async def make_database(self, settings: Settings, name: str, template: str | None = None) -> None:
        """The database, who may enter, its schemas; with `template`, a copy of that one as it stands."""
        database = settings.database(name)
        async with self.connected("postgres") as connection:
            if not await _exists(connection, database):
                await connection.execute(schemas.create(database, template))
            await connection.execute(schemas.admit(database, name))
        if template is None:
            async with self.connected(database) as connection:
                await connection.execute(schemas.furnish(name))

    async def migrate(self, settings: Settings, name: str) -> None:
        """Bring the database's schemas to the newest revision, as its owner."""
        async with self.connected(settings.database(name)) as connection:
            due = [item for item in migrations(name).items() if not await is_current(connection, *item)]
        if due:
            from shared.postgres.migrate import migrate  # noqa: PLC0415 - 40 MB, only when there is something to do

            password = settings.secret(f"{name}_owner").get_secret_value()
            dsn = f"postgresql://{name}_owner:{password}@{self.host}:{self.port}/{settings.database(name)}"
            for schema, folder in due:
                await migrate(dsn, folder, schema, words(name))

    @asynccontextmanager
    async def connected(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection as the superuser, closed afterwards."""
        connection = await asyncpg.connect(f"{self.superuser}/{database}", timeout=10, command_timeout=60)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def _preparing(self) -> AsyncIterator[asyncpg.Connection]:
        async with self.connected("postgres") as connection:
            await connection.execute(f"select pg_advisory_lock({PREPARING})")
            yield connection  # closing the connection gives the lock back

    async def _keep_keys(self, connection: asyncpg.Connection, settings: Settings) -> None:
        """A lost token or feed key costs one sign-in, or a log sent again; a lost vault key cannot be replaced: what it
        sealed would stay sealed."""
        for name in ("token.key", "feed.key"):
            keep_secret(settings.secrets_dir / name)
        key = settings.secrets_dir / "vault.key"
        if not key.exists() and await _exists(connection, settings.database(VAULT)):
            raise Misconfigured("JOS_SECRETS_DIR/vault.key", "missing, while there is a vault that was made with it")
        keep_secret(key)


def check_version(version: int) -> None:
    """Raise `Misconfigured` when the server is too old."""
    if version < OLDEST_VERSION:
        raise Misconfigured("JOS_DATABASE_URL", f"PostgreSQL {version} is too old: {OLDEST_VERSION} or later is needed")


async def _exists(connection: asyncpg.Connection, database: str) -> bool:
    return bool(await connection.fetchval("select true from pg_database where datname = $1", database))
