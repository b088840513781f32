"""How a command reaches a running installation: its services, or its databases."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from jos.client import Credentials
from jos.exits import Exit, Stop
from jos.installation import Installation
from shared.settings import PREFIX, Settings, load


def credentials(installation: Installation, client: str) -> Credentials:
    """What this client of the demo signs in with. Raises `Stop` (69 nothing runs, 77 no such client)."""
    running = installation.running()
    return Credentials(running.tokenEndpoint, client, installation.secret_of(client))


def settings_of(installation: Installation) -> Settings:
    """The settings of the installation when it runs, else those of the JOS_ environment variables.

    Raises `Stop` (69) when neither is there, `Misconfigured` for a wrong variable.
    """
    try:
        running = installation.running()
    except Stop:
        if not any(key.startswith(PREFIX) for key in os.environ):
            raise
        return load()
    return Settings(
        mode="demo",
        database_host=str(running.database["host"]),
        database_port=int(running.database["port"]),
        database_prefix=str(running.database["prefix"]),
        secrets_dir=installation.secrets,
        data_dir=Path(running.data),
    )


@contextmanager
def reaching_database() -> Iterator[None]:
    """Turns what the driver raises when the database is away into `Stop` (69), without a stack trace (L-14)."""
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as error:
        raise Stop(Exit.UNAVAILABLE, f"the database does not answer: {type(error).__name__}") from None
