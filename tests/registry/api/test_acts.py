"""Acts: done once however often they are asked, shown before they are done, refused when somebody was quicker."""

import asyncio
from typing import Any

from tests.registry.conftest import FROM, Desk, Json, assignment_body, programme_body, site_body
from tests.registry.given import CARDEA, LEIDEN, PRODEBA

PROFESSIONAL = {"provider": CARDEA, "staff": "m-77", "function": "YOUTH_WORKER", "validFrom": FROM}
COUNT = {"site": "99HH00", "schoolYear": "2021-2022", "referenceDate": "2021-10-01", "count": 140, "source": "DUO"}
REGION = {"region": "HR", "subRegions": [], "municipalities": [LEIDEN]}
CHOICES = "/participations/HR-JOS/99HH00/provider-choices"

EVERY_ACT: list[tuple[str, Json]] = [
    ("/municipalities", {"municipality": "GM0579", "name": "Oegstgeest", "validFrom": FROM}),
    (
        "/regions",
        {"region": "HR", "name": "Anew", "subRegions": [], "municipalities": [LEIDEN], "validFrom": "2023-01-01"},
    ),
    ("/schools", {"school": "99HA", "name": "Savioschool", "validFrom": FROM}),
    ("/schools/99HH/names", {"name": "De Zwaluw", "validFrom": "2022-08-01"}),
    ("/sites", site_body(site="99HH01")),
    ("/sites/99HH00/names", {"name": "De Zwaluw", "validFrom": "2022-08-01"}),
    ("/sites/99HH00/types", {"schoolType": "SO", "validFrom": "2022-08-01"}),
    ("/sites/99HH00/closure", {"validTo": "2023-07-31"}),
    ("/providers", {"provider": "kvknr:99990003", "name": "Inzowijs", "validFrom": FROM}),
    ("/professionals", {**PROFESSIONAL, "staff": "m-78"}),
    (f"/professionals/{CARDEA}/m-77/registrations", {"register": "SKJ", "validFrom": FROM, "validTo": "2026-12-31"}),
    ("/programmes", {**programme_body(), "status": "DRAFT"}),
    ("/programmes/HR-JOS/municipalities", {"municipality": LEIDEN, "assumed": True, "validFrom": FROM}),
    ("/participations/HR-JOS/99HH00/departure", {"validTo": "2023-07-31"}),
    (CHOICES, {"provider": CARDEA, "validFrom": FROM}),
    ("/assignments", assignment_body()),
    ("/assignments", {key: value for key, value in assignment_body(staff="m-78").items() if key != "assignment"}),
    ("/pupil-counts", COUNT),
]


async def test_every_act_sent_twice_happens_once(admin: Desk, worker: None) -> None:
    """Under one key the second gets the answer of the first; without a key there is nothing left to do."""
    for number, (path, body) in enumerate(EVERY_ACT):
        first = await admin.post(path, body, key=f"once-{number}")
        again = await admin.post(path, body, key=f"once-{number}")
        assert (first.status_code, again.status_code) == (201, 201), (path, first.text, again.text)
        assert without_token(first.json()) == without_token(again.json()), path
        assert first.headers["etag"] == again.headers["etag"], path
        assert first.headers.get("location") == again.headers.get("location"), path
        if path != "/assignments" or "assignment" in body:
            without_key = await admin.post(path, body)
            assert (without_key.status_code, without_key.json()["recorded"]) == (200, []), path


async def test_g04_every_act_sent_ten_times_at_once_happens_once(admin: Desk, worker: None) -> None:
    """G-04: in parallel, one of them does it and all get its answer."""
    for number, (path, body) in enumerate(EVERY_ACT):
        answers = await asyncio.gather(*(admin.post(path, body, key=f"once-{number}") for _ in range(10)))
        assert {answer.status_code for answer in answers} == {201}, (path, [answer.text for answer in answers])
        assert len({answer.json()["version"] for answer in answers}) == 1, path


async def test_a_key_is_for_one_request_only(admin: Desk) -> None:
    body = {"municipality": LEIDEN, "name": "Leiden", "validFrom": FROM}
    await admin.did("/municipalities", body, key="mine")
    other = await admin.post("/municipalities", {**body, "municipality": "GM0579"}, key="mine")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert (await admin.get("/municipalities/GM0579")).status_code == 404


async def test_a_dry_run_shows_what_would_happen_and_does_nothing(admin: Desk, participation: None) -> None:
    shown = await admin.post(f"{CHOICES}?dryRun=true", {"provider": CARDEA, "validFrom": FROM})
    assert (shown.status_code, shown.json()["dryRun"]) == (200, True)
    assert [one["type"] for one in shown.json()["recorded"]] == ["nl.jeugdhulp-op-school.provider-chosen-for-school.v1"]
    assert shown.json()["result"]["choices"][0]["provider"] == CARDEA
    assert (await admin.get(CHOICES)).status_code == 404


