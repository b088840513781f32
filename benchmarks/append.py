"""The append API from Python, against other event stores and against the raw append function, in one run.

`Log.append` is called by clients that each wait for their answer. The raw function is called over one connection with
as many events as there are clients: the most that gathering can give.
"""

import asyncio
import time
from collections.abc import Sequence

from benchmarks.events import units
from benchmarks.floors import raw_append
from benchmarks.installation import Installation, database
from benchmarks.peers import append_rate, peers
from benchmarks.report import Report, Row, milliseconds
from benchmarks.sizes import Size
from shared.clock import SystemClock
from shared.log.events import Unit
from shared.log.log import Log
from shared.postgres.pool import open_pool

CASES = ((1, 1), (8, 1), (32, 1), (1, 100))
"""Clients, and events in a call."""
OF_THE_RAW = 0.7

Calls = list[list[list[Unit]]]
"""Per client, per call."""


async def run(size: Size, report: Report) -> None:
    """Every case: the raw function, ours, each peer."""
    async with database() as found:
        async with found.cluster.connected("postgres") as connection:
            await connection.execute("create database eventsourcing")
        for clients, per_call in CASES:
            await _case(found, size, report, clients, per_call)


async def _case(found: Installation, size: Size, report: Report, clients: int, per_call: int) -> None:
    count = _count(size, clients, per_call)
    what = f"append, {clients} client{'s' if clients > 1 else ''}, {per_call} a call"
    gathered = clients * per_call
    raw = await raw_append(found, 1, max(count // gathered, 5), gathered, f"raw{clients}x{per_call}")
    given = calls(count, clients, per_call, f"ours{clients}x{per_call}")
    watch = found.watch()
    ours, taken = await _ours(found, given)
    spent = watch.told(count)
    ordered = report.keep(what, taken)
    against = f"the raw append function, {gathered} a call"
    report.add(Row(what, ours, "events/s", against=against, ratio=ours / raw, note=f"{milliseconds(ordered)}; {spent}"))
    report.add(Row(f"{what}: of the raw function", ours / raw, "", OF_THE_RAW))
    with peers(found, clients, report.say) as others:
        for peer in others:
            made = calls(count, clients, per_call, f"{peer.name}{clients}x{per_call}")
            plain = [[[unit.events[0] for unit in call] for call in mine] for mine in made]
            theirs = await asyncio.to_thread(append_rate, peer, plain)
            told = f"{peer.name} {theirs:,.0f} events/s"
            report.add(Row(f"{what}: against {peer.name}", ours / theirs, "times", 1.0, note=told))


def _count(size: Size, clients: int, per_call: int) -> int:
    """One client alone is slow, batches are quick."""
    return size.appended * 4 if per_call > 1 else size.appended // 4 if clients == 1 else size.appended


def calls(count: int, clients: int, per_call: int, run: str) -> Calls:
    """The events of a measurement, dealt out to clients and calls."""
    made = units(count, run)
    each = [made[at : at + per_call] for at in range(0, len(made), per_call)]
    return [each[number::clients] for number in range(clients)]


async def _ours(found: Installation, given: Calls) -> tuple[float, list[float]]:
    """Events a second, and the seconds that each call took."""
    taken: list[float] = []
    async with await open_pool(found.settings, "interventions") as pool:
        log = Log("interventions", pool, SystemClock())
        await log.start()

        async def work(mine: Sequence[Sequence[Unit]]) -> int:
            for call in mine:
                began = time.perf_counter()
                await log.append_units(call)
                taken.append(time.perf_counter() - began)
            return sum(map(len, mine))

        try:
            began = time.perf_counter()
            done = await asyncio.gather(*map(work, given))
            whole = time.perf_counter() - began
        finally:
            await log.close()
    return sum(done) / whole, taken
