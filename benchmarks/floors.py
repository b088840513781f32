"""Floors of a write: the append function alone, called with what a service would call it with."""

import asyncio
import time
from collections.abc import Sequence

import asyncpg

from benchmarks.events import units
from benchmarks.installation import Installation
from shared.log.events import Unit
from shared.log.rows import new_event
from shared.log.writer import APPEND
from shared.postgres.pool import open_pool


async def raw_append(found: Installation, clients: int, calls: int, size: int, run: str) -> float:
    """Events a second of the bare function: `clients` connections, `calls` calls in all, `size` events a call."""
    prepared = [
        [
            [new_event(number, unit.events[0]) for number, unit in enumerate(call)]
            for call in calls_of(calls, size, run, c)
        ]
        for c in range(clients)
    ]
    pool = await open_pool(found.settings, "interventions", min_size=clients, max_size=clients)
    async with pool:
        connections = [await pool.acquire() for _ in range(clients)]

        async def work(connection: asyncpg.pool.PoolConnectionProxy, mine: Sequence[Sequence[object]]) -> int:
            for events in mine:
                await connection.fetch(APPEND, 1, events, [])
            return sum(map(len, mine))

        began = time.perf_counter()
        done = await asyncio.gather(*map(work, connections, prepared))
        taken = time.perf_counter() - began
        for connection in connections:
            await pool.release(connection)
    return sum(done) / taken


def calls_of(calls: int, size: int, run: str, client: int, clients: int = 1) -> list[list[Unit]]:
    """A client's share of the calls, each with its units."""
    made = units(calls // max(clients, 1) * size, f"{run}-{client}")
    return [made[at : at + size] for at in range(0, len(made), size)]
