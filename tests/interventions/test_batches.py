"""Lists of events: a verdict each, or all or nothing."""

import asyncpg
import orjson
import pytest

from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import AJ, CARDEA, correction, event, retraction


async def test_all_good_is_200_with_receipt_and_token(aj: Provider) -> None:
    answer = await aj.push_all([event("group", "e-1"), event("individual", "e-2")])
    body = answer.json()
    assert answer.status_code == 200
    assert body["summary"] == {
        "received": 2,
        "created": 2,
        "duplicate": 0,
        "held": 0,
        "conflict": 0,
        "rejected": 0,
        "findings": 0,
    }
    assert body["token"]
    assert [one["index"] for one in body["results"]] == [0, 1]


async def test_mixed_verdicts_are_207_in_order(aj: Provider, stored: Stored) -> None:
    await aj.created(event("group", "e-0"))
    wrong = event("group", "e-4")
    wrong["data"]["siteKode"] = wrong["data"].pop("siteCode")
    answer = await aj.push_all(
        [
            event("group", "e-1"),
            event("group", "e-0"),
            event("group", "e-2", staff=["m-99"]),
            event("group", "e-0", minutes=10),
            wrong,
            event("group", "e-5", organisation=CARDEA),
        ]
    )
    results = answer.json()["results"]
    assert answer.status_code == 207
    assert [(one["status"], one["verdict"]) for one in results] == [
        (201, "created"),
        (200, "duplicate"),
        (202, "held"),
        (409, "conflict"),
        (400, "rejected"),
        (403, "rejected"),
    ]
    unknown = next(error for error in results[4]["errors"] if error["code"] == "unknown-field")
    assert unknown["pointer"] == "/data/siteKode"
    assert unknown["hint"] == "did you mean 'siteCode'?"
    assert len(await stored()) == 2


async def test_later_events_see_the_earlier_ones_of_the_same_list(aj: Provider, stored: Stored) -> None:
    verdicts = await aj.verdicts(
        event("complete", "e-1", trajectory="t-0001"),
        event("start", "e-2"),
        event("individual", "e-3", trajectory="t-4711"),
        event("complete", "e-4"),
        correction("e-5", "e-3", "individual", trajectory="t-4711", minutes=30),
        retraction("e-6", "e-5"),
        event("start", "e-7"),
    )
    assert verdicts == ["held", "created", "created", "created", "created", "created", "rejected"]
    assert len(await stored()) == 5


async def test_the_same_key_twice_in_one_list(aj: Provider, stored: Stored) -> None:
    assert await aj.verdicts(event("group", "e-1"), event("group", "e-1")) == ["created", "duplicate"]
    assert await aj.verdicts(event("group", "e-2"), event("group", "e-2", minutes=5)) == ["created", "conflict"]
    assert await aj.verdicts(event("start", "e-3"), event("start", "e-3")) == ["created", "duplicate"]
    assert len(await stored()) == 3


async def test_atomic_stores_all(aj: Provider, stored: Stored) -> None:
    events = [
        event("start", "e-1"),
        event("individual", "e-2", trajectory="t-4711"),
        event("complete", "e-3"),
        correction("e-4", "e-1", "start", duration="STRUCTURAL"),
    ]
    answer = await aj.push_all(events, "?atomic=true")
    assert answer.status_code == 200, answer.text
    assert [one["verdict"] for one in answer.json()["results"]] == ["created"] * 4
    again = await aj.push_all(events, "?atomic=true")
    assert [one["verdict"] for one in again.json()["results"]] == ["duplicate"] * 4
    receipts = [one["eventId"] for one in answer.json()["results"]]
    assert [one["eventId"] for one in again.json()["results"]] == receipts
    assert len(await stored()) == 5


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (event("group", "e-2", minutes=0), 400),
        (event("group", "e-2", staff=["m-99"]), 409),
        (event("group", "e-2", activity="LEARNING_SUPPORT"), 409),
        (event("group", "e-2", organisation=CARDEA), 403),
    ],
)
async def test_atomic_stores_nothing_when_one_is_bad(
    aj: Provider, stored: Stored, vault: asyncpg.Pool, bad: dict[str, object], status: int
) -> None:
    """N-13: nothing stored, the errors with their place in the list; what would be held cannot be held in part."""
    answer = await aj.push_all([event("individual", "e-1"), bad], "?atomic=true")
    assert (answer.status_code, answer.json()["code"]) == (status, "batch-refused")
    assert all(error["pointer"].startswith("/1/") for error in answer.json()["errors"])
    assert await stored() == []
    assert await vault.fetchval("select count(*) from app.mappings") == 0
    assert (await aj.read("/held-events"))["items"] == []


async def test_a_dry_run_of_a_list_reports_and_stores_nothing(aj: Provider, stored: Stored) -> None:
    events = [event("start", "e-1"), event("complete", "e-2"), event("group", "e-3", minutes=0)]
    answer = await aj.push_all(events, "?dryRun=true")
    body = answer.json()
    assert (answer.status_code, body["dryRun"], body["receipt"], body["token"]) == (207, True, None, None)
    assert [one["verdict"] for one in body["results"]] == ["created", "created", "rejected"]
    assert await stored() == []


async def test_limits_of_a_list(aj: Provider, stored: Stored) -> None:
    empty = (await aj.push_all([])).json()
    assert (empty["code"], "Send 1 to 1000" in empty["detail"]) == ("body-empty", True)
    assert (await aj.push_all({})).json()["code"] == "not-a-list"
    assert (await aj.push_all([event("group", f"e-{i}") for i in range(1001)])).status_code == 413
    large = event("group", "e-2")
    large["data"]["theme"] = "x" * 70_000
    many = await aj.push_all([event("group", "e-1"), large])
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (413, "/1")
    assert (await aj.push_all(b"[" + b" " * (8 * 1024 * 1024) + b"]")).status_code == 413
    assert await stored() == []


async def test_a_thousand_at_once(aj: Provider, stored: Stored) -> None:
    events = [event("individual", f"e-{i}", pupilRef=f"c-{i % 300:05d}") for i in range(1000)]
    answer = await aj.push_all(events)
    assert answer.json()["summary"]["created"] == 1000
    assert len({one.columns.subject for one in await stored()}) == 300
    raw = orjson.dumps(events)
    assert (await aj.push_all(raw)).json()["summary"]["duplicate"] == 1000


async def test_a_list_has_a_receipt_that_can_be_read_again(aj: Provider) -> None:
    body = (await aj.push_all([event("group", "e-1"), event("group", "e-2", minutes=0)])).json()
    assert await aj.read(f"/receipts/{body['receipt']}") == body


async def test_the_provider_is_the_tokens(aj: Provider) -> None:
    """R-60: what the body says of another provider is refused."""
    assert AJ != CARDEA
    answer = await aj.push(event("group", "e-1", provider=CARDEA))
    assert (answer.status_code, answer.json()["code"]) == (403, "provider")
    same = await aj.push(event("group", "e-1", provider=AJ))
    assert (same.status_code, same.json()["code"]) == (400, "unknown-field")
