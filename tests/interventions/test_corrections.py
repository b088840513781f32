"""Corrections and retractions: they resolve to the original, the last one holds, retracted is final (INV-07, G-14)."""

import json
from datetime import date
from uuid import UUID

import pytest

from shared.log.events import StoredEvent
from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import CARDEA, Json, correction, event, retraction, source_of


async def test_a_correction_carries_the_new_content_and_names_what_it_replaces(aj: Provider, stored: Stored) -> None:
    await aj.created(
        event("individual", "e-1"),
        correction("e-2", "e-1", "individual", minutes=30, occurredOn="2022-03-15"),
        correction("e-3", "e-2", "individual", minutes=20),
        correction("e-4", "e-1", "individual", minutes=10),
    )
    original, *corrections = await stored()
    assert [one.columns.root for one in corrections] == [original.id] * 3
    assert [one.columns.replaces for one in corrections] == [original.id, corrections[0].id, corrections[1].id]
    assert [one.columns.quantity for one in corrections] == [30, 20, 10]
    assert corrections[0].columns.day == date(2022, 3, 15)
    assert {one.stream for one in corrections} == {original.stream}
    assert [one.stream_version for one in corrections] == [2, 3, 4]
    assert json.loads(corrections[0].payload)["type"] == original.type
    assert json.loads(corrections[0].payload)["data"]["subject"] == str(original.columns.subject)


async def test_a_retraction_of_a_correction_retracts_the_original(aj: Provider, stored: Stored) -> None:
    await aj.created(event("group", "e-1"), correction("e-2", "e-1", "group", minutes=5), retraction("e-3", "e-2"))
    original, corrected, retracted = await stored()
    assert (retracted.columns.root, retracted.columns.replaces) == (original.id, corrected.id)
    assert (retracted.columns.day, retracted.columns.school) == (date(2022, 3, 14), "99HA00")
    assert retracted.columns.quantity is None


@pytest.mark.parametrize(
    "late", [correction("e-3", "e-1", "group"), retraction("e-3", "e-1"), retraction("e-3", "e-2")]
)
async def test_retracted_is_final(aj: Provider, late: Json) -> None:
    await aj.created(event("group", "e-1"), retraction("e-2", "e-1"))
    answer = await aj.push(late)
    assert (answer.status_code, answer.json()["code"]) == (409, "retracted")


async def test_a_correction_keeps_the_type(aj: Provider) -> None:
    await aj.created(event("group", "e-1"))
    answer = await aj.push(correction("e-2", "e-1", "coaching"))
    assert (answer.status_code, answer.json()["code"]) == (400, "type-differs")


@pytest.mark.parametrize("itself", [correction("e-1", "e-1", "group"), retraction("e-1", "e-1")])
async def test_nothing_corrects_itself(aj: Provider, itself: Json) -> None:
    answer = await aj.push(itself)
    assert (answer.status_code, answer.json()["code"]) == (400, "self")


@pytest.mark.parametrize("exists", [True, False])
async def test_what_is_anothers_is_refused_alike_whether_it_exists_or_not(aj: Provider, exists: bool) -> None:
    stranger = retraction("e-2", "e-1" if exists else "e-9")
    stranger["data"]["retracts"]["source"] = source_of(CARDEA)
    answer = await aj.push(stranger)
    assert (answer.status_code, answer.json()["code"]) == (403, "source-not-yours")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/data/retracts/source"]


async def test_corrected_content_is_validated_and_judged_as_a_whole(aj: Provider) -> None:
    await aj.created(event("group", "e-1"))
    wrong = await aj.push(correction("e-2", "e-1", "group", minutes=0, groupSize=None))
    assert [(e["pointer"], e["code"]) for e in wrong.json()["errors"]] == [
        ("/data/data/minutes", "number-range"),
        ("/data/data/groupSize", "missing"),
    ]
    excluded = await aj.push(correction("e-3", "e-1", "group", activity="LEARNING_SUPPORT"))
    assert (excluded.status_code, excluded.json()["errors"][0]["pointer"]) == (409, "/data/data/activity")
    held = await aj.push(correction("e-4", "e-1", "group", staff=["m-99"]))
    assert (held.status_code, held.json()["errors"][0]["pointer"]) == (202, "/data/data/staff/0")


async def test_a_correction_of_another_system_of_the_same_provider_reaches_the_trajectory(
    aj: Provider, stored: Stored
) -> None:
    await aj.created(event("start", "e-1"), event("individual", "e-2", trajectory="t-4711"))
    other = correction("x-1", "e-2", "individual", trajectory="t-4711", minutes=5)
    other["source"] = source_of(system="planning")
    await aj.created(other)
    assert (await stored())[-1].columns.case == f"{source_of()}/t-4711"


