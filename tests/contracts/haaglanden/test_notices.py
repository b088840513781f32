"""Notices over HTTP: what they end, what they show before, and when they come too late."""

from fastapi import FastAPI

from tests.contracts.desk import Desk
from tests.contracts.given import MIDDEN
from tests.contracts.haaglanden.region import DRAFT, NOTICE, signed, suitable, tell
from tests.contracts.told import PROVIDER, rule
from tests.interventions.given import CARDEA, Neighbours


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
