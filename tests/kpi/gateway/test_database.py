"""The gateway and its database: read-only, bounded, and quiet about what goes wrong there."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from shared.postgres.cluster import Cluster
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.kpi.gateway.conftest import Dashboard
from tests.kpi.gateway.test_figures import HALF, WHOLE

RUNNING = "select count(*) from pg_stat_activity where usename = 'kpi_gateway' and state = 'active' and datname = $1"


@asynccontextmanager
async def holding(settings: Settings, table: str) -> AsyncIterator[None]:
    """Nobody else can read the table meanwhile."""
    async with (
        await open_pool(settings, "kpi", "owner", max_size=1) as pool,
        pool.acquire() as connection,
        connection.transaction(),
    ):
        await connection.execute(f"lock table {table} in access exclusive mode")
        yield


async def test_the_role_of_the_gateway_can_read_and_nothing_else(gateway_settings: Settings) -> None:
    statements = (
        "insert into app.caught_up values ('kpi', now())",
        "update app.posting set amount = 1",
        "delete from app.cell",
        "truncate app.fact",
        "create table app.mine (a int)",
        "select * from log.events",
        "select * from app.incoming",
        "select * from app.parked",
    )
    async with await open_pool(gateway_settings, "kpi", "gateway", max_size=1) as pool:
        assert await pool.fetchval("select count(*) from app.definition") > 0
        for statement in statements:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(statement)


async def test_g25_a_database_that_does_not_answer_is_503_in_time(dashboard: Dashboard) -> None:
    """G-25, Q-31."""
    async with holding(dashboard.settings, "app.cell"):
        answer = await dashboard.ask(WHOLE, kpi="KPI-HR-04", filter=HALF)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert (await dashboard.ask(WHOLE, kpi="KPI-HR-04", filter=HALF)).status_code == 200


async def test_q31_what_goes_wrong_inside_is_masked(dashboard: Dashboard, caplog: pytest.LogCaptureFixture) -> None:
    """Q-31: no stack, no text of the error, and a number by which it is found."""
    async with await open_pool(dashboard.settings, "kpi", "owner", max_size=1) as pool:
        await pool.execute("alter table app.cell rename to gone")
    with caplog.at_level(logging.DEBUG):
        answer = await dashboard.ask(WHOLE, kpi="KPI-HR-04", filter=HALF)
    body = answer.json()
    assert (answer.status_code, body["data"]) == (200, {"kpi": {"figures": None}})
    told = body["errors"][0]["extensions"]
    assert told["code"] == "INTERNAL"
    assert len(told["requestId"]) == 32
    for text in (answer.text, caplog.text):
        assert "app.cell" not in text and "UndefinedTable" not in answer.text


async def test_q34_a_client_that_leaves_takes_its_statement_with_it(dashboard: Dashboard, cluster: Cluster) -> None:
    """Q-34."""
    async with holding(dashboard.settings, "app.cell"), cluster.connected("postgres") as watching:
        left = asyncio.Event()
        asking = asyncio.create_task(_ask_and_leave(dashboard, left))
        await _until(watching, dashboard, 1)
        left.set()
        async with asyncio.timeout(1):
            await asking
            await _until(watching, dashboard, 0)


async def test_readiness_says_whether_there_is_anything_to_answer(dashboard: Dashboard) -> None:
    answer = await dashboard.client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"definitions": "ok"})
    await dashboard.books.connection.execute("delete from app.definition")
    assert (await dashboard.client.get("/readyz")).status_code == 503


async def _until(watching: asyncpg.Connection, dashboard: Dashboard, count: int) -> None:
    while await watching.fetchval(RUNNING, dashboard.settings.database("kpi")) != count:
        pass


async def _ask_and_leave(dashboard: Dashboard, left: asyncio.Event) -> None:
    """A request over ASGI whose client goes away before the answer."""
    body = json.dumps({"query": WHOLE, "variables": {"kpi": "KPI-HR-04", "filter": HALF}}).encode()
    headers = {
        "host": "localhost",
        "content-type": "application/json",
        "authorization": f"Bearer {dashboard.steward()}",
    }
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, object]:
        if messages:
            return messages.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        raise AssertionError(f"nobody is there for {message}")

    await dashboard.client._transport.app(scope, receive, send)  # type: ignore[attr-defined]
