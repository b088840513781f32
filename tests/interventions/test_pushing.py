"""Pushing one event: verdicts, statuses, and what is stored."""

import json

import asyncpg
import orjson
import pytest

from shared.log.canonical import canonical
from tests.interventions.conftest import BASE, Provider, Stored
from tests.interventions.given import AJ, GROUP, event


@pytest.mark.parametrize("kind", ["group", "individual", "parents", "coaching", "start"])
async def test_an_event_of_each_kind_is_created(aj: Provider, stored: Stored, kind: str) -> None:
    answer = await aj.push(event(kind, "e-1"))
    body = answer.json()
    assert answer.status_code == 201, body
    assert (body["verdict"], body["id"], body["dryRun"]) == ("created", "e-1", False)
    assert answer.headers["location"] == f"{BASE}/events/{body['receipt']}"
    [one] = await stored()
    assert str(one.id) == body["receipt"]
    assert one.columns.provider == AJ


async def test_a_crisis_is_created_with_a_flag(aj: Provider) -> None:
    answer = await aj.push(event("crisis", "e-1"))
    assert answer.status_code == 201
    assert [finding["code"] for finding in answer.json()["findings"]] == ["kind-not-mentioned"]


async def test_a_whole_trajectory_carries_what_its_start_said(aj: Provider, stored: Stored) -> None:
    await aj.created(event("start", "e-1"), event("taper", "e-2"), event("complete", "e-3"))
    start, taper, end = [json.loads(one.payload) for one in await stored()]
    for step in (taper, end):
        assert (step["subject"], step["duration"], step["form"]) == (start["subject"], "INCIDENTAL", "INDIVIDUAL")
    assert {str(one.columns.subject) for one in await stored()} == {start["subject"]}


async def test_g03_what_is_stored_is_what_was_sent(aj: Provider, stored: Stored, vault: asyncpg.Pool) -> None:
    """G-03: byte-equal in content, with the subject where the reference was."""
    await aj.created(event("group", "e-1"), event("individual", "e-2"))
    group, individual = await stored()
    assert group.payload == canonical(GROUP)
    subject = await vault.fetchval("select subject from app.mappings")
    sent = event("individual", "e-2")["data"]
    del sent["pupilRef"]
    assert individual.payload == canonical({**sent, "subject": str(subject)})


async def test_g03_what_was_refused_is_not_in_the_log(aj: Provider, stored: Stored, vault: asyncpg.Pool) -> None:
    """G-03: an event answered with 4xx is never in the log, and leaves no mapping."""
    for wrong in (event("individual", "e-1", minutes=0), event("individual", "e-2", activity="LEARNING_SUPPORT")):
        answer = await aj.push(wrong)
        assert answer.status_code in (400, 409), answer.text
    assert await stored() == []
    assert await vault.fetchval("select count(*) from app.mappings") == 0


async def test_binary_mode_is_the_same_event(aj: Provider) -> None:
    whole = event("group", "e-1")
    headers = {f"ce-{name}": str(value) for name, value in whole.items() if name not in ("data", "datacontenttype")}
    url = f"{BASE}/events"
    body = orjson.dumps(whole["data"])
    answer = await aj.client.post(
        url, content=body, headers={**aj.who(), **headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 201, answer.text
    assert (await aj.push(whole)).json()["verdict"] == "duplicate"


async def test_a_dry_run_stores_nothing(aj: Provider, stored: Stored, vault: asyncpg.Pool) -> None:
    answer = await aj.push(event("individual", "e-1"), "?dryRun=true")
    assert (answer.status_code, answer.json()["verdict"], answer.json()["receipt"]) == (200, "created", None)
    assert await stored() == []
    assert await vault.fetchval("select count(*) from app.mappings") == 0


async def test_a_misspelt_dry_run_is_refused(aj: Provider, stored: Stored) -> None:
    answer = await aj.push(event("group", "e-1"), "?dryrun=true")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-field")
    assert await stored() == []


async def test_ndjson_is_refused_with_the_way_to_send_many(aj: Provider) -> None:
    headers = {**aj.who(), "Content-Type": "application/x-ndjson"}
    answer = await aj.client.post(f"{BASE}/events", content=b"{}\n", headers=headers)
    assert answer.status_code == 415
    assert "application/cloudevents-batch+json" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/events", "/events/0190f2c4-0000-7000-8000-000000000000"])
async def test_changing_an_event_is_refused_with_the_lesson(aj: Provider, method: str, path: str) -> None:
    answer = await aj.client.request(method, BASE + path, headers=aj.who())
    assert answer.status_code == 405
    assert "correction" in answer.json()["detail"]
    assert "event-retracted.v1" in answer.json()["detail"]