async def test_a_change_on_an_old_version_is_told_who_and_when_but_not_what(admin: Desk, school: None) -> None:
    tag = (await admin.get("/sites/99HH00")).headers["etag"]
    rename = {"name": "De Zwaluw", "validFrom": "2022-08-01"}
    await admin.did("/sites/99HH00/names", rename, **{"If-Match": tag})
    late = await admin.post("/sites/99HH00/names", {**rename, "name": "De Specht"}, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "precondition-failed")
    assert late.json()["changedBy"] == "region:HR" and late.json()["changedAt"]
    assert "Zwaluw" not in late.text


async def test_inv12_of_two_administrators_who_choose_at_once_one_wins(admin: Desk, participation: None) -> None:
    """INV-12: whatever they race with, a school has one provider."""
    answers = await asyncio.gather(
        *(admin.post(CHOICES, {"provider": code, "validFrom": FROM}) for code in (CARDEA, PRODEBA) for _ in range(4))
    )
    by_status = sorted(answer.status_code for answer in answers)
    assert by_status.count(201) == 1 and set(by_status) <= {200, 201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"R-ONE-PROVIDER"}
    assert len((await admin.read(CHOICES))["choices"]) == 1


async def test_one_provider_per_school_is_refused_with_both_periods_and_an_end_date(
    admin: Desk, participation: None
) -> None:
    await admin.did(CHOICES, {"provider": CARDEA, "validFrom": FROM})
    answer = await admin.post(CHOICES, {"provider": PRODEBA, "validFrom": "2022-08-01"})
    assert (answer.status_code, answer.json()["code"]) == (409, "R-ONE-PROVIDER")
    [error] = answer.json()["errors"]
    assert "2022-01-01" in error["message"] and "2022-08-01" in error["message"]
    assert "2022-07-31" in error["hint"]


async def test_a_provider_is_changed_and_the_days_before_stay_as_they_were(admin: Desk, participation: None) -> None:
    await admin.did(CHOICES, {"provider": CARDEA, "validFrom": FROM})
    await admin.did("/participations/HR-JOS/99HH00/provider-changes", {"provider": PRODEBA, "validFrom": "2022-08-01"})
    for day, provider in (("2022-07-31", CARDEA), ("2022-08-01", PRODEBA)):
        chosen = (await admin.read(CHOICES, validOn=day))["chosen"]
        assert [one["provider"] for one in chosen] == [provider]


async def test_one_worker_is_not_assigned_twice_to_one_school_on_a_day(admin: Desk, worker: None) -> None:
    await admin.did("/assignments", assignment_body())
    second = assignment_body(assignment="HR-2", validFrom="2022-08-01")
    answer = await admin.post("/assignments", second)
    assert (answer.status_code, answer.json()["code"]) == (409, "period-overlaps")
    await admin.did("/assignments/HR-1/end", {"validTo": "2022-07-31"})
    await admin.did("/assignments", second)


async def test_two_assignments_of_one_worker_at_once_are_one(admin: Desk, worker: None) -> None:
    bodies = [assignment_body(assignment=f"HR-{number}") for number in range(5)]
    answers = await asyncio.gather(*(admin.post("/assignments", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_a_write_gives_a_token_that_a_read_can_wait_for(admin: Desk) -> None:
    body = {"municipality": LEIDEN, "name": "Leiden", "validFrom": FROM}
    done = await admin.did("/municipalities", body)
    read = await admin.read(f"/municipalities/{LEIDEN}", atLeast=done["token"])
    assert read["name"] == "Leiden"


async def test_a_programme_applied_twice_gives_no_events_and_a_dry_run_shows_the_difference(
    admin: Desk, region: None
) -> None:
    done = await admin.did("/programmes", programme_body())
    assert len(done["recorded"]) == 36
    again = await admin.post("/programmes", programme_body())
    assert (again.status_code, again.json()["recorded"]) == (200, [])
    other = programme_body()
    other["rules"][20] |= {"severity": "FLAG", "validFrom": "2023-01-01"}
    shown = await admin.post("/programmes?dryRun=true", other)
    assert [one["data"].get("rule") for one in shown.json()["recorded"]] == [None, "R-ONE-PROVIDER"]
    assert (await admin.read("/programmes/HR-JOS"))["version"] == 1


def without_token(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without its token, which is sealed anew every time."""
    return {key: value for key, value in body.items() if key != "token"}
