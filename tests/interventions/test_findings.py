"""Findings are filled from the log, once, however often its events are delivered."""

import json

import asyncpg

from services.interventions import findings
from services.interventions.findings import note_findings
from services.interventions.held import FIRST
from services.interventions.running import Running
from services.interventions.vault.sweeping import note_use
from shared.log.canonical import canonical
from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import AJ, JOB, Neighbours, event, worker


async def test_every_event_delivered_twice_changes_nothing(
    aj: Provider, running: Running, stored: Stored, neighbours: Neighbours
) -> None:
    await neighbours.tell(worker(JOB))
    await running.follower.reached({("registry", 1): 9}, 5)
    await aj.created(event("crisis", "e-1", staff=[JOB]), event("individual", "e-2"))
    events = await stored()
    await running.finder.reached({("interventions", 1): 2}, 5)
    before = await findings.own(running.pool, AJ, FIRST, 100)
    async with running.pool.acquire() as connection, connection.transaction():
        await note_findings(connection, "interventions", events)
        await note_findings(connection, "interventions", events)
    assert await findings.own(running.pool, AJ, FIRST, 100) == before
    assert [one.code for one in before] and {one.event_id for one in before} == {events[0].id}


async def test_the_vault_notes_a_use_once(aj: Provider, stored: Stored, vault: asyncpg.Pool) -> None:
    await aj.created(event("individual", "e-1"))
    async with vault.acquire() as connection, connection.transaction():
        for _ in range(2):
            await note_use(connection, "interventions", await stored())
        assert await connection.fetchval("select count(*) from app.mappings where used") == 1


async def test_a_judgement_says_by_what_it_was_judged(aj: Provider, stored: Stored, neighbours: Neighbours) -> None:
    await aj.created(event("crisis", "e-1"))
    [one] = await stored()
    registry = len([told for told in neighbours.told if told[0] == "registry"])
    assert json.loads(one.judgement) == {
        "facts": {"contracts/1": 1, "registry/1": registry},
        "findings": [{"code": "kind-not-mentioned", "pointer": "/type", "severity": "FLAG"}],
        "rules": "1",
    }
    assert one.judgement == canonical(json.loads(one.judgement))
