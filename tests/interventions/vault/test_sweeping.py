"""The running service learns from its log which mappings are used."""

from datetime import timedelta
from uuid import uuid4

import asyncpg

from services.interventions.running import Running
from services.interventions.vault.vault import Pupil
from shared.clock import FrozenClock
from tests.interventions.conftest import Provider
from tests.interventions.given import AJ, JOB, event


async def test_an_events_pupil_stays_and_a_refused_ones_goes(
    aj: Provider, running: Running, vault: asyncpg.Pool, clock: FrozenClock
) -> None:
    await aj.created(event("individual", "e-1", pupilRef="c-00001"))
    await aj.push(event("individual", "e-2", pupilRef="c-00002", staff=[JOB]))
    await running.means.vault.resolve({Pupil(AJ, "HR-JOS", "c-00003"): uuid4()})
    clock.move(timedelta(hours=25))
    await running.sweeping.sweep()
    clock.move(timedelta(hours=2))
    await running.sweeping.sweep()
    left = await running.means.vault.known([Pupil(AJ, "HR-JOS", f"c-0000{i}") for i in (1, 2, 3)])
    assert sorted(pupil.reference for pupil in left) == ["c-00001", "c-00002"]
    assert await vault.fetchval("select count(*) from app.mappings where used") == 1
