"""The page "Jeugdhulp op school in cijfers" over GraphQL."""

import pytest

from tests.kpi.gateway.conftest import Dashboard
from tests.kpi.page import SITES

NUMBERS = (
    """pupils recipients reach structural structuralShare incidental incidentalShare individual individualShare fte"""
)

PAGE = f"""query Page($basis: Basis) {{
  josFigures(programme: "HR-JOS", period: "2022-H1", basis: $basis) {{
    status period {{ code start end }} {NUMBERS}
    coverage {{ reporting expected missing {{ siteCode name }} }}
    schoolsByType {{ type {{ code label(lang: EN) }} count }}
    municipalities {{ code name participates hostsSchool }}
    schools {{ number siteCode name type {{ code }} provider {{ code name }} providerAssumed }}
    providers {{ code name }}
    warnings {{ code }}
    disclosure {{ policy minCell rounding }}
    figures {{ kpi valueText basis }}
  }}
}}"""


@pytest.mark.parametrize("basis", [None, "DELIVERED", "EVENTS"])
async def test_the_page_of_the_source_comes_out(dashboard: Dashboard, basis: str | None) -> None:
    page = (await dashboard.data(PAGE, basis=basis))["josFigures"]
    assert (page["pupils"], page["recipients"]) == (1611, 412)
    assert (page["structural"], page["incidental"], page["individual"]) == (358, 54, 194)
    shares = (page["structuralShare"], page["incidentalShare"], page["individualShare"])
    assert [round(share) for share in shares] == [87, 13, 47]
    assert round(page["reach"], 1) == 25.6
    assert page["fte"] == 13.76
    assert page["status"] == "PROVISIONAL"
    assert page["warnings"] == []


async def test_the_directory_of_the_page(dashboard: Dashboard) -> None:
    page = (await dashboard.data(PAGE))["josFigures"]
    assert {each["type"]["code"]: each["count"] for each in page["schoolsByType"]} == {
        "SBO": 4,
        "SO": 5,
        "VSO": 5,
        "SO_VSO": 1,
    }
    assert sum(each["participates"] for each in page["municipalities"]) == 9
    assert sum(each["hostsSchool"] for each in page["municipalities"]) == 7
    assert len(page["providers"]) == 5
    assert [each["number"] for each in page["schools"]] == list(range(1, 16))
    assert page["schools"][0]["provider"]["code"] == "kvknr:99990001"
    coverage = page["coverage"]
    assert (coverage["reporting"], coverage["expected"]) == (11, 15)
    assert [each["siteCode"] for each in coverage["missing"]] == SITES[11:]
    assert page["disclosure"] == {"policy": "EVERYTHING", "minCell": None, "rounding": None}
    assert {each["kpi"]: each["valueText"] for each in page["figures"]}["KPI-HR-09"] == "13,76"


async def test_a_school_that_delivers_another_number_is_named(dashboard: Dashboard) -> None:
    books = dashboard.books
    books.delivered(SITES[0], (147, 40, 33, 7, 18, 1.25), books.logs["kpi"][-11])
    await books.post()
    query = """{ josFigures(programme: "HR-JOS", period: "2022-H1") {
      warnings { kpi code school { siteCode name } delivered derived text(lang: EN) } } }"""
    warnings = (await dashboard.data(query))["josFigures"]["warnings"]
    assert {
        "kpi": "KPI-HR-04",
        "code": "delivered-differs-from-events",
        "school": {"siteCode": SITES[0], "name": "School 1"},
        "delivered": 40.0,
        "derived": 38.0,
        "text": "School 1: delivered 40, from events 38",
    } in warnings


async def test_a_period_that_is_none_is_an_argument_error_that_says_what_one_looks_like(dashboard: Dashboard) -> None:
    for code in ("2022-H3", "2025-2027", "2022-W54", "", "1066", "2022-13"):
        status, error = await dashboard.refused(
            'query($p: String!) { josFigures(programme: "HR-JOS", period: $p) { pupils } }', p=code
        )
        assert (status, error["extensions"]["code"]) == (400, "ARGUMENT"), code
        assert "2022-H1" in error["extensions"]["hint"]
