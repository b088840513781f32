"""Tampering as superuser, two hundred ways: each is found, at the first position where it can be seen."""

import random

import asyncpg

from shared.clock import FrozenClock
from shared.log.heads import HeadKeeper
from shared.log.log import Log
from shared.log.verify import verify_log
from shared.settings import Settings
from tests.faults.tampering import CHANGES, HEAD, SIZE, ways
from tests.log.conftest import SERVICE, databases, log, open_log, superuser  # noqa: F401
from tests.log.given import event, unit

NUMBER = 200

RESTORE = "truncate log.events; insert into log.events select * from kept"


async def test_g07_two_hundred_ways_to_tamper_are_found_with_the_first_bad_position(
    log: Log,  # noqa: F811
    superuser: asyncpg.Connection,  # noqa: F811
    databases: Settings,  # noqa: F811
    clock: FrozenClock,
    chance: random.Random,
) -> None:
    """G-07."""
    await log.append_units([unit(event(stream=f"s-{n % 20}", minutes=10 + n)) for n in range(HEAD)])
    await HeadKeeper(log, databases, clock).write()
    await log.append_units([unit(event(stream=f"s-{n % 20}", minutes=10 + n)) for n in range(HEAD, SIZE)])
    assert (await verify_log(SERVICE, databases)).ok
    await superuser.execute("create temporary table kept as select * from log.events")
    await superuser.execute("alter table log.events disable trigger all")
    drawn = list(ways(chance, NUMBER))
    assert len(drawn) == NUMBER
    assert {row["column_name"] for row in await superuser.fetch(COLUMNS)} - CHANGES.keys() == {"position"}
    missed = []
    for way in drawn:
        await superuser.execute(f"{RESTORE}; {'; '.join(way.statements)}")
        flaws = (await verify_log(SERVICE, databases)).flaws
        if not flaws or flaws[0].position != way.first:
            missed.append((way.what, way.first, flaws))
    await superuser.execute(RESTORE)
    assert (await verify_log(SERVICE, databases)).ok
    assert not missed


# So that no column can be added without a way to tamper with it.
COLUMNS = """
select column_name from information_schema.columns where table_schema = 'log' and table_name = 'events'"""
