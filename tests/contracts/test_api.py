"""Contracts over HTTP, on a real database, with the registry's facts in its log."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.contracts.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.contracts.desk import Desk
from tests.fixtures.auth import Mint
from tests.fixtures.routes import assert_nobody_gets_in
from tests.fixtures.services import Serve
from tests.interventions.given import AJ, CARDEA, OTHER_SITE, SITE, Neighbours, Told, programme, rule, site

Json = dict[str, Any]
FROM, TO = "2022-01-01", "2026-07-31"
DRAFT: Json = {
    "contract": "HR-AJ",
    "programme": "HR-JOS",
    "provider": AJ,
    "validFrom": FROM,
    "validTo": TO,
    "schools": [{"site": SITE, "validFrom": FROM}],
}
SIGNED = {"signedOn": "2021-12-15"}


REGION: Told = (
    "registry",
    "region-defined.v1",
    {"region": "HR", "name": "x", "subRegions": [], "municipalities": ["GM0546"], "validFrom": FROM},
)


def provider(code: str) -> Told:
    """A provider is registered."""
    return ("registry", "provider-registered.v1", {"provider": code, "name": "x", "kvk": code[-8:], "validFrom": FROM})


@pytest.fixture
async def registry(databases: Settings, clock: FrozenClock) -> AsyncIterator[Neighbours]:
    """The registry's log, which knows the programme, two providers and two sites."""
    async with await open_pool(databases, "registry") as pool:
        log = Log("registry", pool, clock)
        await log.start()
        neighbours = Neighbours({"registry": log}, clock)
        await neighbours.tell(
            *programme()[:1],
            rule("R-ONE-PROVIDER", "BLOCK"),
            REGION,
            provider(AJ),
            provider(CARDEA),
            site(SITE),
            site(OTHER_SITE),
        )
        yield neighbours
        await log.close()


@pytest.fixture
def app(databases: Settings, clock: FrozenClock, keys: StaticKeys, registry: Neighbours) -> FastAPI:
    return create_app(databases, clock, keys)


@pytest.fixture
async def client(app: FastAPI, serve: Serve) -> httpx.AsyncClient:
    return await serve(app)


@pytest.fixture
def manager(client: httpx.AsyncClient, mint: Mint) -> Desk:
    """The contract manager of Holland Rijnland."""
    return Desk(client, mint(organisation="region:HR", roles=["contract-manager"], region="HR"))


@pytest.fixture
def stranger(client: httpx.AsyncClient, mint: Mint) -> Desk:
    """The contract manager of another region."""
    return Desk(client, mint(organisation="region:HGL", roles=["contract-manager"], region="HGL"))


async def signed(manager: Desk, draft: Json = DRAFT) -> Json:
    """A contract, drafted and signed."""
    assert (await manager.post("/contracts", draft)).status_code == 201
    answer = await manager.post(f"/contracts/{draft['contract']}/signature", SIGNED)
    assert answer.status_code == 201, answer.text
    done: Json = answer.json()
    return done


async def test_nobody_in_particular_gets_in_anywhere(app: FastAPI, client: httpx.AsyncClient) -> None:
    await assert_nobody_gets_in(app, client)


async def test_signing_records_the_term_and_the_coverage_together(manager: Desk) -> None:
    done = await signed(manager)

    assert [one["type"].rpartition(".")[0].rpartition(".")[2] for one in done["recorded"]] == [
        "contract-signed",
        "school-coverage-added",
    ]
    assert done["result"]["schools"] == [{"site": SITE, "validFrom": FROM, "validTo": TO}]


async def test_every_act_asked_twice_happens_once(manager: Desk) -> None:
    await signed(manager)
    acts: list[tuple[str, Json]] = [
        ("/contracts", DRAFT),
        ("/contracts/HR-AJ/signature", SIGNED),
        ("/contracts/HR-AJ/schools", {"site": OTHER_SITE, "validFrom": FROM, "validTo": TO}),
        ("/contracts/HR-AJ/schools/99HB00/end", {"validTo": "2024-07-31"}),
        ("/contracts/HR-AJ/end", {"validTo": "2025-07-31"}),
    ]
    for path, body in acts[2:]:
        assert (await manager.post(path, body)).status_code == 201
    for path, body in (acts[1], acts[3], acts[4]):
        again = await manager.post(path, body)
        assert (again.status_code, again.json()["recorded"]) == (200, [])


async def test_the_same_key_gives_the_earlier_answer(manager: Desk) -> None:
    first = await manager.post("/contracts", DRAFT, **{"Idempotency-Key": "k-1"})
    again = await manager.post("/contracts", DRAFT, **{"Idempotency-Key": "k-1"})
    other = await manager.post("/contracts", DRAFT | {"validTo": None}, **{"Idempotency-Key": "k-1"})

    assert again.json()["recorded"] == first.json()["recorded"]
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")


