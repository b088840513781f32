"""Single POSTs, with everything: sign-in, rules, idempotency, chain, durable; the projector runs beside it."""

from benchmarks.floors import raw_append
from benchmarks.installation import Installation, installation
from benchmarks.mix import Mix
from benchmarks.pushing import push
from benchmarks.report import Report, Row, milliseconds, percentile
from benchmarks.sizes import Size

SERVICES = ("issuer", "registry", "contracts", "interventions", "kpi")
CLOSED = {1: 1000.0, 8: None, 32: 4000.0}
"""Connections, and the target in events a second."""
OPEN = {500: 10.0, 1500: 25.0}
"""Requests a second, and the target of the 99th percentile in milliseconds."""
CONNECTIONS_IN_OPEN_LOOP = 64
FLOOR = "the raw append function, one event a call"


async def run(size: Size, report: Report) -> None:
    """Closed loop at 1, 8 and 32 connections, then open loop at the stated rates."""
    async with installation(*SERVICES) as found:
        await found.record_facts()
        await push(found, Mix("warm").singles(min(2000, size.requests)), 8)
        for connections, target in CLOSED.items():
            await _closed(found, size, report, connections, target)
        for rate in size.rates:
            await _open(found, size, report, rate)


async def _closed(found: Installation, size: Size, report: Report, connections: int, target: float | None) -> None:
    count = size.requests // 4 if connections == 1 else size.requests
    floor = await raw_append(found, connections, max(count // 4 // connections, 20), 1, f"raw{connections}")
    sent, told = await push(found, _mix(f"closed{connections}", count), connections)
    ordered = report.keep(f"closed {connections}", sent.taken)
    what = f"single POST, closed loop, {connections} connection{'s' if connections > 1 else ''}"
    report.add(Row(what, sent.rate, "events/s", target, False, FLOOR, sent.rate / floor, milliseconds(ordered)))
    report.say(told)


async def _open(found: Installation, size: Size, report: Report, rate: int) -> None:
    count = rate * size.seconds
    sent, told = await push(found, _mix(f"open{rate}", count), CONNECTIONS_IN_OPEN_LOOP, rate=rate)
    ordered = report.keep(f"open {rate}", sent.taken)
    note = f"{milliseconds(ordered)}; {sent.rate:.0f}/s done"
    p99 = percentile(ordered, 0.99) * 1000
    report.add(Row(f"single POST, open loop, {rate}/s, p99", p99, "ms", OPEN.get(rate), True, note=note))
    report.say(told)


def _mix(run: str, count: int) -> list[tuple[int, bytes]]:
    return Mix(run, behind=min(2000, count // 4)).singles(count)
