"""A contract of Haaglanden over HTTP: rules that block, what is claimed, and four eyes."""

import asyncio

import httpx
from fastapi import FastAPI

from tests.contracts.desk import Desk
from tests.contracts.given import MIDDEN
from tests.contracts.haaglanden.region import (
    DRAFT,
    ELSEWHERE,
    SIGN,
    defined,
    desk,
    signed,
    suitable,
    tell,
)
from tests.contracts.told import PROVIDER, rule
from tests.fixtures.auth import Mint
from tests.interventions.given import CARDEA, Neighbours


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
