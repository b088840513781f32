"""The PostgreSQL of an installation: the one that is configured, else an embedded one, prepared and watched."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import typer

from jos.exits import Exit, Stop
from jos.installation import Installation
from jos.supervisor.preparing import prepare
from shared.postgres.cluster import Cluster
from shared.postgres.embedded import EmbeddedServer, ServerFailed
from shared.settings import Misconfigured, Settings, load

URL = "JOS_DATABASE_URL"
"""Names a PostgreSQL that somebody else runs: `postgresql://superuser:password@host:port`."""
PROGRAMS = "PG_BIN"
"""Names the folder of a PostgreSQL build, to be run in place of the one that comes along."""

LOOK_EVERY = 0.5
AGAIN_EVERY = 2.0
"""Seconds between two attempts to bring PostgreSQL back."""


@dataclass(frozen=True, slots=True)
class Database:
    """A prepared cluster: `settings` are those of every service; `server` is ours to keep running, if it is."""

    settings: Settings
    server: EmbeddedServer | None

    async def watch(self) -> None:
        """Keep our own server running, for ever, however long its disk is full (G-17)."""
        if self.server is None:
            await asyncio.Event().wait()
        while self.server is not None:
            await asyncio.sleep(LOOK_EVERY)
            if not self.server.alive:
                await self._again(self.server)

    async def _again(self, server: EmbeddedServer) -> None:
        """The services know the port: another one is of no use to them."""
        while True:
            await server.stop()
            try:
                if (await server.start()).port == self.settings.database_port:
                    return
            except (ServerFailed, OSError) as error:
                typer.echo(f"PostgreSQL does not come back yet: {_last(str(error))}", err=True)
            await asyncio.sleep(AGAIN_EVERY)


def given_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of the environment, apart from what `jos up` alone understands. Raises `Misconfigured`."""
    if environment.get(URL):
        _configured(environment[URL])
    return load({key: value for key, value in environment.items() if key not in (URL, PROGRAMS)})


@asynccontextmanager
async def open_database(
    installation: Installation, given: Settings, environment: Mapping[str, str]
) -> AsyncIterator[Database]:
    """The database, with every role, secret and schema; an embedded one is stopped at the end.

    Raises `Misconfigured` for a wrong setting and `Stop` (69) when the database cannot be reached.
    """
    server = None if environment.get(URL) else _embedded(installation, environment)
    try:
        yield Database(await _prepared(installation, given, server, environment), server)
    finally:
        if server:
            await server.stop()


async def _prepared(
    installation: Installation, given: Settings, server: EmbeddedServer | None, environment: Mapping[str, str]
) -> Settings:
    """Start the server if it is ours, and make everything that services find in it."""
    try:
        cluster = await server.start() if server else _configured(environment[URL])
        settings = _settings(installation, given, cluster)
        await prepare(installation, cluster, settings)
    except ServerFailed as failed:
        raise Stop(Exit.UNAVAILABLE, f"PostgreSQL does not start: {_last(str(failed))}") from None
    except (OSError, TimeoutError) as failed:
        raise Stop(Exit.UNAVAILABLE, f"PostgreSQL does not start: {failed}") from None
    return settings


def _embedded(installation: Installation, environment: Mapping[str, str]) -> EmbeddedServer:
    given = environment.get(PROGRAMS)
    known = installation.database_port()
    return EmbeddedServer(installation.postgres, port=known, programs=Path(given) if given else None)


def _configured(url: str) -> Cluster:
    """Raises `Misconfigured` for what is no such URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        raise Misconfigured(URL, "not a URL") from None
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname or not parts.username:
        raise Misconfigured(URL, "not of the form postgresql://user:password@host:port")
    return Cluster(parts.hostname, port, f"postgresql://{parts.netloc}")


def _settings(installation: Installation, given: Settings, cluster: Cluster) -> Settings:
    """The settings of the environment, in which this installation's own places stand."""
    return given.model_copy(
        update={
            "mode": "demo",
            "database_host": cluster.host,
            "database_port": cluster.port,
            "secrets_dir": installation.secrets,
            "data_dir": installation.data,
        }
    )


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"
