"""The page "Jeugdhulp op school in cijfers" of a programme and a period, as the gateway has it on both bases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jos.client import Client
from jos.exits import Exit, Stop
from jos.pushing import problem

BASES = ("DELIVERED", "EVENTS")

QUERY = """
query Page($programme: String!, $period: String!, $basis: Basis, $atLeast: String) {
  josFigures(programme: $programme, period: $period, basis: $basis, atLeast: $atLeast) {
    status
    coverage { expected reporting missing { name } }
    schoolsByType { type { code } count }
    figures { kpi basis valueText numerator denominator }
    warnings { kpi text }
  }
  kpis { code definition { name(lang: NL) } }
}
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as people read it: the value, and what stands above and below the line of a share."""

    value: str
    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """`figures` by KPI and basis, `names` by KPI; `schools_by_type` counts; `missing` schools did not deliver."""

    status: str
    figures: Mapping[tuple[str, str], Shown]
    schools_by_type: Mapping[str, int]
    expected: int
    reporting: int
    missing: Sequence[str]
    warnings: Sequence[str]
    names: Mapping[str, str]


async def fetch(client: Client, url: str, programme: str, period: str, at_least: str | None = None) -> FiguresPage:
    """The page, not older than `at_least` (tokens with commas). Raises `Stop`: 77, 65 or 69 as the gateway refuses."""
    variables = {"programme": programme, "period": period, "atLeast": at_least}
    data = [await graphql(client, url, QUERY, {**variables, "basis": basis}) for basis in BASES]
    answers = [one["josFigures"] for one in data]
    names = {one["code"]: one["definition"]["name"] for one in data[0]["kpis"]}
    delivered = answers[0]
    return FiguresPage(
        status=delivered["status"],
        figures={(one["kpi"], one["basis"]): _shown(one) for answer in answers for one in answer["figures"]},
        schools_by_type={one["type"]["code"]: one["count"] for one in delivered["schoolsByType"]},
        expected=delivered["coverage"]["expected"],
        reporting=delivered["coverage"]["reporting"],
        missing=[school["name"] for school in delivered["coverage"]["missing"]],
        warnings=[f"{names[warning['kpi']]}: {warning['text']}" for warning in delivered["warnings"] or []],
        names=names,
    )


async def graphql(client: Client, url: str, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
    """The `data` of a query. Raises `Stop`: 77 for what the client may not see, 65 for what is wrong or not there."""
    response = await client.post(url, {"query": query, "variables": variables})
    try:
        body = response.json()
    except ValueError:
        raise Stop(Exit.UNAVAILABLE, f"the gateway answers {response.status_code}") from None
    if body.get("errors"):
        first = body["errors"][0]
        code = first.get("extensions", {}).get("code", "")
        forbidden = code == "FORBIDDEN" or response.status_code in (401, 403)
        hint = first.get("extensions", {}).get("hint")
        said = f"{code}: {first['message']}".lstrip(": ") + (f" ({hint})" if hint else "")
        raise Stop(Exit.PERMISSION if forbidden else Exit.DATA, said)
    if not response.is_success:
        raise Stop(Exit.PERMISSION if response.status_code in (401, 403) else Exit.DATA, problem(response))
    return dict(body["data"])


def _shown(figure: dict[str, Any]) -> Shown:
    return Shown(figure["valueText"], _whole(figure["numerator"]), _whole(figure["denominator"]))


def _whole(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
