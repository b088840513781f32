"""Subjects: random, per provider and programme, looked up together, swept when nothing uses them (G-31)."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from services.interventions.vault.subjects import Subjects
from services.interventions.vault.sweeping import sweep
from services.interventions.vault.vault import Pupil, Vault
from shared.clock import FrozenClock

KEY = "k" * 40
PUPIL = Pupil("kvknr:99990001", "HR-JOS", "c-90233")


@pytest.fixture
def here(vault_pool: asyncpg.Pool, clock: FrozenClock) -> Vault:
    return Vault(vault_pool, KEY, clock)


async def test_g31_a_pupil_has_another_subject_at_another_provider_or_programme(here: Vault) -> None:
    """G-31: the pseudonym differs per provider and programme."""
    pupils = [PUPIL, Pupil("kvknr:99990002", "HR-JOS", "c-90233"), Pupil("kvknr:99990001", "ALK-VO", "c-90233")]
    subjects = await here.resolve({pupil: uuid4() for pupil in pupils})
    assert len(set(subjects.values())) == 3


async def test_g31_the_vault_holds_no_reference_and_no_way_back(
    here: Vault, vault_pool: asyncpg.Pool, clock: FrozenClock
) -> None:
    """G-31: only an HMAC is kept; with another key the same reference is unknown."""
    await here.resolve({PUPIL: uuid4()})
    row = await vault_pool.fetchrow("select * from app.mappings")
    assert b"c-90233" not in row["reference"]
    assert len(row["reference"]) == 32
    assert await Vault(vault_pool, "x" * 40, clock).known([PUPIL]) == {}


async def test_a_known_pupil_keeps_its_subject(here: Vault) -> None:
    first = await here.resolve({PUPIL: uuid4()})
    assert await here.resolve({PUPIL: uuid4()}) == first
    assert await here.known([PUPIL, Pupil("kvknr:99990001", "HR-JOS", "c-00001")]) == first


async def test_many_at_once_agree(here: Vault, vault_pool: asyncpg.Pool, clock: FrozenClock) -> None:
    others = [here, Vault(vault_pool, KEY, clock)]
    pupils = [Pupil("kvknr:99990001", "HR-JOS", f"c-{i:05d}") for i in range(50)]
    asked = [others[i % 2].resolve({pupil: uuid4() for pupil in pupils[i : i + 20]}) for i in range(30)]
    answers = await asyncio.gather(*asked)
    told: dict[Pupil, set[object]] = {}
    for answer in answers:
        for pupil, subject in answer.items():
            told.setdefault(pupil, set()).add(subject)
    assert all(len(subjects) == 1 for subjects in told.values())
    assert await vault_pool.fetchval("select count(*) from app.mappings") == 49


async def test_a_request_adds_only_what_it_keeps(here: Vault, vault_pool: asyncpg.Pool) -> None:
    subjects, other = Subjects(here), Pupil("kvknr:99990001", "HR-JOS", "c-00001")
    await subjects.look_up([PUPIL, other])
    proposed = subjects.of(PUPIL)
    assert subjects.of(other) != proposed
    assert await subjects.keep([PUPIL])
    assert subjects.of(PUPIL) == proposed
    assert await vault_pool.fetchval("select count(*) from app.mappings") == 1


async def test_a_request_is_told_when_somebody_else_was_first(here: Vault) -> None:
    subjects = Subjects(here)
    await subjects.look_up([PUPIL])
    subjects.of(PUPIL)
    theirs = await here.resolve({PUPIL: uuid4()})
    assert not await subjects.keep([PUPIL])
    assert subjects.of(PUPIL) == theirs[PUPIL]


async def test_what_no_event_uses_is_swept_after_a_day(
    here: Vault, vault_pool: asyncpg.Pool, clock: FrozenClock
) -> None:
    used, held, unused = (Pupil("kvknr:99990001", "HR-JOS", f"c-0000{i}") for i in range(3))
    subjects = await here.resolve({pupil: uuid4() for pupil in (used, held, unused)})
    await vault_pool.execute("update app.mappings set used = true where subject = $1", subjects[used])
    for hours in (23, 2, 2):
        clock.move(timedelta(hours=hours))
        await sweep(vault_pool, clock, [subjects[held]])
    assert set(await here.known([used, held, unused])) == {used, held}


async def test_what_is_asked_for_again_is_spared(here: Vault, vault_pool: asyncpg.Pool, clock: FrozenClock) -> None:
    first = await here.resolve({PUPIL: uuid4()})
    clock.move(timedelta(hours=25))
    await sweep(vault_pool, clock, [])
    assert await here.resolve({PUPIL: uuid4()}) == first
    clock.move(timedelta(hours=2))
    await sweep(vault_pool, clock, [])
    assert await here.known([PUPIL]) == first
