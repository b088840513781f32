"""Who sees what, as long as there is no disclosure control: the table of `access.py`, role by role."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.fixtures.routes import assert_nobody_gets_in
from tests.kpi.gateway.conftest import OTHER, Dashboard
from tests.kpi.page import SITES

FIGURES = """query($kpi: String!, $filter: FigureFilter!, $by: [Dimension!]) {
  kpi(code: $kpi) { code figures(filter: $filter, by: $by) {
    nodes { value key { school { siteCode } } } totals { value } } } }"""
SERIES = """query($kpi: String!, $filter: FigureFilter!, $by: [Dimension!]) {
  kpi(code: $kpi) { code series(filter: $filter, by: $by) { values } } }"""
WARNINGS = """{ kpi(code: "KPI-HR-04") {
  figures(filter: {programme: "HR-JOS", period: "2022-H1"}) { nodes { value warnings { code } } } } }"""
PAGE = """{ josFigures(programme: "HR-JOS", period: "2022-H1") {
  pupils recipients schools { name } disclosure { policy } } }"""
HALF = {"programme": "HR-JOS", "period": "2022-H1"}

Who = Callable[[Dashboard], str]

PARTNERS: dict[str, Who] = {
    "municipality": lambda dashboard: dashboard.municipality(),
    "bi": lambda dashboard: dashboard.bi(),
    "researcher": lambda dashboard: dashboard.token("oin:1", ["researcher"], programmes=["HR-JOS"]),
    "partnership": lambda dashboard: dashboard.token("oin:1", ["partnership"], programmes=["HR-JOS"]),
    "auditor": lambda dashboard: dashboard.token("oin:1", ["auditor"], programmes=["HR-JOS"]),
    "account holder": lambda dashboard: dashboard.token(
        "gm:GM0546", ["municipal-account-holder"], municipalities=["GM0546"]
    ),
    "contract manager": lambda dashboard: dashboard.token(
        "region:HR", ["contract-manager"], region="HR", programmes=["HR-JOS"]
    ),
}
BELOW: list[tuple[dict[str, object], list[str] | None]] = [
    ({}, ["SCHOOL"]),
    ({}, ["PROVIDER"]),
    ({}, ["MUNICIPALITY"]),
    ({}, ["SCHOOL_TYPE"]),
    ({"school": ["99HA00"]}, None),
    ({"provider": ["kvknr:99990001"]}, None),
    ({"municipality": ["GM0546"]}, None),
    ({"school": ["00ZZ00"]}, None),
    ({"school": []}, None),
]


async def test_g23_nobody_gets_in(dashboard: Dashboard) -> None:
    """G-23."""
    await assert_nobody_gets_in(dashboard.client._transport.app, dashboard.client)  # type: ignore[attr-defined]
    answer = await dashboard.client.post("/graphql", json={"query": "{ programmes { code } }"})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("name", PARTNERS)
async def test_partners_see_totals_of_the_programme_and_nothing_below(dashboard: Dashboard, name: str) -> None:
    who = PARTNERS[name](dashboard)
    found = (await dashboard.data(FIGURES, who, kpi="KPI-HR-04", filter=HALF))["kpi"]["figures"]
    assert (found["nodes"][0]["value"], found["totals"]["value"]) == (412, 412)
    for kpi in ("KPI-HR-04", "KPI-HR-09"):
        for query in (FIGURES, SERIES):
            for filter_, by in BELOW:
                status, error = await dashboard.refused(query, who, kpi=kpi, filter={**HALF, **filter_}, by=by)
                assert (status, error["extensions"]["code"]) == (403, "FORBIDDEN"), (name, kpi, filter_, by)
                assert error["extensions"]["hint"]


async def test_a_refused_field_leaves_its_neighbours_answered(dashboard: Dashboard) -> None:
    answer = await dashboard.ask(FIGURES, dashboard.bi(), kpi="KPI-HR-04", filter=HALF, by=["SCHOOL"])
    assert answer.json()["data"] == {"kpi": {"code": "KPI-HR-04", "figures": None}}


async def test_warnings_of_schools_are_not_for_partners_but_the_figure_beside_them_is(dashboard: Dashboard) -> None:
    """Q-32."""
    answer = await dashboard.ask(WARNINGS, dashboard.municipality())
    assert answer.status_code == 200
    body = answer.json()
    assert body["data"]["kpi"]["figures"]["nodes"] == [{"value": 412.0, "warnings": None}]
    assert [error["extensions"]["code"] for error in body["errors"]] == ["FORBIDDEN"]


async def test_g22_a_programme_that_was_not_granted_is_closed(dashboard: Dashboard) -> None:
    """G-22: a municipality that takes no part, a BI client with another grant, a steward of another region."""
    others = (
        dashboard.municipality("GM9999"),
        dashboard.bi("OTHER-JOS"),
        dashboard.outsider(),
        dashboard.token("region:XX", ["programme-admin"], region="XX"),
        dashboard.token("region:HR", ["programme-admin"]),
    )
    for who in others:
        status, error = await dashboard.refused(FIGURES, who, kpi="KPI-HR-04", filter=HALF)
        assert (status, error["extensions"]["code"]) == (403, "FORBIDDEN")


async def test_what_is_public_is_open_to_everybody_who_is_signed_in(dashboard: Dashboard) -> None:
    who = dashboard.outsider()
    types = await dashboard.data(FIGURES, who, kpi="KPI-HR-01", filter=HALF, by=["SCHOOL_TYPE"])
    assert sum(node["value"] for node in types["kpi"]["figures"]["nodes"]) == 15
    [node] = (await dashboard.data(FIGURES, who, kpi="KPI-HR-14", filter=HALF))["kpi"]["figures"]["nodes"]
    assert node["value"] == 9
    assert (await dashboard.data('{ schools(programme: "HR-JOS") { totalCount } }', who))["schools"]["totalCount"] == 15


async def test_the_page_shows_everybody_what_is_theirs(dashboard: Dashboard) -> None:
    page = (await dashboard.data(PAGE, dashboard.municipality()))["josFigures"]
    assert (page["recipients"], page["disclosure"]["policy"], len(page["schools"])) == (412, "TOTALS", 15)
    answer = await dashboard.ask(PAGE, dashboard.outsider())
    found = answer.json()
    assert (answer.status_code, found["data"]["josFigures"]["recipients"]) == (403, None)
    assert found["data"]["josFigures"]["pupils"] == 1611
    assert found["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_the_steward_sees_everything_of_its_programme(dashboard: Dashboard) -> None:
    for by, count in ((["SCHOOL"], 15), (["MUNICIPALITY"], 7), (["PROVIDER"], 5)):
        found = await dashboard.data(FIGURES, kpi="KPI-HR-04", filter=HALF, by=by)
        assert len(found["kpi"]["figures"]["nodes"]) >= count, by


async def test_a_provider_sees_its_own_work_and_nothing_else(dashboard: Dashboard) -> None:
    dashboard.books.started("mine", 9001, date(2022, 3, 1), site=SITES[0])
    await dashboard.books.post()
    mine = await dashboard.data(FIGURES, dashboard.provider(), kpi="KPI-HR-04", filter=HALF)
    assert mine["kpi"]["figures"]["nodes"][0]["value"] == 413
    theirs = await dashboard.data(FIGURES, dashboard.provider("kvknr:99990002"), kpi="KPI-HR-04", filter=HALF)
    assert theirs["kpi"]["figures"]["nodes"][0]["value"] in (0, None)
    named = {**HALF, "provider": "kvknr:99990001"}
    assert (await dashboard.data(FIGURES, dashboard.provider(), kpi="KPI-HR-04", filter=named))["kpi"]["figures"]


async def test_a_school_sees_its_own_figures_and_nothing_else(dashboard: Dashboard) -> None:
    who = dashboard.school("99HB00")
    found = (await dashboard.data(FIGURES, who, kpi="KPI-HR-04", filter=HALF, by=["SCHOOL"]))["kpi"]["figures"]
    assert [node["key"]["school"]["siteCode"] for node in found["nodes"]] == ["99HB00"]
    assert found["totals"]["value"] == found["nodes"][0]["value"] == 38
    by_brin = dashboard.school("99HB")
    assert (await dashboard.data(FIGURES, by_brin, kpi="KPI-HR-04", filter=HALF))["kpi"]["figures"]["totals"] == {
        "value": 38
    }


async def test_q24_somebody_else_s_and_what_does_not_exist_get_the_same_answer(dashboard: Dashboard) -> None:
    """Q-24."""
    pairs = [
        (dashboard.school("99HB00"), {"school": "99HA00"}, {"school": "00ZZ00"}),
        (dashboard.provider(), {"provider": "kvknr:99990002"}, {"provider": "kvknr:00000000"}),
        (dashboard.steward(), {"municipality": "GM0363"}, {"municipality": "GM0000"}),
        (dashboard.steward(), {"school": "01AA00"}, {"school": "' or 1=1 --"}),
    ]
    for who, foreign, nowhere in pairs:
        answers = [
            await dashboard.ask(FIGURES, who, kpi="KPI-HR-04", filter={**HALF, **place}) for place in (foreign, nowhere)
        ]
        for answer in answers:
            assert answer.status_code == 200
            assert answer.json()["data"]["kpi"]["figures"] is None
            assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert answers[0].json()["errors"] == answers[1].json()["errors"]


async def test_an_unknown_kpi_programme_or_region_is_null_with_not_found(dashboard: Dashboard) -> None:
    asked = [
        ("KPI-XX-99", HALF),
        ("KPI-HR-04", {**HALF, "programme": "NO-SUCH"}),
        ("KPI-HR-04", {**HALF, "region": "XX"}),
    ]
    for kpi, filter_ in asked:
        status, error = await dashboard.refused(FIGURES, kpi=kpi, filter=filter_)
        assert (status, error["extensions"]["code"]) == (200, "NOT_FOUND")
    status, error = await dashboard.refused('{ josFigures(programme: "NO-SUCH", period: "2022") { pupils } }')
    assert (status, error["extensions"]["code"]) == (200, "NOT_FOUND")


async def test_a_steward_is_nobody_special_in_another_region_s_programme(dashboard: Dashboard) -> None:
    status, error = await dashboard.refused(FIGURES, kpi="KPI-HR-04", filter={**HALF, "programme": OTHER})
    assert (status, error["extensions"]["code"]) == (403, "FORBIDDEN")


async def test_the_page_of_a_provider_is_its_own_work(dashboard: Dashboard) -> None:
    query = """{ josFigures(programme: "HR-JOS", period: "2022-H1") {
      recipients fte disclosure { policy } warnings { code } } }"""
    page = (await dashboard.data(query, dashboard.provider()))["josFigures"]
    assert (page["recipients"], page["disclosure"]["policy"]) == (412, "OWN")
    assert page["warnings"] == []
    other = (await dashboard.data(query, dashboard.provider("kvknr:99990002")))["josFigures"]
    assert not other["recipients"]
    assert not other["fte"]