async def test_two_managers_who_cover_one_school_at_once_one_wins(manager: Desk) -> None:
    other = DRAFT | {"contract": "HR-CA", "provider": CARDEA}
    for draft in (DRAFT, other):
        assert (await manager.post("/contracts", draft)).status_code == 201

    answers = await asyncio.gather(
        *(manager.post(f"/contracts/{name}/signature", SIGNED) for name in ("HR-AJ", "HR-CA"))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [lost] = [answer.json() for answer in answers if answer.status_code == 409]
    assert lost["code"] == "covered-elsewhere"
    assert f"{FROM} – {TO}" in lost["errors"][0]["message"]


async def test_an_end_gives_the_school_back_to_others(manager: Desk) -> None:
    await signed(manager)
    assert (await manager.post("/contracts/HR-AJ/end", {"validTo": "2023-07-31"})).status_code == 201
    later = {"contract": "HR-CA", "provider": CARDEA, "validFrom": "2023-08-01", "schools": []}
    await signed(manager, DRAFT | later)

    answer = await manager.post("/contracts/HR-CA/schools", {"site": SITE, "validFrom": "2023-08-01", "validTo": TO})

    assert answer.status_code == 201, answer.text


async def test_a_draft_that_names_unknown_things_says_all_of_them_at_once(manager: Desk) -> None:
    draft = DRAFT | {
        "programme": "HR-JOZ",
        "provider": "kvknr:99990009",
        "schools": [{"site": "99ZZ00", "validFrom": FROM}],
    }

    answer = await manager.post("/contracts", draft)

    assert answer.status_code == 400
    assert [(e["code"], e["pointer"]) for e in answer.json()["errors"]] == [
        ("no-such-programme", "/programme"),
        ("no-such-provider", "/provider"),
        ("no-such-site", "/schools/0/site"),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (DRAFT | {"validFrom": "2022-02-30"}, "/validFrom"),
        (DRAFT | {"name": "Jansen"}, "/name"),
        (DRAFT | {"provider": "99990001"}, "/provider"),
        (DRAFT | {"schools": [{"site": "99HA", "validFrom": FROM}]}, "/schools/0/site"),
        ({}, "/contract"),
    ],
)
async def test_bad_input_gets_a_400_that_points_at_it(manager: Desk, body: Json, pointer: str) -> None:
    answer = await manager.post("/contracts", body)

    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_a_dry_run_shows_and_stores_nothing(manager: Desk) -> None:
    shown = await manager.post("/contracts?dryRun=true", DRAFT)

    assert shown.status_code == 200
    assert len(shown.json()["recorded"]) == 1
    assert (await manager.get("/contracts/HR-AJ")).status_code == 404


async def test_a_stale_if_match_is_refused(manager: Desk) -> None:
    await signed(manager)

    answer = await manager.post("/contracts/HR-AJ/end", {"validTo": "2025-07-31"}, **{"If-Match": '"1"'})

    assert answer.status_code == 412
    assert "changedBy" in answer.json()


async def test_g21_another_regions_contract_answers_as_if_it_did_not_exist(manager: Desk, stranger: Desk) -> None:
    await signed(manager)

    def told(answer: httpx.Response) -> Json:
        return {k: v for k, v in answer.json().items() if k not in ("instance", "traceId")}

    for path, body in (("signature", SIGNED), ("end", {"validTo": "2025-07-31"})):
        theirs = await stranger.post(f"/contracts/HR-AJ/{path}", body)
        nothing = await stranger.post(f"/contracts/HR-XX/{path}", body)
        assert (theirs.status_code, told(theirs)) == (nothing.status_code, told(nothing)), path
    theirs, nothing = [await stranger.post("/contracts", DRAFT | {"contract": c}) for c in ("HR-AJ", "HR-XX")]
    assert (theirs.status_code, told(theirs)) == (400, told(nothing))
    theirs, nothing = await stranger.get("/contracts/HR-AJ"), await stranger.get("/contracts/HR-XX")
    assert (theirs.status_code, told(theirs)) == (404, told(nothing))
    assert (await stranger.get("/contracts")).json()["items"] == []


async def test_a_provider_reads_its_own_contracts_alone(manager: Desk, client: httpx.AsyncClient, mint: Mint) -> None:
    await signed(manager)
    aj, cardea = (Desk(client, mint(organisation=code, roles=["provider-manager"])) for code in (AJ, CARDEA))

    assert [one["contract"] for one in (await aj.get("/contracts")).json()["items"]] == ["HR-AJ"]
    assert (await cardea.get("/contracts")).json()["items"] == []
    assert (await aj.post("/contracts", DRAFT)).status_code == 403


async def test_a_contract_is_read_as_it_was_known(manager: Desk, clock: FrozenClock) -> None:
    await signed(manager)
    before = clock.now().isoformat()
    clock.move(by=timedelta(minutes=5))
    await manager.post("/contracts/HR-AJ/end", {"validTo": "2025-07-31"})

    now = (await manager.get("/contracts/HR-AJ")).json()
    then = (await manager.get("/contracts/HR-AJ", knownAt=before)).json()

    assert (then["validTo"], now["validTo"]) == (TO, "2025-07-31")
