"""A contract of Haaglanden over HTTP: rules that block, four eyes, notices, the calendar and its alerts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import icalendar
import pytest
from fastapi import FastAPI

from services.contracts.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.contracts.desk import Desk
from tests.contracts.given import MIDDEN, NOORD
from tests.contracts.told import HAAGLANDEN, PROGRAMME, PROVIDER, joined, rule
from tests.fixtures.auth import Mint
from tests.fixtures.services import Serve
from tests.interventions.given import CARDEA, Neighbours, Told

Json = dict[str, Any]
ELSEWHERE = "99EL00"
EXPERTISE = ["PSYCHIATRIC_DISORDERS", "BEHAVIOURAL_PROBLEMS", "SOCIAL_EMOTIONAL_PROBLEMS"]
DRAFT: Json = {
    "contract": "HGL-1",
    "programme": PROGRAMME,
    "provider": PROVIDER,
    "validFrom": "2026-08-01",
    "validTo": "2027-07-31",
    "schools": [{"site": MIDDEN, "validFrom": "2026-08-01"}],
    "plan": {"schoolYears": 6},
}
SIGN = {"signedOn": "2026-06-01"}
NOTICE: Json = {"by": "PROVIDER", "scope": "WHOLE", "receivedAt": "2026-12-30T10:00:00Z"}


def suitable(provider: str) -> list[tuple[str, Json]]:
    """What the type of school asks, shown."""
    worked: Json = {"provider": provider, "schoolType": "SO_C4", "region": "HGL", "validFrom": "2023-01-01"}
    return [
        ("provider-expertise-declared.v1", {"provider": provider, "tags": EXPERTISE, "validFrom": "2023-01-01"}),
        ("provider-experience-recorded.v1", worked),
    ]


def defined(*four_eyes: str) -> tuple[str, Json]:
    """The programme, which asks a second account for these acts."""
    configuration = {"holidayRegion": "MIDDEN", "kpis": ["KPI-HG-01"], "fourEyes": list(four_eyes)}
    return ("programme-defined.v1", {"programme": PROGRAMME, "region": "HGL", "configuration": configuration})


FACTS = (
    *HAAGLANDEN,
    (
        "school-site-added.v1",
        {"site": ELSEWHERE, "municipality": "GM0363", "schoolType": "SO_C4", "validFrom": "2000-01-01"},
    ),
    ("provider-registered.v1", {"provider": CARDEA}),
    rule("R-ONE-PROVIDER", "FLAG"),
    rule("R-CODE-MUTEX", "BLOCK", codes=["45ABS", "41S01", "41S02"], scope="SCHOOL"),
    rule("R-SUITABILITY", "BLOCK"),
    rule("R-EXPERIENCE", "BLOCK", months=24),
    rule("R-WLZ", "BLOCK"),
)


@pytest.fixture
def clock() -> FrozenClock:
    """After the last moment for notice, when the notice of 30 December is recorded."""
    return FrozenClock(datetime(2027, 1, 2, 10, tzinfo=UTC))


@pytest.fixture
async def registry(databases: Settings, clock: FrozenClock) -> AsyncIterator[Neighbours]:
    """The registry's log."""
    async with await open_pool(databases, "registry") as pool:
        log = Log("registry", pool, clock)
        await log.start()
        neighbours = Neighbours({"registry": log}, clock)
        await neighbours.tell(*(_in_registry(one) for one in FACTS))
        yield neighbours
        await log.close()


def _in_registry(fact: tuple[str, Json]) -> Told:
    return ("registry", *fact)


@pytest.fixture
def app(databases: Settings, clock: FrozenClock, keys: StaticKeys, registry: Neighbours) -> FastAPI:
    return create_app(databases, clock, keys)


@pytest.fixture
async def client(app: FastAPI, serve: Serve) -> httpx.AsyncClient:
    return await serve(app)


def desk(client: httpx.AsyncClient, mint: Mint, account: str, role: str = "contract-manager") -> Desk:
    return Desk(client, mint(organisation="region:HGL", roles=[role], region="HGL", client_id=account))


@pytest.fixture
def manager(client: httpx.AsyncClient, mint: Mint) -> Desk:
    """A contract manager of Haaglanden."""
    return desk(client, mint, "manager-1")


async def tell(registry: Neighbours, app: FastAPI, *facts: tuple[str, Json]) -> None:
    """The registry records more, and contracts has seen it."""
    await registry.tell(*(_in_registry(one) for one in facts))
    head = await registry.logs["registry"].head()
    follower = app.state.running.others["registry"]
    assert await follower.reached({("registry", head.position.shard): head.position.number}, 5.0)


