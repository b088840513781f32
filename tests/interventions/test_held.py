"""Held events: kept apart, judged again by themselves, replaced, taken back, expired."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from services.interventions.held import FIRST
from services.interventions.running import Running
from shared.clock import FrozenClock
from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import (
    JOB,
    OTHER_SITE,
    Json,
    Neighbours,
    Told,
    a_school_in_order,
    assigned,
    chosen,
    correction,
    covered,
    event,
    joined,
    programme,
    retraction,
    site,
    worker,
)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something has come about by itself; the test's own time-out ends it."""
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110  (what comes about is in a database)
            await asyncio.sleep(0.01)


async def held_ids(provider: Provider) -> list[str]:
    return [one["id"] for one in (await provider.read("/held-events"))["items"]]


CASES: dict[str, tuple[Json, str, str, list[Told]]] = {
    "an unknown school": (
        event("group", "e-1", siteCode="99HC00"),
        "school-unknown",
        "/data/siteCode",
        [site("99HC00"), joined("99HC00"), covered("99HC00")],
    ),
    "a school that does not take part yet": (
        event("group", "e-1", siteCode=OTHER_SITE),
        "not-participating",
        "/data/siteCode",
        [joined(OTHER_SITE), covered(OTHER_SITE)],
    ),
    "a day after the contract": (
        event("group", "e-1", occurredOn="2022-06-30"),
        "no-coverage",
        "/data/siteCode",
        [covered(since="2022-06-01", last=None)],
    ),
    "a member of staff nobody registered": (
        event("group", "e-1", staff=["m-77", JOB]),
        "staff-unknown",
        "/data/staff/1",
        [worker(JOB)],
    ),
    "a school that chose another provider": (
        event("group", "e-1", occurredOn="2022-05-20"),
        "R-ONE-PROVIDER",
        "/data/siteCode",
        [chosen(since="2022-05-15")],
    ),
}


@pytest.fixture
async def facts() -> list[Told]:
    """The contract runs until 31 May, and from 10 May the school has chosen somebody else."""
    mine = [told for told in a_school_in_order() if told[1] != "school-coverage-added.v1"]
    another = chosen(provider="kvknr:99990002", since="2022-05-10", last="2022-05-31")
    return [*programme(), *mine, covered(last="2022-05-31"), site(OTHER_SITE), another]


@pytest.mark.parametrize("case", CASES)
async def test_a_held_event_is_accepted_by_itself_once_the_fact_comes(
    aj: Provider, neighbours: Neighbours, stored: Stored, case: str
) -> None:
    pushed, code, pointer, facts = CASES[case]
    answer = await aj.push(pushed)
    body = answer.json()
    assert (answer.status_code, body["verdict"]) == (202, "held")
    assert (code, pointer) in [(error["code"], error["pointer"]) for error in body["errors"]]
    assert all("2022-08-04" in error["hint"] for error in body["errors"])
    assert await stored() == []
    await neighbours.tell(*facts)
    await until(lambda: _is_stored(stored, 1))
    assert str((await stored())[0].id) == body["receipt"], "the receipt of what was held is the event's id"
    assert (await aj.read(f"/receipts/{body['receipt']}"))["verdict"] == "created"
    await until(lambda: _nothing_held(aj))


async def test_no_coverage_teaches_what_the_provider_had(aj: Provider) -> None:
    ran_out = (await aj.push(event("group", "e-1", occurredOn="2022-06-30"))).json()["errors"][0]
    assert ran_out["message"] == (
        "Your organisation had no contract at 99HA00 on 2022-06-30; yours there ran until 2022-05-31."
    )
    never = (await aj.push(event("group", "e-2", siteCode=OTHER_SITE))).json()["errors"]
    assert "No contract known." in [error["message"] for error in never]


async def test_what_is_rejected_is_not_said_to_be_waited_for(aj: Provider) -> None:
    """A day in the future is wrong whatever the contract; nothing is accepted by itself then."""
    answer = await aj.push(event("group", "e-1", occurredOn="2022-07-06"))
    hints = {error["code"]: error.get("hint", "") for error in answer.json()["errors"]}
    assert (answer.status_code, set(hints)) == (400, {"time-future", "no-coverage"})
    assert hints["no-coverage"] == ("Mend the other points first and send it again; only then do we wait for this.")


