"""One connection, many tenants in turn, cancelled and failing in between: none ever sees another's (G-21)."""

import asyncio
import os
import random
import sys
import time

import asyncpg
import pytest

from services.interventions.tenant import acting_as
from shared.log.errors import Unstorable
from shared.postgres.pool import open_pool
from shared.settings import Settings

TENANTS = [f"kvknr:9999{number:04}" for number in range(20)]
GIVEN = os.environ.get("SWITCHES")
SWITCHES = int(GIVEN or 100_000)
"""All of them when somebody says how many (`SWITCHES=100000`), else as many as fit in `SECONDS`."""
SECONDS = 1_800.0 if GIVEN else 15.0
AT_LEAST = 2_000

ROW = "insert into app.receipts (id, organisation, received_at, body) values (gen_random_uuid(), $1, now(), '{}')"
SEEN = """
select current_setting('jos.organisation', true) as tenant, count(*) as seen,
       count(*) filter (where organisation <> $1) as others
from app.receipts
"""


@pytest.fixture
async def one(settings: Settings) -> asyncpg.Pool:
    """A pool of one connection."""
    return await open_pool(settings, "interventions", max_size=1)


@pytest.mark.timeout(2_000)
async def test_g21_a_connection_never_carries_a_tenant_over(one: asyncpg.Pool) -> None:
    """G-21: at every switch the tenant before must be gone, however its transaction ended."""
    chance, switched, ends = random.Random(1), 0, [0, 0, 0]  # noqa: S311
    for tenant in TENANTS:
        async with acting_as(one, tenant) as connection:
            await connection.execute(ROW, tenant)
    began = time.monotonic()
    while switched < SWITCHES and (time.monotonic() - began < SECONDS or switched < AT_LEAST):
        tenant, end = chance.choice(TENANTS), chance.choices((0, 1, 2), (90, 7, 3))[0]
        ends[end] += 1
        if end == 2:
            await cancelled(one, tenant)
        else:
            await looked(one, tenant, fails=end == 1)
        if switched % 10 == 0:
            assert await one.fetchval("select count(*) from app.receipts") == 0, "nobody in particular sees a row"
        switched += 1
    assert all(ends), ends
    sys.stdout.write(f"{switched} switches\n")
    await one.close()


async def looked(pool: asyncpg.Pool, tenant: str, fails: bool) -> None:
    """Look as a tenant, and end well or by an error."""
    try:
        async with acting_as(pool, tenant) as connection:
            row = await connection.fetchrow(SEEN, tenant)
            assert (row["tenant"], row["others"], row["seen"]) == (tenant, 0, 1)
            if fails:
                await connection.execute("select 1 / 0")
    except Unstorable:
        assert fails


async def cancelled(pool: asyncpg.Pool, tenant: str) -> None:
    """Begin as a tenant, and be cancelled in the middle of a statement."""

    async def work() -> None:
        async with acting_as(pool, tenant) as connection:
            await connection.execute("select pg_sleep(60)")

    task = asyncio.create_task(work())
    await asyncio.wait([task], timeout=0.003)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
