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


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["app", "feed", "owner"])
async def test_g07_no_role_of_the_service_changes_the_past(log: Log, connect: Connect, role: str, change: str) -> None:
    """G-07: by grants, row policies or triggers, each of them is refused."""
    await log.append(unit(event()))
    before = await log.head()
    connection = await connect(role)
    await _refused(connection, change)
    assert await log.head() == before


async def _refused(connection: asyncpg.Connection, change: str) -> None:
    """Either it is refused, or it finds nothing to do (a row policy shows this role no rows)."""
    try:
        status = await connection.execute(change)
    except asyncpg.InsufficientPrivilegeError:
        return
    assert status.endswith(" 0")


@pytest.mark.parametrize("change", CHANGES[:3] + CHANGES[4:])
async def test_g07_the_append_role_and_the_superuser_meet_the_triggers(
    log: Log, superuser: asyncpg.Connection, change: str
) -> None:
    """G-07: whoever has the right still meets the trigger, also as a replica."""
    await log.append(unit(event()))
    for preparation in ("set role registry_append", "reset role", "set session_replication_role = replica"):
        await superuser.execute(preparation)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await superuser.execute(change)
    assert (await log.head()).position.number == 1


@pytest.mark.parametrize(
    "query",
    [
        "select * from log.events",
        "select * from log.claims",
        "select log.append(1::smallint, '{}', '{}')",
        "select log.by_stream('{}')",
    ],
)
async def test_a_feed_reader_reads_the_feed_and_nothing_else(log: Log, connect: Connect, query: str) -> None:
    await log.append(unit(event()))
    feed = await connect("feed")
    assert await feed.fetchval("select count(*) from log.feed") == 1
    assert await feed.fetchval("select count(*) from log.epoch") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await feed.execute(query)


@pytest.mark.parametrize(
    "query",
    [
        "select * from log.feed",
        "select * from log.claims",
        "insert into log.claims default values",
        "set role registry_append",
    ],
)
async def test_the_service_has_only_what_the_log_offers(connect: Connect, query: str) -> None:
    app = await connect("app")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(query)
