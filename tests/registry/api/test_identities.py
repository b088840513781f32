"""A name and a register number are kept apart from the log, for the region's administrators alone."""

import asyncpg
import pytest

from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.registry.conftest import At, Desk
from tests.registry.given import CARDEA

PERSON = f"/professionals/{CARDEA}/m-77"
IDENTITY = {"name": "A. Voorbeeld", "skj": "110012345", "big": "19012345601"}


async def test_a_name_is_kept_for_the_region_and_stands_in_no_event(admin: Desk, worker: None) -> None:
    assert (await admin.get(f"{PERSON}/identity")).status_code == 404
    await admin.post(f"{PERSON}/identity", IDENTITY)
    shown = await admin.read(f"{PERSON}/identity")
    assert {name: shown[name] for name in IDENTITY} == IDENTITY
    directory = admin.client._transport.app.state.running.directory  # type: ignore[attr-defined]
    events = [stored for history in directory._streams.values() for stored in history]
    assert events and not any("Voorbeeld" in f"{stored.payload}{stored.judgement}" for stored in events)
    assert "Voorbeeld" not in (await admin.get(PERSON)).text + (await admin.get(f"{PERSON}/history")).text


async def test_what_is_recorded_anew_replaces_and_what_is_erased_is_gone(admin: Desk, worker: None) -> None:
    await admin.post(f"{PERSON}/identity", IDENTITY)
    await admin.post(f"{PERSON}/identity", {"name": "B. Voorbeeld"})
    shown = await admin.read(f"{PERSON}/identity")
    assert (shown["name"], shown["skj"]) == ("B. Voorbeeld", None)
    assert (await admin.post(f"{PERSON}/identity/erasure", {})).status_code == 204
    assert (await admin.get(f"{PERSON}/identity")).status_code == 404


async def test_a_number_in_a_name_is_refused_without_being_told(admin: Desk, worker: None) -> None:
    answer = await admin.post(f"{PERSON}/identity", {"name": "Voorbeeld 123456782"})
    assert (answer.status_code, answer.json()["code"]) == (400, "personal-data")
    assert "123456782" not in answer.text


async def test_g21_who_it_is_is_for_the_administrators_of_the_region(
    admin: Desk, stranger: Desk, at: At, worker: None
) -> None:
    """G-21: not for another region, and not even for the provider's own system."""
    await admin.post(f"{PERSON}/identity", IDENTITY)
    assert (await stranger.get(f"{PERSON}/identity")).status_code == 404
    assert (await stranger.post(f"{PERSON}/identity", IDENTITY)).status_code == 404
    assert (await at(organisation=CARDEA, roles=["provider-system"]).get(f"{PERSON}/identity")).status_code == 403


async def test_the_database_itself_shows_no_row_of_another_region(
    admin: Desk, databases: Settings, worker: None
) -> None:
    await admin.post(f"{PERSON}/identity", IDENTITY)
    async with await open_pool(databases, "registry") as pool, pool.acquire() as connection:
        for region, rows in ((None, 0), ("HGL", 0), ("HR", 1)):
            async with connection.transaction():
                if region:
                    await connection.execute("select set_config('jos.region', $1, true)", region)
                assert await connection.fetchval("select count(*) from app.identities") == rows
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("alter table app.identities disable row level security")
