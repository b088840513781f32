"""The plan of an append: every look-up goes by its index, whatever the planner knows or believes."""

import asyncpg
import pytest

from shared.log.log import Log
from tests.log.conftest import Connect
from tests.log.given import event, unit

SCANS = "select relname, indexrelname, idx_scan from pg_stat_user_indexes where schemaname = 'log'"
SEQUENTIAL = "select seq_scan from pg_stat_user_tables where schemaname = 'log' and relname = 'events'"

STALE = """
update pg_class set reltuples = 0, relpages = 0 where oid = 'log.events'::regclass;
delete from pg_statistic where starelid = 'log.events'::regclass
"""


async def _scans(superuser: asyncpg.Connection) -> dict[str, int]:
    await superuser.execute("select pg_stat_force_next_flush()")
    found = {row["indexrelname"]: row["idx_scan"] for row in await superuser.fetch(SCANS)}
    return found | {"sequential": await superuser.fetchval(SEQUENTIAL)}


@pytest.mark.parametrize("statistics", ["none", "stale", "fresh"])
async def test_look_ups_go_by_key_and_by_stream(log: Log, superuser: asyncpg.Connection, statistics: str) -> None:
    if statistics != "none":
        for _ in range(3):
            await log.append_units([unit(event()) for _ in range(400)])
        await superuser.execute(STALE if statistics == "stale" else "analyze log.events")
    before = await _settled_scans(log, superuser)
    await log.append_units([unit(event()) for _ in range(100)])
    after = await _settled_scans(log, superuser)
    used = {name: after[name] - before[name] for name in after}
    assert used["events_key"] >= 100
    assert used["events_stream"] >= 100
    assert used["events_own"] == 0
    assert used["sequential"] == 0


async def _settled_scans(log: Log, superuser: asyncpg.Connection) -> dict[str, int]:
    """Counters, after the writer's session has reported its own."""
    kept = await log._lanes.lane(1).writer._kept.get()
    await kept.execute("select pg_stat_force_next_flush()")
    return await _scans(superuser)


async def test_own_goes_by_the_index_of_the_organisation(
    log: Log, superuser: asyncpg.Connection, connect: Connect
) -> None:
    await log.append_units([unit(event(organisation=f"kvknr:9999{n:04}")) for n in range(1000)])
    await superuser.execute("analyze log.events")
    app = await connect("app")
    async with app.transaction():
        await app.execute("select set_config('jos.organisation', 'kvknr:99990007', true)")
        plan = await app.fetch(
            "explain select * from log.events where organisation = 'kvknr:99990007' and shard = 1"
            " and position > 5 and position > 0 order by position limit 10"
        )
    assert any("events_own" in line[0] for line in plan)
