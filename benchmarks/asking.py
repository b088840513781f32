"""Asking a KPI for 10 places x 28 quarters over GraphQL, in a small ledger and in one ten times as large.

Seven years are asked in one request, a series a year, at 50 requests a second. Uncached every request asks for the
places in another order; cached all ask the same (an answer tells its age to the second: one in fifty is new).
"""

from itertools import islice, permutations

import orjson

from benchmarks.generator import Plan, Request, Sent, send
from benchmarks.installation import ADMIN, Installation, database, services
from benchmarks.ledger import fill, record_facts
from benchmarks.report import Report, Row, milliseconds, percentile
from benchmarks.sizes import Size
from jos.demo.schools import SCHOOLS
from services.kpi.rebuild import rebuild

KPIS = {"KPI-HR-04": "distinct pupils", "KPI-HR-03": "a balance"}
PLACES = tuple(school.site for school in SCHOOLS[:10])
RATE = 50
CONNECTIONS = 32
PATIENCE = 30.0
"""Seconds that the questions of one measurement may take one after another; there are fewer when each takes long."""
UNCACHED_MS, CACHED_MS, GROWTH = 20.0, 5.0, 1.2


async def run(size: Size, report: Report) -> None:
    """The smaller ledger, then the larger."""
    medians: dict[tuple[str, int], float] = {}
    async with database() as found:
        await record_facts(found)
        before = 0
        for events in size.ledger:
            await fill(found, before, events)
            await rebuild(found.settings, compare=False)
            before = events
            async with services(found, "issuer", "gateway"):
                for kpi in KPIS:
                    medians[kpi, events] = await _measure(found, size, report, kpi, events)
    small, large = size.ledger
    for kpi in KPIS:
        growth = medians[kpi, large] / medians[kpi, small]
        what = f"{kpi}: p50 at {large:,} events against {small:,}"
        report.add(Row(what, growth, "times", GROWTH, True))


async def _measure(found: Installation, size: Size, report: Report, kpi: str, events: int) -> float:
    token = await found.token(ADMIN)
    if not await _answers(found, token, kpi):
        seen = float(found.settings.statement_timeout_ms)
        what = f"{kpi} ({KPIS[kpi]}), {events:,} events"
        report.add(Row(what, seen, "ms", UNCACHED_MS, True, note="503: no answer within the time a statement may take"))
        return seen / 1000
    watch = found.watch()
    alone = await _ask(found, token, _different(kpi, max(size.asked // 10, 5)), 1, 0)
    report.say(f"{kpi}, one at a time: {milliseconds(sorted(alone.taken))}; {watch.told(len(alone.taken))}")
    floor = percentile(sorted(alone.taken), 0.5)
    count = max(min(size.asked, int(PATIENCE / floor)), 20)
    uncached = await _ask(found, token, _different(kpi, count), CONNECTIONS, RATE)
    cached = await _ask(found, token, [(0, _question(kpi, PLACES))] * count, CONNECTIONS, RATE)
    for how, sent, target in (("uncached", uncached, UNCACHED_MS), ("cached", cached, CACHED_MS)):
        ordered = report.keep(f"{kpi} {events} {how}", sent.taken)
        p99 = percentile(ordered, 0.99) * 1000
        what = f"{kpi} ({KPIS[kpi]}), {events:,} events, {how}, p99 at {RATE}/s"
        note = f"{milliseconds(ordered)}; {sent.told()}"
        report.add(Row(what, p99, "ms", target, True, "the median of one at a time", p99 / floor / 1000, note))
    return floor


async def _answers(found: Installation, token: str, kpi: str) -> bool:
    """Whether there is an answer in time. Raises `AssertionError` when it lacks a cell: then its speed says nothing."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = await found.http.post(found.urls["gateway"], content=_question(kpi, PLACES), headers=headers)
    if answer.status_code == 503:
        return False
    years = answer.raise_for_status().json()["data"]["kpi"].values()
    cells = sum(len(year["values"]) for year in years)
    if cells < len(PLACES) * 28:
        raise AssertionError(f"{cells} cells of {len(PLACES) * 28}")
    return True


async def _ask(found: Installation, token: str, requests: list[Request], connections: int, rate: int) -> Sent:
    return await send(Plan([found.urls["gateway"]], [token], connections, rate, "application/json"), requests)


def _different(kpi: str, count: int) -> list[Request]:
    return [(0, _question(kpi, order)) for order in islice(permutations(PLACES), count)]


def _question(kpi: str, places: tuple[str, ...]) -> bytes:
    place = 'filter: {{programme: "HR-JOS", period: "{0}", school: $schools, basis: EVENTS}}'
    year = "y{0}: series(" + place + ", by: [SCHOOL], per: QUARTER) {{ values }}"
    years = " ".join(year.format(number) for number in range(2022, 2029))
    query = f'query Years($schools: [String!]) {{ kpi(code: "{kpi}") {{ {years} }} }}'
    return orjson.dumps({"query": query, "variables": {"schools": places}})
