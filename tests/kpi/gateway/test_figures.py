"""Figures of a KPI: pages, totals, series, and what comes with every figure."""

from datetime import date

import pytest

from tests.kpi.gateway.conftest import Dashboard
from tests.kpi.page import PLACES, SITES, spread

TILE = """query Tile($region: String!) {
  kpi(code: "KPI-HR-05") {
    definition { version validFrom name(lang: NL) question(lang: NL) formula unit additivity }
    figures(filter: {programme: "HR-JOS", region: $region, period: "2022"}, by: [MUNICIPALITY], per: HALF_YEAR,
            first: 50) {
      edges { node {
        period { code start end }  key { municipality { code name } }
        value numerator denominator state reason sign basis
        figureStatus asOf lagSeconds
        completeness { expected reporting missing { name siteCode } }
        target { value state source }  baseline { value state source }  change progress
      } }
      totals { value numerator denominator sign }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""

WHOLE = """query Whole($kpi: String!, $filter: FigureFilter!, $known: String, $atLeast: String) {
  kpi(code: $kpi) { figures(filter: $filter, asKnownOn: $known, atLeast: $atLeast) { nodes {
    value numerator denominator valueText state reason sign basis knownOn
    warnings { code school { siteCode } delivered derived } } } }
}"""

PAGES = """query Pages($first: Int, $after: String) {
  kpi(code: "KPI-HR-04") {
    figures(filter: {programme: "HR-JOS", period: "2022-H1"}, by: [SCHOOL], first: $first, after: $after) {
      nodes { key { school { siteCode } } value }
      edges { cursor node { value } }
      totalCount pageInfo { hasNextPage endCursor } totals { value } } }
}"""

HALF = {"programme": "HR-JOS", "period": "2022-H1"}


async def test_the_tile_of_the_documentation_has_every_field(dashboard: Dashboard) -> None:
    tile = (await dashboard.data(TILE, region="HR"))["kpi"]
    assert tile["definition"]["name"] == "Bereik"
    assert tile["definition"]["additivity"] == "NONE"
    found = [edge["node"] for edge in tile["figures"]["edges"]]
    assert len(found) == 14
    assert [node["key"]["municipality"]["code"] for node in found[:7]] == sorted({f"GM{place}" for place in PLACES})
    first = found[0]
    assert first["period"] == {"code": "2022-H1", "start": "2022-01-01", "end": "2022-06-30"}
    assert (first["state"], first["sign"], first["figureStatus"]) == ("OK", "*", "PROVISIONAL")
    assert first["basis"] == "DELIVERED"
    assert first["target"] == {"value": None, "state": "NOT_SET", "source": "UNKNOWN"}
    assert first["baseline"]["state"] == "MISSING"
    assert (first["change"], first["progress"]) == (None, "NO_TARGET")
    assert first["completeness"]["expected"] >= 1
    assert not tile["figures"]["pageInfo"]["hasNextPage"]


async def test_totals_are_recomputed_from_sums(dashboard: Dashboard) -> None:
    query = """{ kpi(code: "KPI-HR-05") {
      figures(filter: {programme: "HR-JOS", period: "2022-H1"}, by: [MUNICIPALITY]) {
      nodes { value numerator denominator } totals { value numerator denominator } } } }"""
    found = (await dashboard.data(query))["kpi"]["figures"]
    reporting = [node for node in found["nodes"] if node["value"] is not None]
    for part in ("numerator", "denominator"):
        assert sum(node[part] for node in reporting) == found["totals"][part]
    assert found["totals"]["value"] == pytest.approx(412 / 1611 * 100)
    assert found["totals"]["value"] != pytest.approx(sum(node["value"] for node in reporting) / len(reporting))


async def test_pages_follow_each_other_without_gap_or_double(dashboard: Dashboard) -> None:
    seen: list[str] = []
    after: str | None = None
    for _ in range(10):
        page = (await dashboard.data(PAGES, first=4, after=after))["kpi"]["figures"]
        seen += [node["key"]["school"]["siteCode"] for node in page["nodes"]]
        assert page["totalCount"] == 15
        assert page["totals"]["value"] == 412
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == SITES


async def test_a_cursor_of_an_edge_goes_on_from_there(dashboard: Dashboard) -> None:
    whole = (await dashboard.data(PAGES))["kpi"]["figures"]
    rest = (await dashboard.data(PAGES, after=whole["edges"][9]["cursor"]))["kpi"]["figures"]
    assert [node["key"]["school"]["siteCode"] for node in rest["nodes"]] == SITES[10:]


async def test_a_cursor_serves_one_question_and_one_organisation(dashboard: Dashboard) -> None:
    cursor = (await dashboard.data(PAGES, first=1))["kpi"]["figures"]["pageInfo"]["endCursor"]
    other = PAGES.replace("KPI-HR-04", "KPI-HR-03")
    for query, who in ((other, None), (PAGES, dashboard.provider())):
        status, error = await dashboard.refused(query, who, after=cursor)
        assert (status, error["extensions"]["code"], error["extensions"]["reason"]) == (
            400,
            "ARGUMENT",
            "cursor-invalid",
        )
    status, error = await dashboard.refused(PAGES, after="abc")
    assert (status, error["extensions"]["reason"]) == (400, "cursor-invalid")


async def test_a_series_is_the_same_figures_as_columns(dashboard: Dashboard) -> None:
    query = """{ kpi(code: "KPI-HR-03") {
      series(filter: {programme: "HR-JOS", period: "2022-H1"}, by: [SCHOOL]) {
        keys names periods values numerators denominators signs states status
        completeness { expected reporting } asOf lagSeconds } } }"""
    series = (await dashboard.data(query))["kpi"]["series"]
    assert series["keys"] == SITES
    assert series["values"] == [*map(float, spread(1611, 11)), None, None, None, None]
    assert series["signs"] == ["*"] * 11 + ["."] * 4
    assert series["states"] == ["OK"] * 11 + ["NO_DATA"] * 4
    assert set(series["periods"]) == {"2022-H1"}
    assert len({len(column) for column in series.values() if isinstance(column, list)}) == 1


async def test_what_nobody_reported_is_null_with_a_reason(dashboard: Dashboard) -> None:
    filter_ = {"programme": "HR-JOS", "period": "2022-Q2", "basis": "DELIVERED"}
    [node] = (await dashboard.data(WHOLE, kpi="KPI-HR-03", filter=filter_))["kpi"]["figures"]["nodes"]
    assert (node["value"], node["reason"], node["sign"], node["valueText"]) == (None, "NOT_REPORTED", ".", ".")


async def test_a_filter_takes_one_value_or_a_list(dashboard: Dashboard) -> None:
    one = {**HALF, "municipality": "GM0534"}
    several = {**HALF, "municipality": ["GM0534", "GM0537"]}
    for filter_, schools in ((one, 1), (several, 3)):
        [node] = (await dashboard.data(WHOLE, kpi="KPI-HR-03", filter=filter_))["kpi"]["figures"]["nodes"]
        assert node["value"] == sum(spread(1611, 11)[:schools])


async def test_numbers_are_numbers_and_texts_are_in_the_language_asked_for(dashboard: Dashboard) -> None:
    query = """{ kpi(code: "KPI-HR-03") { definition { name(lang: EN) }
      figures(filter: {programme: "HR-JOS", period: "2022-H1"}) {
        nodes { value nl: valueText en: valueText(lang: EN) } } } }"""
    found = (await dashboard.data(query))["kpi"]
    assert found["definition"]["name"] == "Pupils"
    assert found["figures"]["nodes"] == [{"value": 1611.0, "nl": "1.611", "en": "1,611"}]


async def test_a_difference_between_delivery_and_events_is_a_warning_that_names_the_school(
    dashboard: Dashboard,
) -> None:
    books = dashboard.books
    books.delivered(SITES[0], (147, 40, 33, 7, 18, 1.25), books.logs["kpi"][-11])
    await books.post()
    [node] = (await dashboard.data(WHOLE, kpi="KPI-HR-04", filter=HALF))["kpi"]["figures"]["nodes"]
    assert node["value"] == 412 + 2
    code = "delivered-differs-from-events"
    assert node["warnings"] == [{"code": code, "school": {"siteCode": SITES[0]}, "delivered": 40.0, "derived": 38.0}]


async def test_by_provider_counts_events_and_says_what_no_provider_is_known_of(dashboard: Dashboard) -> None:
    query = """query($kpi: String!) { kpi(code: $kpi) {
      figures(filter: {programme: "HR-JOS", period: "2022-H1"}, by: [PROVIDER]) {
        nodes { key { provider { code } } value reason basis } } } }"""
    found = (await dashboard.data(query, kpi="KPI-HR-04"))["kpi"]["figures"]["nodes"]
    assert {node["basis"] for node in found} == {"EVENTS"}
    assert sum(node["value"] or 0 for node in found) == 412
    pupils = (await dashboard.data(query, kpi="KPI-HR-03"))["kpi"]["figures"]["nodes"]
    assert {node["value"] for node in pupils} == {None}
    assert "NOT_BY_PROVIDER" in {node["reason"] for node in pupils}


async def test_every_kpi_tells_its_definition_and_every_version(dashboard: Dashboard) -> None:
    query = "{ kpis { code definition { name } definitions { version } } definitions { code version protects } }"
    found = await dashboard.data(query)
    assert len(found["kpis"]) == len(found["definitions"]) == 12
    assert all(kpi["definition"]["name"] for kpi in found["kpis"])


async def test_schools_programmes_codes_and_me(dashboard: Dashboard) -> None:
    query = """{
      schools(programme: "HR-JOS", on: "2022-06-30", first: 2) { totalCount nodes { number siteCode type { label } }
        pageInfo { hasNextPage endCursor } }
      programmes { code title(lang: EN) region status start }
      codeLists { name codes { code label(lang: EN) } }
      me { clientId organisation roles region } }"""
    found = await dashboard.data(query)
    assert found["schools"]["totalCount"] == 15
    assert [each["siteCode"] for each in found["schools"]["nodes"]] == SITES[:2]
    assert found["schools"]["nodes"][0]["type"]["label"] == "speciaal basisonderwijs"
    assert [each["code"] for each in found["programmes"]] == ["HR-JOS", "OTHER-JOS"]
    assert found["me"]["roles"] == ["programme-admin"]
    assert {each["name"] for each in found["codeLists"]} == {"SCHOOL_TYPE", "KIND"}


async def test_schools_come_in_pages_with_totals_over_all_of_them(dashboard: Dashboard) -> None:
    query = """query($after: String) { schools(programme: "HR-JOS", on: "2022-06-30", first: 4, after: $after) {
      nodes { siteCode } edges { cursor node { siteCode } } pageInfo { hasNextPage }
      totals { schools municipalities providers byType { type { code } count } } } }"""
    seen: list[str] = []
    after: str | None = None
    for more in (True, True, True, False):
        page = (await dashboard.data(query, after=after))["schools"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        assert page["pageInfo"]["hasNextPage"] is more
        totals = page["totals"]
        assert (totals["schools"], totals["municipalities"], totals["providers"]) == (15, len(set(PLACES)), 5)
        types = {each["type"]["code"]: each["count"] for each in totals["byType"]}
        assert types == {"SBO": 4, "SO": 5, "SO_VSO": 1, "VSO": 5}
        seen += [node["siteCode"] for node in page["nodes"]]
        after = page["edges"][-1]["cursor"]
    assert seen == SITES


async def test_schools_before_the_programme_began_are_none(dashboard: Dashboard) -> None:
    query = '{ schools(programme: "HR-JOS", on: "%s") { totalCount } }'
    assert (await dashboard.data(query % date(2021, 12, 31)))["schools"]["totalCount"] == 0
    assert (await dashboard.data(query % date(2022, 1, 1)))["schools"]["totalCount"] == 15


async def test_what_was_delivered_is_of_no_kind_and_so_never_a_zero_of_one(dashboard: Dashboard) -> None:
    filter_ = {**HALF, "kind": "GROUP", "basis": "DELIVERED"}
    [node] = (await dashboard.data(WHOLE, kpi="KPI-HR-04", filter=filter_))["kpi"]["figures"]["nodes"]
    assert (node["value"], node["state"], node["reason"]) == (None, "NOT_COMPUTABLE", "NOT_BY_KIND")
    assert node["warnings"] == []
