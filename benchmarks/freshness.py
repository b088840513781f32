"""Freshness: from the 201 to the figure that shows it, over GraphQL, while 300 events a second come in.

Pupils begin a trajectory one after another; each time the figure is asked `atLeast` the token of the 201, and must have
grown by that pupil.
"""

import asyncio
import time

import httpx

from benchmarks.installation import ADMIN, Installation, installation
from benchmarks.mix import CLIENTS, Mix, worker_at
from benchmarks.pushing import SINGLE, push
from benchmarks.report import Report, Row, milliseconds, percentile
from benchmarks.sizes import Size
from jos.demo.schools import PROGRAMME, PROVIDERS, SCHOOLS
from shared.domain.events import TYPE_PREFIX

SERVICES = ("issuer", "registry", "contracts", "interventions", "kpi", "gateway")
RATE = 300
TARGET_MS = 50.0
SITE = next(school.site for school in SCHOOLS if school.provider == PROVIDERS[0])

QUERY = """query Fresh($seen: String) { kpi(code: "KPI-HR-04") {
  series(filter: {programme: "HR-JOS", period: "2022-H1", basis: EVENTS}, atLeast: $seen) { values } } }"""


async def run(size: Size, report: Report) -> None:
    """Push at the stated rate, and ask after each of the pupils that begin beside it."""
    async with installation(*SERVICES) as found:
        await found.record_facts()
        await push(found, Mix("warm").singles(2000), 8)
        await _measure(found, Prober(found), max(size.seconds // 10, 1), 10, None)
        await _measure(found, Prober(found), size.seconds * 2, RATE, report)


async def _measure(found: Installation, prober: "Prober", seconds: int, rate: int, report: Report | None) -> None:
    await prober.sign_in()
    requests = Mix(f"fresh{rate}", behind=min(2000, rate * seconds // 4)).singles(rate * seconds)
    pushing = asyncio.create_task(push(found, requests, 32, rate=rate))
    while not pushing.done():
        await prober.probe()
    sent, told = await pushing
    if report is None:
        return
    ordered = report.keep("201 to figure", prober.taken)
    shown = percentile(ordered, 0.99) * 1000
    note = f"{milliseconds(ordered)}; {len(ordered)} pupils, each seen in the figure"
    report.add(Row(f"201 to figure over GraphQL at {RATE}/s, p99", shown, "ms", TARGET_MS, True, note=note))
    report.say(f"{told}; {sent.rate:.0f}/s done")


class Prober:
    """Starts trajectories and asks for the figure; `taken` has the seconds from each 201."""

    def __init__(self, found: Installation) -> None:
        self.taken: list[float] = []
        self._found = found
        self._run = f"p{time.time_ns():x}"
        self._recipients = 0.0
        self._http = found.http
        self._ehr: dict[str, str] = {}
        self._reader: dict[str, str] = {}

    async def sign_in(self) -> None:
        """Fresh tokens, for the sender and for the reader."""
        self._ehr = {"Authorization": f"Bearer {await self._found.token(CLIENTS[0])}", "Content-Type": SINGLE}
        self._reader = {"Authorization": f"Bearer {await self._found.token(ADMIN)}"}

    async def probe(self) -> None:
        """One pupil. Raises `AssertionError` when the figure does not show it."""
        stored = await self._http.post(
            self._found.urls["interventions"] + "/events", json=self._event(), headers=self._ehr
        )
        began = time.perf_counter()
        token = stored.raise_for_status().json()["token"]
        asked = {"query": QUERY, "variables": {"seen": token}}
        answer = await self._http.post(self._found.urls["gateway"], json=asked, headers=self._reader)
        self.taken.append(time.perf_counter() - began)
        self._check(answer)

    def _check(self, answer: httpx.Response) -> None:
        recipients = answer.raise_for_status().json()["data"]["kpi"]["series"]["values"][0]
        if recipients < self._recipients + 1:
            raise AssertionError(f"{recipients} pupils after {self._recipients} and one more")
        self._recipients = recipients

    def _event(self) -> dict[str, object]:
        number = f"{self._run}-{len(self.taken)}"
        return {
            "specversion": "1.0",
            "id": number,
            "source": PROVIDERS[0].source,
            "type": f"{TYPE_PREFIX}support-trajectory-started.v1",
            "time": "2022-07-04T15:00:00+02:00",
            "datacontenttype": "application/json",
            "data": {
                "programme": PROGRAMME,
                "siteCode": SITE,
                "startedOn": "2022-03-14",
                "trajectory": f"t-{number}",
                "pupilRef": f"c-{number}",
                "staff": [worker_at(SITE)],
                "duration": "STRUCTURAL",
                "form": "INDIVIDUAL",
            },
        }
