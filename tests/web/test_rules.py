"""Nobody in particular gets nowhere, and a route without a rule does not start (G-23)."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from shared.web.routing import router
from shared.web.rules import check_routes
from tests.fixtures.auth import Mint
from tests.fixtures.routes import assert_nobody_gets_in, every_route


async def test_g23_nobody_gets_in_anywhere(sample: FastAPI, nobody: httpx.AsyncClient) -> None:
    """G-23: every route outside the short list refuses a caller without a token."""
    await assert_nobody_gets_in(sample, nobody)
    assert {path for _, path in every_route(sample)} == {
        "/sample/v1/me",
        "/sample/v1/visits",
        "/sample/v1/visits/x",
        "/sample/v1/visits/x/minutes",
        "/sample/v1/trouble/x",
        "/sample/v1/raw",
    }


async def test_g23_a_route_without_a_rule_does_not_start(sample: FastAPI) -> None:
    """G-23: a new route without an authorisation rule fails the build, and the start."""
    forgotten = router()

    @forgotten.get("/forgotten")
    async def forgotten_route() -> None: ...

    sample.include_router(forgotten, prefix="/sample/v1")
    with pytest.raises(LookupError, match="/sample/v1/forgotten"):
        check_routes(sample)
    with pytest.raises(LookupError, match="/sample/v1/forgotten"):
        async with sample.router.lifespan_context(sample):
            raise AssertionError("it started")


async def test_a_route_that_reads_bodies_loosely_does_not_start(sample: FastAPI) -> None:
    loose = APIRouter()

    @loose.get("/token")
    async def token() -> None: ...

    sample.include_router(loose)
    with pytest.raises(LookupError, match="/token"):
        check_routes(sample)


async def test_nobody_is_told_so_before_anything_is_read(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.post("/sample/v1/visits", content=b"\xff" * 100_000, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="jos"'


async def test_another_role_or_a_missing_scope_is_not_allowed(nobody: httpx.AsyncClient, mint: Mint) -> None:
    for roles, scope in (["school"], "trouble"), (["auditor"], ""), ([], "trouble"):
        headers = {"Authorization": f"Bearer {mint('region:HR', roles, scope=scope)}"}
        answer = await nobody.get("/sample/v1/trouble/refused", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_raw_route_is_guarded_the_same(client: httpx.AsyncClient, mint: Mint) -> None:
    assert (await client.post("/sample/v1/raw", content=b'{"a":1}')).json()["organisation"] == "kvknr:99990001"
    headers = {"Authorization": f"Bearer {mint('brin:99HA', ['school'])}"}
    assert (await client.post("/sample/v1/raw", content=b"{}", headers=headers)).status_code == 403
