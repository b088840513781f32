"""Bad input over HTTP: refused at its place, and nothing is spoilt by it."""

import pytest
from fastapi import FastAPI

from tests.contracts.desk import Desk
from tests.contracts.given import MIDDEN, NOORD
from tests.contracts.haaglanden.region import DRAFT, NOTICE, Json, signed, suitable, tell
from tests.contracts.told import PROVIDER, joined
from tests.interventions.given import Neighbours


async def test_a_school_from_the_day_after_the_last_is_outside_the_term(
    manager: Desk, registry: Neighbours, app: FastAPI
) -> None:
    await tell(registry, app, *suitable(PROVIDER))
    await signed(manager)

    late = await manager.post("/contracts/HGL-1/schools", {"site": NOORD, "validFrom": "2027-08-01"})

    assert (late.status_code, late.json()["code"]) == (400, "outside-term")


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


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("", DRAFT | {"contract": "HGL-111222333"}, "/contract"),
        ("", DRAFT | {"lot": "lot-111222333"}, "/lot"),
        ("/HGL-1/suitability", {"schoolType": "SO_C4", "referenceDate": "2026-08-01", "evidence": ["111222333"]},
         "/evidence/0"),
        ("/HGL-1/tariff-variables", {"name": "BSN_111222333", "unit": "EURO"}, "/name"),
        ("/HGL-1/tariff-variables", {"name": "TRAVEL", "unit": "EURO", "value": "111222333"}, "/value"),
    ],
)  # fmt: skip
async def test_g30_a_bsn_is_refused_in_every_text_and_not_told_again(
    manager: Desk, path: str, body: Json, pointer: str
) -> None:
    """G-30: 111222333 passes the test for a citizen service number."""
    answer = await manager.post(f"/contracts{path}", body)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "111222333" not in answer.text.replace(answer.json().get("instance", ""), "")


@pytest.mark.parametrize("code", ["HGL-2022-99990003", "HGL-2026-12345", "HGL-2026-06-15", "HGL-20260615"])
async def test_a_contract_may_be_called_by_a_kvk_number_a_year_or_a_day(manager: Desk, code: str) -> None:
    """99990003 would pass for a BSN of eight digits."""
    assert (await manager.post("/contracts", DRAFT | {"contract": code})).status_code == 201


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
