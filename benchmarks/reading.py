"""Reading the log forward, as every consumer does: pages of 1,000 over the feed, made into events."""

import asyncio
import time
from collections.abc import Sequence

from benchmarks.events import units
from benchmarks.floors import raw_append
from benchmarks.installation import Installation, database
from benchmarks.peers import Peer, append_rate, peers
from benchmarks.report import Report, Row
from benchmarks.sizes import Size
from shared.feeds.postgres import PostgresFeed
from shared.log.events import NewEvent
from shared.log.rows import COLUMNS

PAGE = 1000
TARGET = 200_000.0
TIMES = 3

# The same pages without making anything of them: what the driver and the server need.
BARE = f"select {COLUMNS} from log.feed where shard = 1 and position > $1 order by position limit {PAGE}"


async def run(size: Size, report: Report) -> None:
    """Fill a log, read it to its end some times, and let the peers do the same."""
    async with database() as found:
        async with found.cluster.connected("postgres") as connection:
            await connection.execute("create database eventsourcing")
        await raw_append(found, 1, size.read // PAGE, PAGE, "read")
        bare = [await _bare(found) for _ in range(TIMES)]
        watch = found.watch()
        ours = report.keep("read", [await _ours(found) for _ in range(TIMES)])
        spent = watch.told(size.read * TIMES)
        seen = ours[len(ours) // 2]
        against = "fetching the same rows and no more"
        told = f"median of {TIMES}; best {ours[-1]:,.0f}; {spent}"
        ratio = seen / sorted(bare)[len(bare) // 2]
        report.add(Row("read the log forward", seen, "events/s", TARGET, False, against, ratio, told))
        with peers(found, 1, report.say) as others:
            events = [unit.events[0] for unit in units(size.read, "peer")]
            for peer in others:
                theirs = await asyncio.to_thread(_theirs, peer, events)
                told = f"{peer.name} {theirs:,.0f} events/s (stretch)"
                report.add(Row(f"read the log forward: against {peer.name}", seen / theirs, "times", 1.0, note=told))


async def _ours(found: Installation) -> float:
    feed = PostgresFeed("interventions", found.settings)
    await feed.head(1)
    began, after = time.perf_counter(), 0
    while events := await feed.read(1, after, PAGE):
        after = events[-1].position.number
    taken = time.perf_counter() - began
    await feed.close()
    return after / taken


async def _bare(found: Installation) -> float:
    async with found.cluster.connected(found.settings.database("interventions")) as connection:
        statement = await connection.prepare(BARE)
        began, after = time.perf_counter(), 0
        while rows := await statement.fetch(after):
            after = rows[-1]["position"]
        return after / (time.perf_counter() - began)


def _theirs(peer: Peer, events: Sequence[NewEvent]) -> float:
    kept = list({event.id: event for event in events}.values())
    append_rate(peer, [[kept[at : at + PAGE] for at in range(0, len(kept), PAGE)]])
    rates = []
    for _ in range(TIMES):
        began = time.perf_counter()
        count = peer.read()
        rates.append(count / (time.perf_counter() - began))
    return sorted(rates)[TIMES // 2]
