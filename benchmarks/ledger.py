"""A ledger of any size: events put straight into `app.incoming`, as if the four logs had held them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from benchmarks.installation import Installation, services
from jos.demo.schools import SCHOOLS
from services.kpi.ledger import CONSUMER

SERVICES = ("issuer", "registry", "contracts", "interventions", "kpi")
CHUNK = 100_000

FILL = (Path(__file__).parent / "ledger.sql").read_text(encoding="utf-8")

# As if the ledger had applied them.
MOVE = "update app.checkpoints set position = $2 where consumer = $1 and log = 'interventions' and shard = 1"

BEHIND = "select coalesce(sum(position), 0) from app.checkpoints where consumer = $1"


async def record_facts(found: Installation) -> None:
    """Schools, people, contracts and definitions, through the services, until the ledger has them; then they stop."""
    async with services(found, *SERVICES):
        await found.record_facts()
        async with found.cluster.connected(found.settings.database("kpi")) as connection:
            await _settled(lambda: connection.fetchval(BEHIND, CONSUMER))


async def fill(found: Installation, after: int, upto: int) -> None:
    """Events at the positions after `after` up to and including `upto`."""
    sites = [school.site for school in SCHOOLS][:11]
    providers = [school.provider.code for school in SCHOOLS][:11]
    async with found.cluster.connected(found.settings.database("kpi")) as connection:
        for first in range(max(after + 1, 101), upto + 1, CHUNK):
            last = min(first + CHUNK - 1, upto)
            await connection.execute(FILL, first, last, sites, providers, timeout=600)
        await connection.execute(MOVE, CONSUMER, upto)
        await connection.execute("analyze app.incoming", timeout=600)


async def scanned(connection: asyncpg.Connection) -> float:
    """Seconds that PostgreSQL needs to read the events once and sum them by place and month: the floor of a rebuild."""
    began = asyncio.get_running_loop().time()
    await connection.fetch(
        "select school, date_part('year', day) * 12 + date_part('month', day), kind, sum(quantity), count(*)"
        " from app.incoming group by 1, 2, 3",
        timeout=600,
    )
    return asyncio.get_running_loop().time() - began


async def _settled(read: Callable[[], Awaitable[object]], still: float = 1.0) -> None:
    """Wait until a number has not changed for a second."""
    before: object = None
    while (now := await read()) != before:
        before = now
        await asyncio.sleep(still)
