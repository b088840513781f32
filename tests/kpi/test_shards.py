"""A log of several shards: every figure, cut and rebuild is what it would be with one."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest

from services.kpi.rebuild import rebuild
from shared.log.events import Columns
from shared.log.shards import assign_shard
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.kpi.books import PROVIDER
from tests.kpi.office import Office
from tests.kpi.test_cuts import DAYS, next_day, recipients
from tests.kpi.test_rebuild import contents

ELSEWHERE = "2C-PRODUCT"


@pytest.fixture
async def apart(office: Office, databases: Settings) -> AsyncIterator[Office]:
    """A running kpi after HR-JOS was given a shard of its own in the log of interventions."""
    async with await open_pool(databases, "interventions", "owner", max_size=1) as pool, pool.acquire() as owner:
        await assign_shard(owner, "HR-JOS", 2)
    yield office


async def record(office: Office, case: int, programme: str = "HR-JOS") -> None:
    """A trajectory of the first half year."""
    place = {"programme": programme, "school": "99HA00", "provider": PROVIDER, "kind": "TRAJECTORY"}
    started = Columns(day=date(2022, 2, 1), case=f"t{case}", subject=UUID(int=case), **place)
    data = {"duration": "STRUCTURAL", "form": "GROUP"}
    await office.logs.append("interventions", "support-trajectory-started.v1", data, started)


async def test_the_ledger_follows_every_shard(apart: Office) -> None:
    for case in range(6):
        await record(apart, case, "HR-JOS" if case % 2 else ELSEWHERE)
    await apart.settled()
    heads = await apart.logs.heads()
    assert (heads["interventions", 1], heads["interventions", 2]) == (3, 3)
    vector = apart.running.consumer.vector()
    assert {place: vector[place] for place in heads} == heads
    assert await recipients(apart, None) == 3


async def test_as_known_on_and_a_rebuild_are_right_over_shards(apart: Office, databases: Settings) -> None:
    """G-11: cuts are vectors; a rebuild from what was kept and from the logs give the same rows."""
    for number in range(3):
        await record(apart, 10 + number)
        await record(apart, 20 + number, ELSEWHERE)
        await apart.settled()
        await next_day(apart)
    await record(apart, 99)
    await apart.settled()
    assert [await recipients(apart, day) for day in DAYS] == [1, 2, 3]
    before = await contents(apart)
    for from_log in (False, True):
        done = await rebuild(databases, from_log=from_log)
        assert (done.differing, done.refilled, done.reset) == (0, 0, False)
        assert await contents(apart) == before
        assert [await recipients(apart, day) for day in DAYS] == [1, 2, 3]
    assert await recipients(apart, None) == 4