async def test_the_same_key_sent_again_replaces_what_is_held(aj: Provider, stored: Stored) -> None:
    first = (await aj.push(event("group", "e-1", staff=[JOB]))).json()
    second = (await aj.push(event("group", "e-1", staff=["m-79"], minutes=20))).json()
    assert second["receipt"] == first["receipt"]
    assert await held_ids(aj) == ["e-1"]
    accepted = await aj.push(event("group", "e-1", minutes=20))
    assert (accepted.status_code, accepted.json()["receipt"]) == (201, first["receipt"])
    assert await held_ids(aj) == []
    assert len(await stored()) == 1


async def test_the_sender_takes_a_held_event_back(aj: Provider, neighbours: Neighbours, stored: Stored) -> None:
    await aj.push(event("group", "e-1", staff=[JOB]))
    await aj.push(event("group", "e-2", staff=[JOB]))
    [one, two] = (await aj.read("/held-events"))["items"]
    assert (await aj.delete("/held-events", source=one["source"], id="e-1")).status_code == 204
    assert (await aj.delete("/held-events", source=one["source"], id="e-1")).status_code == 404
    assert (await aj.delete(f"/held-events/{two['heldId']}")).status_code == 204
    assert await held_ids(aj) == []
    await aj.push(event("group", "e-3", staff=[JOB]))
    await neighbours.tell(worker(JOB))
    await until(lambda: _is_stored(stored, 1))
    assert [one.key.source_id for one in await stored()] == ["e-3"]


async def test_after_thirty_days_it_expires_into_a_finding(
    aj: Provider, running: Running, clock: FrozenClock, neighbours: Neighbours, stored: Stored
) -> None:
    await aj.push(event("group", "e-1", staff=[JOB]))
    clock.move(timedelta(days=30))
    await neighbours.tell(worker("m-80"))
    await until(lambda: _nothing_held(aj))
    [finding] = (await aj.read("/findings"))["items"]
    assert (finding["code"], finding["id"], finding["eventId"]) == ("held-expired", "e-1", None)
    assert await stored() == []


async def test_what_turns_out_wrong_when_its_facts_come_ends_in_a_finding(aj: Provider, stored: Stored) -> None:
    await aj.push(event("individual", "e-1", trajectory="t-4711", occurredOn="2022-01-15"))
    await aj.created(event("start", "e-2"))
    await until(lambda: _nothing_held(aj))
    [finding] = (await aj.read("/findings"))["items"]
    assert (finding["code"], finding["pointer"], finding["id"]) == ("trajectory-period", "/data/occurredOn", "e-1")
    assert [one.key.source_id for one in await stored()] == ["e-2"]


async def test_g14_what_comes_before_its_original_waits_for_it(aj: Provider, stored: Stored) -> None:
    """G-14: a correction before its original, of the original before that; a completion before its start."""
    early = [
        retraction("e-5", "e-4"),
        correction("e-4", "e-3", "complete", endedOn="2022-05-03"),
        event("complete", "e-3", endedOn="2022-05-02"),
        event("individual", "e-2", trajectory="t-4711"),
    ]
    for one in early:
        assert (await aj.push(one)).json()["verdict"] == "held"
    await aj.created(event("start", "e-1"))
    await until(lambda: _is_stored(stored, 5))
    order = [one.key.source_id for one in await stored()]
    assert order[0] == "e-1"
    assert [one for one in order if one in ("e-3", "e-4", "e-5")] == ["e-3", "e-4", "e-5"]
    await until(lambda: _nothing_held(aj))


async def test_a_held_event_keeps_no_reference(aj: Provider, running: Running) -> None:
    await aj.push(event("individual", "e-1", staff=[JOB], pupilRef="c-11111"))
    [held] = await running.held.own("kvknr:99990001", FIRST, 10)
    assert "c-11111" not in held.payload
    assert str(held.subject) in held.payload


async def test_a_held_pupil_is_the_same_as_an_accepted_one(
    aj: Provider, neighbours: Neighbours, stored: Stored
) -> None:
    await aj.push(event("individual", "e-1", staff=[JOB], pupilRef="c-11111"))
    await aj.push(event("individual", "e-2", pupilRef="c-11111"))
    await neighbours.tell(worker(JOB), assigned(staff=JOB))
    await until(lambda: _is_stored(stored, 2))
    assert len({one.columns.subject for one in await stored()}) == 1


async def _is_stored(stored: Stored, count: int) -> bool:
    return len(await stored()) == count


async def _nothing_held(provider: Provider) -> bool:
    return await held_ids(provider) == []
