"""What is shown over HTTP, and to whom: history, handover, the calendar, alerts."""

import httpx
import icalendar
from fastapi import FastAPI

from services.contracts.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.contracts.desk import Desk
from tests.contracts.given import MIDDEN, NOORD
from tests.contracts.haaglanden.region import DRAFT, NOTICE, defined, signed, suitable, tell
from tests.contracts.told import PROGRAMME, PROVIDER, assigned, joined
from tests.fixtures.auth import Mint
from tests.fixtures.services import Serve
from tests.interventions.given import CARDEA, Neighbours


async def test_what_waits_for_a_second_account_is_for_the_region_alone(
    manager: Desk, registry: Neighbours, app: FastAPI, client: httpx.AsyncClient, mint: Mint
) -> None:
    """The other party must not read of a notice before it is given."""
    await tell(registry, app, defined("NOTICE"), *suitable(PROVIDER))
    await signed(manager)
    await manager.post("/contracts/HGL-1/notices", NOTICE | {"by": "REGION"})
    provider = Desk(client, mint(organisation=PROVIDER, roles=["provider-manager"]))

    for who, waiting in ((manager, 1), (provider, 0)):
        history = (await who.get("/contracts/HGL-1/history")).json()["items"]
        assert len([one for one in history if "proposed" in one["type"]]) == waiting
        assert len((await who.get("/contracts/HGL-1")).json()["proposals"]) == waiting
        assert len((await who.get("/contracts")).json()["items"][0]["proposals"]) == waiting


async def test_the_handover_list_tells_each_municipality_of_its_own_schools(
    manager: Desk, registry: Neighbours, app: FastAPI, client: httpx.AsyncClient, mint: Mint
) -> None:
    """Who comes after is told to the region, and to a provider only if it is its own contract."""
    both = ("region-defined.v1", {"region": "HGL", "municipalities": ["GM0637", "GM0518"], "validFrom": "2000-01-01"})
    moved = {"site": NOORD, "municipality": "GM0518", "validFrom": "2000-01-01"}
    people = (assigned("m-1", MIDDEN, 18), assigned("m-2", NOORD, 12))
    await tell(
        registry, app, both, ("site-municipality-changed.v1", moved), *people, *suitable(PROVIDER), *suitable(CARDEA)
    )
    await signed(manager, DRAFT | {"schools": [{"site": site, "validFrom": "2026-08-01"} for site in (MIDDEN, NOORD)]})
    await manager.post("/contracts/HGL-1/notices", NOTICE)
    nxt = {"contract": "HGL-2", "provider": CARDEA, "schools": [{"site": MIDDEN, "validFrom": "2027-07-17"}]}
    await signed(manager, DRAFT | nxt)
    zoetermeer = mint(organisation="gm:GM0637", roles=["municipal-account-holder"], municipalities=["GM0637"])
    everyone = (
        manager,
        Desk(client, zoetermeer),
        Desk(client, mint(organisation=PROVIDER, roles=["provider-manager"])),
    )

    lists = [(await who.get("/contracts/HGL-1/notices/1/handover")).json()["schools"] for who in everyone]

    assert [[(s["site"], [p["staff"] for p in s["leaving"]], s["nextProvider"]) for s in found] for found in lists] == [
        [(MIDDEN, ["m-1"], CARDEA), (NOORD, ["m-2"], None)],
        [(MIDDEN, ["m-1"], CARDEA)],
        [(MIDDEN, ["m-1"], None), (NOORD, ["m-2"], None)],
    ]


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


async def test_a_round_of_figures_is_behind_schedule_until_kpi_has_them(
    manager: Desk, registry: Neighbours, app: FastAPI, databases: Settings, clock: FrozenClock
) -> None:
    configuration = {"holidayRegion": "MIDDEN", "cadence": "YEARLY"}
    told = {"programme": PROGRAMME, "region": "HGL", "configuration": configuration, "validFrom": "2022-01-01"}
    await tell(registry, app, ("programme-defined.v1", told), joined(MIDDEN))
    after = {"kind": "ROUND_BEHIND", "validOn": "2027-02-01"}

    before = (await manager.get("/alerts", **after)).json()["items"]
    async with await open_pool(databases, "kpi") as pool:
        log = Log("kpi", pool, clock)
        await log.start()
        kpi = Neighbours({"kpi": log}, clock)
        await kpi.tell(
            ("kpi", "data-delivery-submitted.v1", {"programme": PROGRAMME, "site": MIDDEN, "period": "2026"})
        )
        head = (await log.head()).position
        await log.close()
    assert await app.state.deliveries.reached({("kpi", head.shard): head.number}, 5.0)

    assert [(one["id"], one["dueOn"]) for one in before] == [("round-behind.HG-COLLECTIEF.2026", "2027-01-31")]
    assert (await manager.get("/alerts", **after)).json()["items"] == []


async def test_copies_that_were_read_in_anew_answer_the_same(
    manager: Desk, registry: Neighbours, app: FastAPI, databases: Settings, keys: StaticKeys, serve: Serve
) -> None:
    """A process that starts after everything happened knows what the one knows that saw it happen."""
    await tell(registry, app, joined(NOORD), assigned("m-1", MIDDEN, 18), *suitable(PROVIDER), *suitable(CARDEA))
    await signed(manager)
    await manager.post("/contracts/HGL-1/product-codes", {"code": "45ABS", "site": MIDDEN, "validFrom": "2026-08-01"})
    await manager.post("/contracts/HGL-1/notices", NOTICE)
    await manager.post("/contracts/HGL-1/notices/1/withdrawal", {"withdrawnOn": "2027-01-02"})
    await manager.post("/contracts/HGL-1/notices", NOTICE | {"by": "REGION"})
    await manager.post("/contracts", DRAFT | {"contract": "HGL-2", "provider": CARDEA})
    [first, *_] = (await manager.get("/alerts")).json()["items"]
    await manager.post(f"/alerts/{first['id']}/acknowledgement", {})

    again = Desk(await serve(create_app(databases, app.state.running.clock, keys)), manager.token)

    for path in ("/contracts", "/contracts/HGL-1", "/contracts/HGL-1/history", "/contracts/HGL-1/notices/2/handover",
                 "/contract-calendar", "/alerts"):  # fmt: skip
        live, rebuilt = await manager.get(path), await again.get(path)
        assert (live.status_code, live.json()) == (200, rebuilt.json()), path
        assert live.headers.get("ETag") == rebuilt.headers.get("ETag")
