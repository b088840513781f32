"""Everything at once, in real processes: every kind of fault, and what the services do while something stands still.

The quick tier: every kind once; `make faults` does it for half an hour.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from shared.web.deadline import SECONDS_PER_ITEM
from tests.faults.campaign import FAULTS, Campaign
from tests.faults.checkers import by_kind, slow_to_answer
from tests.faults.history import Attempt, attempts, faults
from tests.faults.processes import backends, frozen
from tests.faults.stack import Stack, stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SLOWEST = "kill nursery"
"""Everything is loaded anew after it: left to the full tier."""
AT_ONCE = 3.0
"""Seconds within which a push is stored or refused, whatever stands still behind the service."""
SLACK = 0.5
"""Seconds that a busy machine may add."""


@pytest.fixture(scope="module")
async def running(home: Path) -> AsyncIterator[Stack]:
    """Everything, in real processes, on a PostgreSQL of its own."""
    async with stack(home / "stack", random.Random(1)) as one:  # noqa: S311
        yield one


@pytest.fixture
async def campaign(running: Stack, tmp_path: Path, chance: random.Random) -> AsyncIterator[Campaign]:
    """EHRs push and a dashboard asks; nothing is broken yet."""
    one = Campaign(running, tmp_path / "history.jsonl", chance, mark=chance.randbytes(4).hex())
    try:
        await one.start()
        yield one
    finally:
        await one.give_up()


async def test_g01_to_g16_whatever_is_killed_frozen_or_cut_nothing_is_lost_or_counted_twice(
    campaign: Campaign, chance: random.Random
) -> None:
    """G-01, G-03, G-04, G-05, G-06, G-07, G-10, G-13, G-14, G-16."""
    campaign.bad_network(0.25)
    kinds = [kind for kind in FAULTS if kind != SLOWEST]
    chance.shuffle(kinds)
    for kind in kinds:
        await campaign.fire(kind)
    assert by_kind(await campaign.end()) == {}
    assert campaign.kills.total() >= 7, f"only {campaign.kills}: the run proves nothing"
    assert campaign.other.total() >= 7, f"only {campaign.other}: the run proves nothing"
    assert campaign.replies_cut >= 50, f"only {campaign.replies_cut} replies were cut: the run proves nothing"
    assert campaign.load.verdicts["conflict"], "nobody sent another content under a known key"
    assert len(campaign.answers) >= 5, "hardly a question was answered"


async def test_g15_a_long_open_snapshot_holds_up_nobody(campaign: Campaign) -> None:
    """A backup or an export reads for a long time: appends stay as they are."""
    async with (
        campaign.stack.victim.connected("interventions") as reader,
        reader.transaction(isolation="repeatable_read"),
    ):
        await reader.fetchval("select count(*) from log.events")
        assert await campaign.load.progress(200)
    assert by_kind(await campaign.end()) == {}
    told = list(attempts(campaign.path))
    assert all(one.status != 503 for one in told)
    assert slow_to_answer(told, AT_ONCE + SLACK, SECONDS_PER_ITEM) == []


async def test_g16_a_foreign_transaction_that_holds_the_lock_is_answered_with_503(campaign: Campaign) -> None:
    """Somebody holds the log's lock for seven seconds: every push is refused in time, and goes through afterwards."""
    async with campaign.stack.victim.connected("interventions") as foreigner, foreigner.transaction():
        await foreigner.execute("select pg_advisory_xact_lock(7105, 1)")
        await asyncio.sleep(7)
    await _refused_in_time(campaign)


@pytest.mark.parametrize("role", ["interventions_app", "vault_app"])
async def test_g16_frozen_backends_are_answered_with_503(campaign: Campaign, role: str) -> None:
    """Every server process of a role stands still for seven seconds."""
    with frozen(*backends(campaign.stack.victim.pid, role)) as stopped:
        assert stopped
        await asyncio.sleep(7)
    await _refused_in_time(campaign, refused=role != "vault_app")


async def test_g16_a_silent_database_is_answered_with_503(campaign: Campaign) -> None:
    """G-16, G-25: the way to the database takes bytes and gives none for seven seconds."""
    campaign.stack.database_proxy.go_silent()
    await asyncio.sleep(7)
    campaign.stack.database_proxy.speak()
    await _refused_in_time(campaign)


async def test_g16_exhausted_connections_come_back(campaign: Campaign) -> None:
    """Somebody takes every connection that the server has, then all of ours are cut; nobody has to do anything."""
    victim = campaign.stack.victim
    async with AsyncExitStack() as taken:
        campaign.stack.database_proxy.cut_all()
        held = 0
        while held < 200:
            try:
                await taken.enter_async_context(victim.connected("postgres"))
                held += 1
            except (asyncpg.TooManyConnectionsError, asyncpg.CannotConnectNowError, OSError, TimeoutError):
                break
        assert held > 10, "the connections were not exhausted: the run proves nothing"
        await asyncio.sleep(3)
    assert await campaign.load.progress(20)
    assert by_kind(await campaign.end()) == {}


async def _refused_in_time(campaign: Campaign, *, refused: bool = True) -> None:
    """Pushes go through again; until then each was answered in time, some with 503."""
    assert await campaign.load.progress(20)
    assert by_kind(await campaign.end()) == {}
    told: list[Attempt] = list(attempts(campaign.path))
    assert slow_to_answer(told, AT_ONCE + SLACK, SECONDS_PER_ITEM) == []
    if refused:
        assert any(one.status == 503 for one in told), "nothing was refused: the run proves nothing"
    assert not list(faults(campaign.path))[:-1]