async def signed(manager: Desk, draft: Json = DRAFT) -> Json:
    assert (await manager.post("/contracts", draft)).status_code == 201
    answer = await manager.post(f"/contracts/{draft['contract']}/signature", SIGN)
    assert answer.status_code == 201, answer.text
    done: Json = answer.json()
    return done


async def test_inv_19_a_provider_that_is_not_suitable_is_refused_with_everything_it_lacks(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    """INV-19: and is accepted once the registry knows better."""
    await manager.post("/contracts", DRAFT)
    refused = await manager.post("/contracts/HGL-1/signature", SIGN)
    await tell(registry, app, *suitable(PROVIDER))
    accepted = await manager.post("/contracts/HGL-1/signature", SIGN)

    assert refused.status_code == 409
    assert [one["code"] for one in refused.json()["errors"]] == ["R-SUITABILITY", "R-EXPERIENCE"]
    assert {one["pointer"] for one in refused.json()["errors"]} == {"/schools/0/site"}
    assert accepted.status_code == 201


async def test_a_second_provider_is_a_finding_where_the_programme_only_flags_it(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, *suitable(PROVIDER), *suitable(CARDEA))
    await signed(manager)
    done = await signed(manager, DRAFT | {"contract": "HGL-2", "provider": CARDEA})

    assert [(one["code"], one["severity"]) for one in done["findings"]] == [("R-ONE-PROVIDER", "FLAG")]


async def test_inv_18_of_two_managers_who_use_codes_that_exclude_each_other_one_wins(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    """INV-18: two contracts, one school, the same moment."""
    await tell(registry, app, *suitable(PROVIDER), *suitable(CARDEA))
    await signed(manager)
    await signed(manager, DRAFT | {"contract": "HGL-2", "provider": CARDEA})

    answers = await asyncio.gather(
        *(
            manager.post(f"/contracts/{name}/product-codes", {"code": code, "site": MIDDEN, "validFrom": "2026-08-01"})
            for name, code in (("HGL-1", "45ABS"), ("HGL-2", "41S01"))
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert [answer.json()["code"] for answer in answers if answer.status_code == 409] == ["R-CODE-MUTEX"]


async def test_a_school_of_another_region_is_as_unknown_as_one_that_does_not_exist(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    """G-21."""
    await tell(registry, app, *suitable(PROVIDER))
    await signed(manager)

    theirs, nothing = [
        await manager.post("/contracts/HGL-1/schools", {"site": code, "validFrom": "2026-09-01"})
        for code in (ELSEWHERE, "99XX99")
    ]

    assert (theirs.status_code, theirs.json()["code"]) == (400, "no-such-site")
    assert theirs.json()["errors"] == nothing.json()["errors"]


async def test_one_provider_per_school_says_both_periods_and_what_would_make_room_also_in_a_dry_run(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, rule("R-ONE-PROVIDER", "BLOCK"), *suitable(PROVIDER), *suitable(CARDEA))
    await signed(manager)
    later = {"site": MIDDEN, "validFrom": "2027-02-01"}
    await signed(manager, DRAFT | {"contract": "HGL-2", "provider": CARDEA, "schools": []})

    for query in ("?dryRun=true", ""):
        refused = await manager.post(f"/contracts/HGL-2/schools{query}", later)
        assert (refused.status_code, refused.json()["code"]) == (409, "covered-elsewhere")
        [said] = refused.json()["errors"]
        assert "2026-08-01 – 2027-07-31" in said["message"]
        assert "2027-02-01 – 2027-07-31" in said["message"]
        assert "2027-01-31" in said["hint"]


async def test_a_notice_cannot_be_withdrawn_once_somebody_else_has_the_days(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    """A dry run says so, too."""
    await tell(registry, app, rule("R-ONE-PROVIDER", "BLOCK"), *suitable(PROVIDER), *suitable(CARDEA))
    await signed(manager)
    await manager.post("/contracts/HGL-1/notices", NOTICE)
    next_one = {"site": MIDDEN, "validFrom": "2027-07-17"}
    await signed(manager, DRAFT | {"contract": "HGL-2", "provider": CARDEA, "schools": [next_one]})

    for query in ("?dryRun=true", ""):
        refused = await manager.post(f"/contracts/HGL-1/notices/1/withdrawal{query}", {"withdrawnOn": "2027-01-02"})
        assert (refused.status_code, refused.json()["code"]) == (409, "covered-elsewhere")


async def test_a_code_without_a_last_day_ends_with_the_contract_so_that_the_next_may_use_another(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, *suitable(PROVIDER), *suitable(CARDEA))
    await signed(manager)
    following = {"contract": "HGL-2", "provider": CARDEA, "validFrom": "2027-08-01", "validTo": "2028-07-31"}
    await signed(manager, DRAFT | following | {"schools": [{"site": MIDDEN, "validFrom": "2027-08-01"}]})

    code = {"code": "45ABS", "site": MIDDEN, "validFrom": "2026-08-01"}
    first = await manager.post("/contracts/HGL-1/product-codes", code)
    other = await manager.post("/contracts/HGL-2/product-codes", code | {"code": "41S01", "validFrom": "2027-08-01"})
    extended = await manager.post("/contracts/HGL-1/extension", {"extended": True, "decidedOn": "2027-01-02"})

    assert [one["validTo"] for one in first.json()["result"]["productCodes"]] == ["2027-07-31"]
    assert other.status_code == 201, other.text
    assert (extended.status_code, extended.json()["code"]) == (409, "R-CODE-MUTEX")


async def test_a_school_from_the_day_after_the_last_is_outside_the_term(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, *suitable(PROVIDER))
    await signed(manager)

    late = await manager.post("/contracts/HGL-1/schools", {"site": NOORD, "validFrom": "2027-08-01"})

    assert (late.status_code, late.json()["code"]) == (400, "outside-term")


async def test_where_the_programme_asks_four_eyes_a_second_account_confirms(
    manager: Desk, registry: Neighbours, app: FastAPI, client: httpx.AsyncClient, mint: Mint
) -> None:
    await tell(registry, app, defined("SIGNATURE", "NOTICE"), *suitable(PROVIDER))
    other = desk(client, mint, "manager-2")
    await manager.post("/contracts", DRAFT)

    proposed = await manager.post("/contracts/HGL-1/signature", SIGN)
    again = await manager.post("/contracts/HGL-1/signature", SIGN)
    confirmed = await other.post("/contracts/HGL-1/signature", SIGN)

    assert (proposed.status_code, proposed.json()["result"]["signedOn"]) == (201, None)
    assert (again.status_code, again.json()["recorded"]) == (200, [])
    assert confirmed.json()["result"]["signedOn"] == "2026-06-01"
    assert confirmed.json()["result"]["proposals"] == []


async def test_a_notice_ends_the_school_at_its_summer_and_shows_what_changes(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, *suitable(PROVIDER))
    await signed(manager)

    shown = (await manager.post("/contracts/HGL-1/notices?dryRun=true", NOTICE)).json()
    done = (await manager.post("/contracts/HGL-1/notices", NOTICE)).json()
    handover = (await manager.get("/contracts/HGL-1/notices/1/handover")).json()

    assert {(one["kind"], one["before"], one["after"]) for one in shown["effects"]} == {
        ("CONTRACT", "2026-08-01/2027-07-31", "2026-08-01/2027-07-16"),
        ("COVERAGE", "2026-08-01/2027-07-31", "2026-08-01/2027-07-16"),
        ("FIGURE", "365", "350"),
    }
    assert done["effects"] == shown["effects"]
    assert done["result"]["schools"] == [{"site": MIDDEN, "validFrom": "2026-08-01", "validTo": "2027-07-16"}]
    assert [(one["site"], one["effectiveOn"]) for one in handover["schools"]] == [(MIDDEN, "2027-07-17")]


async def test_a_late_notice_is_recorded_with_the_next_possible_day_and_can_be_withdrawn(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, *suitable(PROVIDER))
    await signed(manager)

    late = await manager.post("/contracts/HGL-1/notices", NOTICE | {"receivedAt": "2027-01-01T00:00:00+01:00"})
    withdrawn = await manager.post("/contracts/HGL-1/notices/1/withdrawal", {"withdrawnOn": "2027-01-02"})

    [said] = late.json()["result"]["notices"]
    assert (late.status_code, said["inTime"], said["nextLastServiceDay"]) == (201, False, "2033-07-31")
    assert late.json()["result"]["validTo"] == "2027-07-31"
    assert withdrawn.status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("notices", NOTICE | {"receivedAt": "2026-12-30T10:00:00"}, "/receivedAt"),
        ("notices", NOTICE | {"receivedAt": "2026-02-30T10:00:00Z"}, "/receivedAt"),
        ("notices", NOTICE | {"scope": "whole"}, "/scope"),
        ("notices", NOTICE | {"note": "gebeld met mevrouw De Vries"}, "/note"),
        ("extension", {"extended": True, "decidedOn": "2026-02-30"}, "/decidedOn"),
        ("product-codes", {"code": "45ABS", "site": "99HM", "validFrom": "2026-08-01"}, "/site"),
        ("suitability", {"schoolType": "SO_C4", "referenceDate": "2026-08-01", "evidence": ["a b"]}, "/evidence/0"),
        ("notices", NOTICE | {"receivedAt": "0001-01-01T00:00:00+14:00"}, "/receivedAt"),
        ("signature", {"signedOn": "0001-01-01"}, "/signedOn"),
        ("schools", {"site": MIDDEN, "validFrom": "9999-12-31"}, "/validFrom"),
        ("end", {"validTo": "9999-12-31"}, "/validTo"),
    ],
)
async def test_bad_input_gets_a_400_that_points_at_it(manager: Desk, path: str, body: Json, pointer: str) -> None:
    answer = await manager.post(f"/contracts/HGL-1/{path}", body)

    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_a_day_at_an_end_of_the_calendar_is_refused_and_spoils_no_list(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    """One such day in a contract, and whoever asks for the calendar of the region would have to reckon past it."""
    await tell(registry, app, joined(NOORD), *suitable(PROVIDER))
    await signed(manager)

    draft = await manager.post("/contracts", DRAFT | {"contract": "HGL-2", "validTo": "9999-12-31"})
    found = [
        (await manager.get(path, validOn=day)).status_code
        for path in ("/alerts", "/contract-calendar", "/contracts")
        for day in ("0001-01-01", "1990-01-01", "2100-12-31", "9999-12-31")
    ]

    assert (draft.status_code, [one["pointer"] for one in draft.json()["errors"]]) == (400, ["/validTo"])
    assert found == [400, 200, 200, 400] * 3


async def test_history_says_who_when_and_on_whose_authority(
    manager: Desk, client: httpx.AsyncClient, mint: Mint
) -> None:
    authority = {"Act-Authority": "besluit-2026/114", "Act-Reason": "DECIDED"}
    await manager.post("/contracts", DRAFT, **authority)
    provider = Desk(client, mint(organisation=PROVIDER, roles=["provider-manager"]))

    [own] = (await manager.get("/contracts/HGL-1/history")).json()["items"]
    [theirs] = (await provider.get("/contracts/HGL-1/history")).json()["items"]

    assert own["recordedBy"] == {
        "organisation": "region:HGL",
        "client": "manager-1",
        "authority": "besluit-2026/114",
        "reason": "DECIDED",
    }
    assert own["recordedAt"].startswith("2027-01-02T10:00:00")
    assert theirs["recordedBy"]["client"] is None


async def test_the_calendar_is_json_and_for_calendar_programs(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, *suitable(PROVIDER))
    await signed(manager)

    items = (await manager.get("/contract-calendar")).json()["items"]
    text = await manager.get("/contract-calendar", format="ics")
    year = (await manager.get("/contract-calendar", schoolYear="2026-2027", programme=PROGRAMME)).json()["items"]
    wrong = await manager.get("/contract-calendar", schoolYear="2025-2027")

    [deadline] = [one for one in items if one["kind"] == "NOTICE_DEADLINE"]
    assert (deadline["day"], deadline["daysLeft"]) == ("2026-12-31", -2)
    assert [(one["kpi"], one["period"]) for one in deadline["figures"]["variables"]] == [
        ("KPI-HG-01", "2026-2027"),
        ("KPI-HG-02", "2026-2027"),
    ]
    events = icalendar.Calendar.from_ical(text.text).walk("VEVENT")
    assert [str(one["UID"]) for one in events] == [one["uid"] for one in items]
    assert text.headers["content-type"].startswith("text/calendar")
    assert [one["uid"] for one in year] == [one["uid"] for one in items]
    assert (wrong.status_code, [one["code"] for one in wrong.json()["errors"]]) == (400, ["format"])


async def test_an_alert_is_acknowledged_once_and_stays_in_the_list(
    manager: Desk, registry: Neighbours, app: FastAPI, client: httpx.AsyncClient, mint: Mint
) -> None:
    await tell(registry, app, joined(NOORD))
    stranger = Desk(client, mint(organisation="region:HR", roles=["contract-manager"], region="HR"))
    [alert] = (await manager.get("/alerts")).json()["items"]
    path = f"/alerts/{alert['id']}/acknowledgement"

    foreign = await stranger.post(path, {})
    done = await manager.post(path, {"action": "IN_PROGRESS"})
    again = await manager.post(path, {"action": "IN_PROGRESS"})
    [after] = (await manager.get("/alerts", acknowledged="true")).json()["items"]

    assert (alert["kind"], alert["dueOn"]) == ("MISSING_PROVIDER", "2026-08-01")
    assert foreign.status_code == 404
    assert (done.status_code, again.status_code) == (201, 200)
    assert (after["acknowledgedOn"], after["action"]) == ("2027-01-02", "IN_PROGRESS")
    assert (await stranger.get("/alerts")).json()["items"] == []
