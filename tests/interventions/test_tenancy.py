"""Nobody gets in without a token; nobody sees, changes or notices anything of another provider (G-21, G-23)."""

import httpx
import pytest
from fastapi import FastAPI

from services.interventions.held import FIRST
from services.interventions.running import Running
from services.interventions.tenant import acting_as
from tests.fixtures.auth import Mint
from tests.fixtures.routes import assert_nobody_gets_in
from tests.interventions.conftest import BASE, AProvider, Provider, Stored
from tests.interventions.given import (
    AJ,
    CARDEA,
    OTHER_SITE,
    Told,
    a_school_in_order,
    event,
    programme,
    retraction,
    source_of,
)


@pytest.fixture
async def facts() -> list[Told]:
    """Two providers, each with a school in order; both call their staff m-77."""
    return [*programme(), *a_school_in_order(), *a_school_in_order(OTHER_SITE, CARDEA)]


@pytest.fixture
def cardea(provider: AProvider) -> Provider:
    """The other provider."""
    return provider(CARDEA)


async def test_nobody_in_particular_gets_401_everywhere(app: FastAPI, client: httpx.AsyncClient) -> None:
    await assert_nobody_gets_in(app, client)


@pytest.mark.parametrize("role", ["school", "registry-admin", "programme-admin", "provider-manager", "bi"])
async def test_only_a_providers_system_pushes(client: httpx.AsyncClient, mint: Mint, role: str) -> None:
    token = mint(AJ, [role])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    assert (await client.post(f"{BASE}/events", json=event("group", "e-1"), headers=headers)).status_code == 403


async def test_g21_the_same_keys_of_two_providers_have_nothing_to_do_with_each_other(
    aj: Provider, cardea: Provider, stored: Stored
) -> None:
    """G-21: the same id, the same trajectory key, the same reference: two records, two trajectories, two pupils."""
    for one, provider, site in ((aj, AJ, "99HA00"), (cardea, CARDEA, OTHER_SITE)):
        start = event("start", "e-1", provider, siteCode=site)
        end = event("complete", "e-2", provider, siteCode=site)
        await one.created(start, end)
    events = await stored()
    assert len(events) == 4
    assert len({one.columns.subject for one in events}) == 2
    assert len({one.stream for one in events}) == 2


async def test_g21_each_reads_only_its_own(aj: Provider, cardea: Provider, running: Running) -> None:
    """G-21: lists, single events, receipts, held events and findings; another's is the same as none."""
    mine = (await aj.push(event("crisis", "e-1"))).json()
    batch = (await aj.push_all([event("group", "e-2"), event("group", "e-3", staff=["m-99"])])).json()
    await running.finder.reached({("interventions", 1): 2}, 5)
    [held] = (await aj.read("/held-events"))["items"]
    assert len((await aj.read("/events"))["items"]) == 2
    assert len((await aj.read("/findings"))["items"]) == 1
    for path in ("/events", "/held-events", "/findings"):
        assert (await cardea.read(path))["items"] == []
    nothing = await cardea.get("/events/0190f2c4-0000-7000-8000-000000000000")
    for path in (
        f"/events/{mine['receipt']}",
        f"/receipts/{mine['receipt']}",
        f"/receipts/{batch['receipt']}",
        f"/receipts/{held['heldId']}",
        f"/held-events/{held['heldId']}",
    ):
        answer = await cardea.get(path)
        assert (answer.status_code, _without_names(answer)) == (404, _without_names(nothing))
    assert (await cardea.read("/events", source=source_of(AJ), id="e-1"))["items"] == []
    assert (await cardea.delete("/held-events", source=source_of(AJ), id="e-3")).status_code == 404
    assert (await cardea.delete(f"/held-events/{held['heldId']}")).status_code == 404
    assert len((await aj.read("/held-events"))["items"]) == 1


async def test_g21_writing_as_another_is_refused_alike(aj: Provider, cardea: Provider, stored: Stored) -> None:
    """G-21: another's source, another's original: 403 whether it exists or not, also in a list."""
    await aj.created(event("group", "e-1"))
    answers = []
    for id_ in ("e-1", "e-9"):
        stranger = retraction("x-1", id_, CARDEA)
        stranger["data"]["retracts"]["source"] = source_of(AJ)
        answers += [await cardea.push(stranger), await cardea.push(event("group", id_, AJ))]
    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["code"] for answer in answers} == {"source-not-yours"}
    assert _without_names(answers[0]) == _without_names(answers[2])
    assert _without_names(answers[1]) == _without_names(answers[3])
    assert len(await stored()) == 1


async def test_g21_a_cursor_is_of_no_use_to_another(aj: Provider, cardea: Provider) -> None:
    """G-21: cursors are bound to the organisation."""
    await aj.created(event("group", "e-1"), event("group", "e-2"))
    cursor = (await aj.read("/events", limit="1"))["nextCursor"]
    assert [one["id"] for one in (await aj.read("/events", limit="1", cursor=cursor))["items"]] == ["e-2"]
    answer = await cardea.get("/events", limit="1", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-invalid")


async def test_g21_another_providers_school_tells_nothing_about_it(cardea: Provider, aj: Provider) -> None:
    """G-21: at another's school there is no contract known, whoever has one."""
    body = (await cardea.push(event("group", "e-1", CARDEA, siteCode="99HA00"))).json()
    assert body["verdict"] == "held"
    assert AJ not in str(body) and "99990001" not in str(body)


@pytest.mark.parametrize("table", ["held_events", "receipts", "findings"])
async def test_g21_row_policies_hide_what_a_query_forgets(aj: Provider, running: Running, table: str) -> None:
    """G-21: the second line; without an organisation nothing is seen at all."""
    await aj.push_all([event("crisis", "e-1"), event("group", "e-2", staff=["m-99"])])
    await running.finder.reached({("interventions", 1): 1}, 5)
    query = f"select count(*) from app.{table}"
    async with acting_as(running.pool, AJ) as connection:
        assert await connection.fetchval(query) == 1
    async with acting_as(running.pool, CARDEA) as connection:
        assert await connection.fetchval(query) == 0
    assert await running.pool.fetchval(query) == 0
    assert await running.held.own(CARDEA, FIRST, 10) == []


def _without_names(answer: httpx.Response) -> dict[str, object]:
    """A problem without what names the single request."""
    return {name: value for name, value in answer.json().items() if name not in ("instance", "traceId")}
