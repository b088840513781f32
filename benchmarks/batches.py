"""Batches over HTTP: 100 and 1,000 events a request, one worker and two."""

from benchmarks.floors import raw_append
from benchmarks.installation import Installation, installation
from benchmarks.mix import Mix
from benchmarks.pushing import BATCH, push
from benchmarks.report import Report, Row, milliseconds
from benchmarks.sizes import Size

WORKERS = ("interventions", "interventions-2")
SERVICES = ("issuer", "registry", "contracts", *WORKERS, "kpi")
TARGETS = {(1000, 1): 15_000.0, (100, 1): 10_000.0, (1000, 2): 25_000.0, (100, 2): None}
"""Events a request and workers, and the target in events a second."""
CONNECTIONS = 4
"""Per worker."""
BEHIND = 10_000
"""What is corrected or sent again was in a request that has been answered."""


async def run(size: Size, report: Report) -> None:
    """Every size of batch with one worker, then with two; the projector runs beside it."""
    async with installation(*SERVICES) as found:
        await found.record_facts()
        await push(found, Mix("warm").batches(2000, 100), 2, workers=WORKERS, kind=BATCH)
        for (batch, workers), target in TARGETS.items():
            await _measure(found, size, report, batch, workers, target)


async def _measure(
    found: Installation, size: Size, report: Report, batch: int, workers: int, target: float | None
) -> None:
    count = max(size.batched, 5 * batch)
    floor = await raw_append(found, 1, max(count // 4 // batch, 2), batch, f"raw{batch}x{workers}")
    requests = Mix(f"batch{batch}x{workers}", behind=BEHIND).batches(count, batch)
    urls, connections = WORKERS[:workers], CONNECTIONS * workers
    sent, told = await push(found, requests, connections, workers=urls, kind=BATCH, each=batch)
    ordered, rate = report.keep(f"{batch} x {workers}", sent.taken), sent.rate * batch
    what = f"batches of {batch}, {workers} worker{'s' if workers > 1 else ''}"
    against = f"the raw append function, {batch} a call"
    report.add(Row(what, rate, "events/s", target, False, against, rate / floor, milliseconds(ordered)))
    report.say(told)
