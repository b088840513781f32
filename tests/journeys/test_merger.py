"""Two schools merge: figures stay what they were, and as of today they are one school's (model 3.8, OQ-35)."""

from typing import Any

from jos.demo.schools import PERIOD, PROGRAMME
from tests.journeys.conftest import URLS, Installation

Json = dict[str, Any]
FIRST, SECOND, TOGETHER = "99HA00", "99HB00", "99HZ00"

FIGURES = """
query($kpi: String!, $view: View!, $school: [String!], $period: String!, $seen: String) {
  kpi(code: $kpi) {
    figures(filter: {programme: "HR-JOS", period: $period, school: $school}, by: [SCHOOL], view: $view, first: 100,
            atLeast: $seen) {
      edges { node { value key { school { siteCode name } } } }
      totals { value }
    }
  }
}
"""


async def act(installation: Installation, path: str, body: Json) -> Json:
    """An act of the administrator; its token is waited for by later questions."""
    answer = await installation.sign_in("demo-admin").post(f"{URLS['registry']}{path}", body)
    assert answer.status_code == 201, answer.text
    done: Json = answer.json()
    installation.told.tokens["registry"] = done["token"]
    return done


async def by_school(
    installation: Installation, kpi: str, view: str, school: list[str] | None = None
) -> tuple[dict[str, float | None], float | None]:
    """The figure of each school, and their total."""
    seen = ",".join(installation.told.tokens.values())
    data = await installation.ask(FIGURES, kpi=kpi, view=view, school=school, period=PERIOD, seen=seen)
    figures = data["kpi"]["figures"]
    nodes = [edge["node"] for edge in figures["edges"]]
    return {node["key"]["school"]["siteCode"]: node["value"] for node in nodes}, figures["totals"]["value"]


async def merge(installation: Installation) -> None:
    """De Samenvoeging is registered, planned and confirmed as what two schools go on as."""
    await act(installation, "/schools", {"school": "99HZ", "name": "De Samenvoeging", "validFrom": "2022-07-01"})
    site = {"site": TOGETHER, "name": "De Samenvoeging", "schoolType": "SBO", "municipality": "GM0546"}
    await act(installation, "/sites", {**site, "subRegion": "LR", "validFrom": "2022-07-01"})
    await act(installation, "/participations", {"programme": PROGRAMME, "site": TOGETHER, "validFrom": "2022-07-01"})
    plan = {"transition": "HR-fusie-1", "kind": "MERGER", "sources": [FIRST, SECOND], "targets": [TOGETHER]}
    await act(installation, "/transitions", {**plan, "validFrom": "2022-07-01"})
    planned, _ = await by_school(installation, "KPI-HR-03", "AS_TODAY")
    assert FIRST in planned and TOGETHER not in planned
    await act(installation, "/transitions/HR-fusie-1/confirmation", {})


async def test_figures_of_two_schools_that_merged_exist_as_was_and_as_of_today(installation: Installation) -> None:
    measured = ("KPI-HR-03", "KPI-HR-09")
    before = {kpi: await by_school(installation, kpi, "AS_WAS") for kpi in measured}
    await merge(installation)

    for kpi in measured:
        was, total = before[kpi]
        assert await by_school(installation, kpi, "AS_WAS") == (was, total)
        today, total_today = await by_school(installation, kpi, "AS_TODAY")
        assert total_today == total
        assert today[TOGETHER] == sum(was[site] or 0 for site in (FIRST, SECOND))
        others = {site: value for site, value in was.items() if site not in (FIRST, SECOND)}
        assert {site: value for site, value in today.items() if site != TOGETHER} == others
        assert await by_school(installation, kpi, "AS_TODAY", [TOGETHER]) == (
            {TOGETHER: today[TOGETHER]},
            today[TOGETHER],
        )


async def test_both_codes_of_a_merged_school_stay_searchable(installation: Installation) -> None:
    await merge(installation)

    admin = installation.sign_in("demo-admin")
    for site in (FIRST, TOGETHER):
        found = (await admin.get(f"{URLS['registry']}/transitions?site={site}")).json()["items"]
        assert [(one["transition"], one["state"]) for one in found] == [("HR-fusie-1", "CONFIRMED")]
        assert (await admin.get(f"{URLS['registry']}/sites/{site}")).status_code == 200


async def test_a_school_that_was_renumbered_twice_counts_where_it_is_now(installation: Installation) -> None:
    was, _ = await by_school(installation, "KPI-HR-03", "AS_WAS")
    for number, (source, target) in enumerate([(FIRST, "99HA01"), ("99HA01", "99HA02")]):
        site = {"site": target, "name": f"Nummer {number}", "schoolType": "SBO", "municipality": "GM0546"}
        await act(installation, "/sites", {**site, "subRegion": "LR", "validFrom": "2022-07-01"})
        plan = {"transition": f"HR-n-{number}", "kind": "RENUMBERING", "sources": [source], "targets": [target]}
        await act(installation, "/transitions", {**plan, "validFrom": "2022-07-01"})
        await act(installation, f"/transitions/HR-n-{number}/confirmation", {})

    today, _ = await by_school(installation, "KPI-HR-03", "AS_TODAY")
    assert today["99HA02"] == was[FIRST]
    assert "99HA01" not in today and FIRST not in today
