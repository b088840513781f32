"""Rebuilding figures from stored events: of one KPI, and of all of them, with everything a rebuild does."""

import asyncio
from collections.abc import Sequence

from benchmarks.installation import Installation, database
from benchmarks.ledger import fill, record_facts, scanned
from benchmarks.report import Report, Row
from benchmarks.sizes import Size
from services.kpi.rebuild import rebuild

ONE = "KPI-HR-04"
CASES: Sequence[tuple[str, str | None, float]] = (
    (f"rebuild one KPI ({ONE}, pupils receiving JOS)", ONE, 1_000_000.0),
    ("rebuild all KPIs", None, 200_000.0),
)


async def run(size: Size, report: Report) -> None:
    """Fill the ledger's store of events, then rebuild from it; without comparing, as nothing is live yet."""
    async with database() as found:
        await record_facts(found)
        await fill(found, 0, size.rebuilt)
        async with found.cluster.connected(found.settings.database("kpi")) as connection:
            floor = size.rebuilt / await scanned(connection)
        for what, only, target in CASES:
            await _measure(found, size, report, what, only, target, floor)


async def _measure(
    found: Installation, size: Size, report: Report, what: str, only: str | None, target: float, floor: float
) -> None:
    phases, watch = Phases(), found.watch()
    made = await rebuild(found.settings, progress=phases, only=only, compare=False)
    taken = phases.now()
    note = f"{made.postings:,} postings in {taken:.1f} s; {phases.told()}; {watch.told(size.rebuilt)}"
    against = "one pass over the events in SQL"
    rate = size.rebuilt / taken
    report.add(Row(what, rate, "events/s", target, False, against, rate / floor, note))


class Phases:
    """How long each phase of a rebuild took, from what it says of its progress."""

    def __init__(self) -> None:
        self._began = asyncio.get_running_loop().time()
        self._ends: dict[str, float] = {}

    def __call__(self, what: str, _done: int, _of: int) -> None:
        self._ends[what] = self.now()

    def now(self) -> float:
        """Seconds since the beginning."""
        return asyncio.get_running_loop().time() - self._began

    def told(self) -> str:
        """`postings until 3.1 s, ...`."""
        return ", ".join(f"{what} until {end:.1f} s" for what, end in self._ends.items())
