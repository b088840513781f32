"""Connections that end: no statement, lock or silence lasts for ever."""

import os
import signal

import asyncpg
import pytest

from shared.postgres.cluster import Cluster
from shared.postgres.pool import open_pool
from shared.settings import Misconfigured, Settings


@pytest.fixture
def needed() -> tuple[str, ...]:
    return ("registry",)


async def test_a_session_has_its_timeouts_and_its_place(databases: Settings) -> None:
    wanted = {
        "statement_timeout": f"{databases.statement_timeout_ms // 1000}s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "5s",
        "search_path": "app, log, public",
        "TimeZone": "UTC",
    }
    async with await open_pool(databases, "registry") as pool:
        for name, value in wanted.items():
            assert await pool.fetchval("select current_setting($1)", name) == value
        assert await pool.fetchval("select application_name from pg_stat_activity where pid = pg_backend_pid()")


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(databases: Settings) -> None:
    async with await open_pool(databases, "registry", statement_timeout_ms=100) as pool:
        with pytest.raises(asyncpg.QueryCanceledError):
            await pool.execute("select pg_sleep(30)")
        assert await pool.fetchval("select 1") == 1


async def test_a_server_that_says_nothing_is_given_up(databases: Settings) -> None:
    """The server's own time-out is of no use when the server itself stands still."""
    async with await open_pool(databases, "registry", statement_timeout_ms=100, max_size=1) as pool:
        async with pool.acquire() as connection:
            backend = connection.get_server_pid()
            os.kill(backend, signal.SIGSTOP)
            try:
                with pytest.raises(TimeoutError):
                    await connection.fetchval("select 1")
            finally:
                os.kill(backend, signal.SIGCONT)
        assert await pool.fetchval("select 1") == 1


async def test_a_lock_that_does_not_come_is_given_up(databases: Settings) -> None:
    async with await open_pool(databases, "registry", "owner", max_size=2) as pool:
        await pool.execute("create table app.wanted (value int)")
        async with pool.acquire() as holder, holder.transaction():
            await holder.execute("lock table app.wanted")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await pool.execute("insert into app.wanted values (1)")


async def test_a_missing_secret_is_named(databases: Settings) -> None:
    with pytest.raises(Misconfigured, match="registry_nobody"):
        await open_pool(databases, "registry", "nobody")


async def test_a_pool_is_no_larger_than_the_settings_say(databases: Settings, cluster: Cluster) -> None:
    async with await open_pool(databases, "registry") as pool:
        assert pool.get_max_size() == databases.pool_size
    async with await open_pool(databases, "registry", max_size=2, min_size=4) as pool:
        assert (pool.get_min_size(), pool.get_max_size()) == (2, 2)
