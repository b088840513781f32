"""Everything on Kafka, in real processes, and a real broker that is killed, emptied and cut under load.

Whatever the brokers go through, a POST is answered, nothing is lost, and the ledger is what a naive fold of the log is:
the same as with PostgreSQL as the feed (G-01, G-08, G-09, G-10).
"""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jos.broker.broker import Broker
from jos.supervisor.ports import reserved
from tests.faults import brokers
from tests.faults.brokers import Hurt, cut_retention, delete_topic, disordered, metric, second_relay
from tests.faults.campaign import Campaign
from tests.faults.checkers import by_kind
from tests.faults.processes import frozen
from tests.faults.stack import Stack, stack
from tests.feeds.kafka.given import until
from tests.fixtures.kafka import need_kafka

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LEASE = 10.0
"""Seconds after which another relay takes over from one that says nothing."""


@pytest.fixture(scope="module")
async def broker(home: Path) -> AsyncIterator[Hurt]:
    """The broker of this module, to be killed."""
    need_kafka()
    async with brokers.one_broker(home / "hurt") as one:
        yield one


@pytest.fixture(scope="module")
async def running(home: Path, broker: Hurt) -> AsyncIterator[Stack]:
    """Everything, in real processes, on Kafka."""
    more = {"kafka_session_timeout_ms": brokers.SESSION_MS, "metrics_port": brokers.METRICS}
    async with stack(home / "on-kafka", random.Random(1), brokers=broker, more=more) as one:  # noqa: S311
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


async def _ends_well(campaign: Campaign) -> None:
    """The ledger is right, the topic whole, and no push was refused for the brokers' sake."""
    assert by_kind(await campaign.end()) == {}
    settings, head = campaign.stack.settings, await campaign._head(brokers.LOG)

    async def whole() -> bool:
        return await disordered(settings, head) == []

    await until(whole, 30)
    assert campaign.load.statuses[503] == campaign.load.statuses[0] == 0, campaign.load.statuses


async def test_g01_g09_g10_a_broker_killed_and_back(campaign: Campaign, broker: Hurt) -> None:
    """It comes back with what it had."""
    for _ in range(2):
        assert broker.kill()
        assert await campaign.load.progress(100)
        await broker.back()
    await _ends_well(campaign)


async def test_g09_a_broker_killed_and_back_empty(campaign: Campaign, broker: Hurt) -> None:
    """All topics are made again, and filled again from PostgreSQL."""
    assert broker.kill_and_empty()
    assert await campaign.load.progress(100)
    await broker.back()
    await _ends_well(campaign)


async def test_g09_a_topic_that_somebody_deleted(campaign: Campaign) -> None:
    """Under load; the relay makes it again, and readers lose nothing."""
    await delete_topic(campaign.stack.settings)
    assert await campaign.load.progress(100)
    await _ends_well(campaign)


async def test_g09_g10_what_a_reader_has_not_read_yet_is_cut_off(campaign: Campaign) -> None:
    """kpi stands still for longer than its session, and meanwhile the topic is cut behind it and below the bookmark."""
    pid = campaign.stack.pid("kpi")
    assert pid is not None
    with frozen(pid) as stopped:
        assert stopped
        assert await campaign.load.progress(200)
        await asyncio.sleep(3 * brokers.SESSION_MS / 1000)
        await cut_retention(campaign.stack.settings)
    assert await campaign.load.progress(50)
    assert by_kind(await campaign.end()) == {}


async def test_g10_a_consumer_killed_at_any_step_between_rows_and_commit(campaign: Campaign) -> None:
    """kpi is killed while it books, at whatever step, and its database's side of it as well."""
    for _ in range(3):
        await campaign.fire("kill kpi")
        await campaign.fire("kill backend of kpi_app")
    assert campaign.kills["kpi"]
    assert by_kind(await campaign.end()) == {}


async def test_g09_a_relay_that_slept_wakes_as_a_zombie(campaign: Campaign) -> None:
    """It is stopped for longer than its lease: another takes over; what it sends when it wakes does no harm."""
    first = campaign.stack.pid("interventions")
    assert first is not None
    with reserved(campaign.stack.settings.host, 19700, ("second",)) as ports:
        async with second_relay(campaign.stack, ports["second"]):
            taken = "select max(token) from kafka.bookmarks"
            [(before,)] = await campaign.stack.victim.fetch(brokers.LOG, taken)
            with frozen(first) as stopped:
                assert stopped

                async def another_holds() -> bool:
                    [(token,)] = await campaign.stack.victim.fetch(brokers.LOG, taken)
                    return bool(token > before)

                await until(another_holds, 4 * LEASE)
            assert await campaign.load.progress(100)
    assert by_kind(await campaign.end()) == {}


async def test_g01_without_brokers_a_push_is_accepted_and_the_lag_is_seen(campaign: Campaign, broker: Hurt) -> None:
    """Nobody waits for the brokers but the readers, who catch up."""
    with broker.away():
        accepted = campaign.load.acknowledged

        async def seen() -> bool:
            return await metric(campaign.stack, brokers.LOG, "jos_relay_lag_events") > 0

        await until(seen, 60)
        assert await campaign.load.progress(200)
        assert campaign.load.acknowledged - accepted >= 200
    await broker.back()
    await _ends_well(campaign)
    assert await metric(campaign.stack, brokers.LOG, "jos_relay_continuity") == 1


async def test_g09_one_of_three_brokers_is_killed_under_load(home: Path, tmp_path: Path, chance: random.Random) -> None:
    """Replication 3, two must have a record: with one gone everything goes on, and comes back to it."""
    need_kafka()
    more = {"kafka_session_timeout_ms": brokers.SESSION_MS, "kafka_replication": 3}
    async with (
        brokers.nodes(home / "three", 3) as made,
        stack(home / "on-three", chance, brokers=brokers.three(made), more=more) as running,
    ):
        one = Campaign(running, tmp_path / "history.jsonl", chance, mark=chance.randbytes(4).hex())
        try:
            await one.start()
            await _lose(chance.choice(made), one)
            await _ends_well(one)
        finally:
            await one.give_up()


async def _lose(node: Broker, campaign: Campaign) -> None:
    """One node is killed, and started again while events are pushed."""
    assert node.pid is not None
    assert brokers.kill(node.pid)
    assert node.pid is None
    reached = await campaign._head(brokers.LOG) + 100
    assert await campaign.load.progress(200)

    async def published() -> bool:
        rows = await campaign.stack.victim.fetch(brokers.LOG, "select position from kafka.bookmarks")
        return bool(rows and rows[0]["position"] >= reached)

    await until(published, 60)
    await node.start()
    await node.ready()
    assert await campaign.load.progress(100)
