"""As known on a day, and never back in time."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from services.kpi.cuts import as_payload
from services.kpi.standing import applied
from tests.kpi.gateway.conftest import Dashboard
from tests.kpi.gateway.test_figures import HALF, WHOLE
from tests.kpi.page import SITES

LATER = """{ josFigures(programme: "HR-JOS", period: "2022-H1", basis: EVENTS, asKnownOn: "%s") { recipients } }"""


async def cut(dashboard: Dashboard, day: date) -> None:
    """The midnight cut of a day, as kpi records it."""
    books = dashboard.books
    payload = {"cut": f"midnight-{day}", "day": day.isoformat(), "reason": "MIDNIGHT"}
    books.write("kpi", "cut-recorded.v1", {**payload, **as_payload(await applied(books.connection), ())})
    await books.post()


async def test_each_day_keeps_its_own_answer_for_ever(dashboard: Dashboard) -> None:
    days = [date(2022, 7, 5), date(2022, 7, 6), date(2022, 7, 7)]
    for number, day in enumerate(days):
        dashboard.books.started(f"late{number}", 9000 + number, date(2022, 3, 1), site=SITES[0])
        await dashboard.books.post()
        await cut(dashboard, day)
    for _ in range(2):
        answers = [(await dashboard.data(LATER % day))["josFigures"]["recipients"] for day in days]
        assert answers == [413, 414, 415]
        dashboard.books.started(f"more{_}", 9100 + _, date(2022, 3, 1), site=SITES[0])
        await dashboard.books.post()
    named = (await dashboard.data(LATER % "midnight-2022-07-06"))["josFigures"]["recipients"]
    assert named == 414


async def test_a_figure_says_as_of_which_cut_it_is(dashboard: Dashboard) -> None:
    await cut(dashboard, date(2022, 7, 5))
    [node] = (await dashboard.data(WHOLE, kpi="KPI-HR-04", filter=HALF, known="2022-07-05"))["kpi"]["figures"]["nodes"]
    assert (node["value"], node["knownOn"]) == (412.0, "midnight-2022-07-05")


async def test_a_day_that_is_not_over_cannot_be_asked_for(dashboard: Dashboard) -> None:
    for day in ("2022-07-05", "2099-01-01", "no-such-cut", "2022-02-30"):
        status, error = await dashboard.refused(LATER % day)
        assert (status, error["extensions"]["code"]) == (400, "ARGUMENT"), day


async def test_g13_every_answer_carries_the_token_of_what_it_reflects(dashboard: Dashboard) -> None:
    """G-13."""
    answer = await dashboard.ask("{ programmes { code } }")
    token = answer.json()["extensions"]["token"]
    [node] = (await dashboard.data(WHOLE, kpi="KPI-HR-04", filter=HALF, atLeast=token))["kpi"]["figures"]["nodes"]
    assert node["value"] == 412


async def test_g13_an_answer_waits_for_what_its_asker_has_seen(dashboard: Dashboard) -> None:
    """G-13: the event comes while the request waits."""
    books = dashboard.books
    token = await ahead(dashboard, 1)
    asking = asyncio.create_task(
        dashboard.data(WHOLE, kpi="KPI-HR-04", filter={**HALF, "basis": "EVENTS"}, atLeast=token)
    )
    books.started("fresh", 9001, date(2022, 3, 1), site=SITES[0])
    await books.post()
    [node] = (await asking)["kpi"]["figures"]["nodes"]
    assert node["value"] == 413


async def test_g13_what_does_not_come_in_time_is_503_with_retry_after(dashboard: Dashboard) -> None:
    """G-13, Q-28."""
    token = await ahead(dashboard, 1)
    variables = {"kpi": "KPI-HR-04", "filter": HALF, "atLeast": token}
    answer = await dashboard.ask(WHOLE, **variables)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_YET_VISIBLE"


@pytest.mark.parametrize("caller", ["steward", "outsider", "provider", "school"])
async def test_who_reported_at_a_cut_is_told_to_whoever_may_not_see_by_what(dashboard: Dashboard, caller: str) -> None:
    """What is open to everybody rests on events that are not: the figure is the same, live and as known."""
    await cut(dashboard, date(2022, 7, 4))
    query = """query($known: String) { kpi(code: "KPI-HR-03") {
      figures(filter: {programme: "HR-JOS", period: "2022-H1", basis: EVENTS}, by: [SCHOOL], asKnownOn: $known) {
        nodes { key { school { siteCode } } value completeness { expected reporting } } } } }"""
    who = getattr(dashboard, caller)()
    live, known = [(await dashboard.data(query, who, known=day))["kpi"]["figures"] for day in (None, "2022-07-04")]
    assert live == known
    assert sum(node["completeness"]["reporting"] for node in live["nodes"]) == 11


async def test_a_token_that_is_not_ours_is_an_argument_error(dashboard: Dashboard) -> None:
    status, error = await dashboard.refused(WHOLE, kpi="KPI-HR-04", filter=HALF, atLeast="nonsense")
    assert (status, error["extensions"]["code"], error["extensions"]["reason"]) == (400, "ARGUMENT", "token-invalid")


async def test_an_answer_is_remembered_until_the_ledger_moves(dashboard: Dashboard) -> None:
    query = """{ kpi(code: "KPI-HR-04") {
      figures(filter: {programme: "HR-JOS", period: "2022-H1", basis: EVENTS}) { nodes { value } } } }"""
    first = await dashboard.ask(query)
    assert (await dashboard.ask(query)).content == first.content
    dashboard.books.started("fresh", 9001, date(2022, 3, 1), site=SITES[0])
    await dashboard.books.post()
    again = await dashboard.ask(query)
    assert again.json()["data"]["kpi"]["figures"]["nodes"] == [{"value": 413.0}]
    assert again.json()["extensions"]["token"] != first.json()["extensions"]["token"]


async def test_what_is_remembered_for_one_caller_is_not_another_s(dashboard: Dashboard) -> None:
    query = "{ me { organisation } }"
    assert (await dashboard.data(query))["me"]["organisation"] == "region:HR"
    assert (await dashboard.data(query, dashboard.provider()))["me"]["organisation"] == "kvknr:99990001"


async def test_lag_is_told_from_when_the_ledger_was_last_complete(dashboard: Dashboard) -> None:
    until = datetime(2022, 7, 5, 9, 59, 57, tzinfo=UTC)
    for log in ("registry", "contracts", "interventions", "kpi"):
        await dashboard.books.connection.execute("insert into app.caught_up values ($1, $2)", log, until)
    query = """{ kpi(code: "KPI-HR-04") {
      figures(filter: {programme: "HR-JOS", period: "2022-H1"}) { nodes { asOf lagSeconds } } } }"""
    [node] = (await dashboard.data(query))["kpi"]["figures"]["nodes"]
    assert node["lagSeconds"] == 3.0
    assert datetime.fromisoformat(node["asOf"]) == until


async def ahead(dashboard: Dashboard, events: int) -> str:
    """A token for so many events more than the ledger has applied."""
    positions = dict(await applied(dashboard.books.connection))
    positions["interventions", 1] += events
    token: str = dashboard.client._transport.app.state.gateway.tokens.seal(positions)  # type: ignore[attr-defined]
    return token