async def test_g14_a_corrected_start_takes_its_later_steps_along(aj: Provider, stored: Stored) -> None:
    """G-14: duration, form and pupil of a completion follow a correction of the start, in the same unit."""
    await aj.created(event("start", "e-1"), event("taper", "e-2"), event("complete", "e-3"))
    changed = correction("e-4", "e-1", "start", duration="STRUCTURAL", form="GROUP", pupilRef="c-55555")
    await aj.created(changed)
    _, taper, complete, corrected, *followers = await stored()
    new = json.loads(corrected.payload)["data"]
    assert [one.columns.root for one in followers] == [taper.id, complete.id]
    for one in followers:
        data = json.loads(one.payload)["data"]
        assert (data["duration"], data["form"], data["subject"]) == ("STRUCTURAL", "GROUP", new["subject"])
        assert one.key.source == "urn:jos:interventions"
        assert one.columns.subject == UUID(new["subject"])
        assert json.loads(one.judgement)["cause"] == str(corrected.id)


async def test_a_correction_of_the_start_that_changes_nothing_for_later_steps_adds_nothing(
    aj: Provider, stored: Stored
) -> None:
    await aj.created(event("start", "e-1"), event("complete", "e-2"))
    await aj.created(correction("e-3", "e-1", "start", startedOn="2022-02-03"))
    assert len(await stored()) == 3


async def test_g14_a_retracted_start_takes_its_later_steps_along(aj: Provider, stored: Stored) -> None:
    """G-14: as if the trajectory had never been sent; its key may then be used again."""
    await aj.created(event("start", "e-1"), event("taper", "e-2"), event("complete", "e-3"), retraction("e-4", "e-1"))
    _, taper, complete, retracted, *followers = await stored()
    assert [one.columns.root for one in followers] == [taper.id, complete.id]
    assert {one.type for one in (retracted, *followers)} == {"nl.jeugdhulp-op-school.event-retracted.v1"}
    await aj.created(event("start", "e-5"), event("complete", "e-6"))


async def test_g14_the_end_says_the_same_as_if_the_start_had_been_right(aj: Provider, stored: Stored) -> None:
    """G-14: in whatever order start, end and correction come, the end says the same in the end."""
    right = {"duration": "STRUCTURAL", "form": "GROUP"}
    await aj.created(event("start", "a-1", trajectory="t-1", **right), event("complete", "a-2", trajectory="t-1"))
    await aj.created(
        event("start", "b-1", trajectory="t-2"),
        event("complete", "b-2", trajectory="t-2"),
        correction("b-3", "b-1", "start", trajectory="t-2", **right),
    )
    await aj.created(
        event("start", "c-1", trajectory="t-3"),
        correction("c-2", "c-1", "start", trajectory="t-3", **right),
        event("complete", "c-3", trajectory="t-3"),
    )
    ends = [_last_word(await stored(), id_) for id_ in ("a-2", "b-2", "c-3")]
    shown = [{name: value for name, value in end.items() if name != "trajectory"} for end in ends]
    assert shown[0] == shown[1] == shown[2]


@pytest.mark.parametrize(
    ("late", "status", "code"),
    [
        (correction("e-9", "e-1", "start", trajectory="t-0001"), 409, "trajectory-fixed"),
        (correction("e-9", "e-1", "start", startedOn="2022-06-21"), 400, "trajectory-period"),
        (correction("e-9", "e-3", "complete", endedOn="2022-01-31"), 400, "trajectory-period"),
        (correction("e-9", "e-3", "complete", endedOn="2022-05-01"), 400, "trajectory-period"),
        (correction("e-9", "e-2", "taper", taperedOn="2022-06-21"), 400, "trajectory-period"),
        (event("start", "e-9"), 409, "trajectory-started"),
        (event("stop", "e-9"), 409, "trajectory-ended"),
        (event("taper", "e-9", taperedOn="2022-06-22"), 400, "trajectory-period"),
        (event("taper", "e-9", siteCode="99HB00"), 400, "trajectory-mismatch"),
        (event("individual", "e-9", trajectory="t-4711", occurredOn="2022-06-21"), 400, "trajectory-period"),
        (event("individual", "e-9", trajectory="t-4711", pupilRef="c-00001"), 400, "trajectory-mismatch"),
    ],
)
async def test_a_trajectory_keeps_its_order(aj: Provider, late: Json, status: int, code: str) -> None:
    await aj.created(event("start", "e-1"), event("taper", "e-2"), event("complete", "e-3"))
    answer = await aj.push(late)
    assert answer.status_code == status, answer.text
    assert code in [error["code"] for error in answer.json()["errors"]]


def _last_word(events: list[StoredEvent], id_: str) -> Json:
    root = next(one for one in events if one.key.source_id == id_)
    latest = [one for one in events if root.id in (one.id, one.columns.root)][-1]
    said: Json = json.loads(latest.payload)
    content: Json = said.get("data", said)
    return content
