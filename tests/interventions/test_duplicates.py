"""The same record again: a duplicate for ever, a conflict when it changed (G-04, R-54..R-57)."""

import asyncio
from datetime import timedelta

import orjson

from services.interventions.running import Running
from shared.clock import FrozenClock
from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import Neighbours, closed, correction, event


async def test_g04_sent_again_it_is_a_duplicate_with_the_same_receipt(
    aj: Provider, stored: Stored, clock: FrozenClock
) -> None:
    """G-04: stored once, and every 2xx reply gives the same receipt."""
    [first] = await aj.created(event("individual", "e-1"))
    clock.move(timedelta(days=400))
    again = await aj.push(event("individual", "e-1"))
    body = again.json()
    assert (again.status_code, body["verdict"], body["receipt"]) == (200, "duplicate", first["receipt"])
    assert body["firstReceivedAt"] == "2022-07-05T10:00:00.000Z"
    assert len(await stored()) == 1


async def test_other_spelling_is_the_same_content(aj: Provider) -> None:
    """R-54: key order, whitespace and the offset of a moment do not count."""
    whole = event("group", "e-1")
    await aj.created(whole)
    turned = {**dict(reversed(whole.items())), "time": "2022-07-01T11:00:00.000+02:00"}
    turned["data"] = dict(reversed(whole["data"].items()))
    spaced = orjson.dumps(turned, option=orjson.OPT_INDENT_2)
    assert (await aj.push(spaced)).json()["verdict"] == "duplicate"


async def test_g04_other_content_is_a_conflict_that_names_what_changed(aj: Provider, stored: Stored) -> None:
    """G-04: the same key with other content is answered 409 and changes nothing; values are not told."""
    await aj.created(event("individual", "e-1"))
    answer = await aj.push(event("individual", "e-1", minutes=50, pupilRef="c-90234", theme="MOOD"))
    body = answer.json()
    assert (answer.status_code, body["code"], body["verdict"]) == (409, "conflict", "conflict")
    assert {e["pointer"] for e in body["errors"]} == {"/data/minutes", "/data/pupilRef", "/data/theme"}
    assert "event-corrected" in body["errors"][0]["hint"]
    assert "c-90234" not in answer.text and "90233" not in answer.text
    assert len(await stored()) == 1


async def test_another_time_or_type_is_a_conflict(aj: Provider) -> None:
    await aj.created(event("group", "e-1"))
    later = await aj.push({**event("group", "e-1"), "time": "2022-07-01T09:00:01Z"})
    other = await aj.push(event("coaching", "e-1"))
    assert [e["pointer"] for e in later.json()["errors"]] == ["/time"]
    assert [e["pointer"] for e in other.json()["errors"]] == ["/type"]


async def test_g04_fifty_at_once_are_stored_once(aj: Provider, stored: Stored) -> None:
    """G-04, R-57: one is created, the others are duplicates, all with one receipt."""
    answers = await asyncio.gather(*(aj.push(event("individual", "e-1")) for _ in range(50)))
    verdicts = [answer.json()["verdict"] for answer in answers]
    assert sorted(set(verdicts)) == ["created", "duplicate"]
    assert verdicts.count("created") == 1
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert len(await stored()) == 1


async def test_a_new_pupil_named_by_many_at_once_is_one_subject(aj: Provider, stored: Stored) -> None:
    await asyncio.gather(*(aj.push(event("individual", f"e-{i}")) for i in range(20)))
    assert len({one.columns.subject for one in await stored()}) == 1


async def test_an_accepted_event_is_never_judged_again(aj: Provider, neighbours: Neighbours, running: Running) -> None:
    """What would be refused or held today is a duplicate when it was accepted before."""
    await aj.created(event("group", "e-1"))
    await neighbours.tell(closed("99HA00", "2022-02-01"))
    await running.follower.reached({("registry", 1): await _head(neighbours)}, 5)
    assert await aj.verdicts(event("group", "e-1"), event("individual", "e-3")) == ["duplicate", "rejected"]
    assert (await aj.push(event("group", "e-1"), "?dryRun=true")).json()["verdict"] == "duplicate"


async def test_steps_of_a_trajectory_sent_again_are_duplicates(aj: Provider, stored: Stored) -> None:
    steps = [event("start", "e-1"), event("taper", "e-2"), event("complete", "e-3")]
    await aj.created(*steps)
    assert await aj.verdicts(*steps) == ["duplicate"] * 3
    await aj.created(correction("e-4", "e-1", "start", duration="STRUCTURAL"))
    assert await aj.verdicts(*steps, correction("e-4", "e-1", "start", duration="STRUCTURAL")) == ["duplicate"] * 4
    assert len(await stored()) == 6


async def _head(neighbours: Neighbours) -> int:
    return (await neighbours.logs["registry"].head()).position.number
