"""The past is protected: every role that could try, tries."""

import asyncpg
import pytest

from shared.log.log import Log
from tests.log.conftest import Connect
from tests.log.given import event, unit

CHANGES = (
    "update log.events set payload = '{}' where position = 1",
    "delete from log.events where position = 1",
    "truncate log.events",
    "insert into log.events select * from log.events",
    "update log.epochs set epoch = 'x'",
    "delete from log.epochs",
    "truncate log.epochs",
    "truncate log.claims",
)


@pytest.mark.parametrize("role", ["app", "feed", "owner"])
async def test_g07_no_role_of_the_service_changes_the_past(log: Log, connect: Connect, role: str) -> None:
    """G-07: by grants, row policies or triggers, each change is refused."""
    await log.append(unit(event()))
    before = await log.head()
    connection = await connect(role)
    for change in CHANGES:
        await _refused(connection, change)
    assert await log.head() == before


async def _refused(connection: asyncpg.Connection, change: str) -> None:
    """Either it is refused, or it finds nothing to do (a row policy shows this role no rows)."""
    try:
        status = await connection.execute(change)
    except asyncpg.InsufficientPrivilegeError:
        return
    assert status.endswith(" 0")


async def test_g07_the_append_role_and_the_superuser_meet_the_triggers(log: Log, superuser: asyncpg.Connection) -> None:
    """G-07: whoever has the right still meets the trigger, also as a replica."""
    await log.append(unit(event()))
    for preparation in ("set role registry_append", "reset role", "set session_replication_role = replica"):
        await superuser.execute(preparation)
        for change in CHANGES:
            if change.startswith("insert"):
                continue
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await superuser.execute(change)
    assert (await log.head()).position.number == 1


async def test_a_feed_reader_reads_the_feed_and_nothing_else(log: Log, connect: Connect) -> None:
    await log.append(unit(event()))
    feed = await connect("feed")
    assert await feed.fetchval("select count(*) from log.feed") == 1
    assert await feed.fetchval("select count(*) from log.epoch") == 1
    for query in (
        "select * from log.events",
        "select * from log.claims",
        "select log.append(1::smallint, '{}', '{}')",
        "select log.by_stream('{}')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await feed.execute(query)


async def test_the_service_has_only_what_the_log_offers(connect: Connect) -> None:
    app = await connect("app")
    for query in (
        "select * from log.feed",
        "select * from log.claims",
        "insert into log.claims default values",
        "set role registry_append",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(query)
