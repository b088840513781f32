"""Connections of a service to its own databases, with time-outs everywhere: a database that is silent is an error."""

import asyncpg

from shared.settings import Settings

LOCK_TIMEOUT_MS = 2_000
IDLE_IN_TRANSACTION_MS = 5_000
CONNECT_TIMEOUT_S = 5.0


async def open_pool(
    settings: Settings,
    service: str,
    role: str = "app",
    *,
    database: str | None = None,
    min_size: int = 1,
    max_size: int | None = None,
    statement_timeout_ms: int | None = None,
    sessions_change: bool = True,
) -> asyncpg.Pool:
    """A pool as `<service>_<role>` on the service's database (or another one, `database`).

    The client waits a little longer than the server's own statement time-out, so that a silent network is noticed too.
    `sessions_change` False is for code that sets nothing beyond a transaction: then a connection is given back without
    the round trip that cleans it (an open transaction is rolled back all the same).
    Raises `Misconfigured` when the role's secret is missing, and what asyncpg raises when nobody answers.
    """
    limit = statement_timeout_ms or settings.statement_timeout_ms
    size = max_size or settings.pool_size
    return await asyncpg.create_pool(
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database(database or service),
        user=f"{service}_{role}",
        password=settings.secret(f"{service}_{role}").get_secret_value(),
        min_size=min(min_size, size),
        max_size=size,
        timeout=CONNECT_TIMEOUT_S,
        command_timeout=limit / 1000 + 1,
        reset=None if sessions_change else _nothing_to_clean,
        server_settings={
            "application_name": f"jos-{service}",
            "search_path": "app, log, public",
            "statement_timeout": str(limit),
            "lock_timeout": str(LOCK_TIMEOUT_MS),
            "idle_in_transaction_session_timeout": str(IDLE_IN_TRANSACTION_MS),
            "timezone": "UTC",
        },
    )


async def _nothing_to_clean(_connection: asyncpg.Connection) -> None:
    """What `reset` of a pool does when sessions do not change."""
