"""Whatever is done to a log behind its back is found, with its position."""

import json
from collections.abc import Iterable

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.log.canonical import canonical, content_hash
from shared.log.heads import HeadKeeper, heads_file, written_heads
from shared.log.log import Log
from shared.log.rows import COLUMNS, stored_event
from shared.log.verify import Flaw, Wrong, verify_log
from shared.settings import Settings
from tests.log.conftest import SERVICE
from tests.log.given import NOON, RECORDED, event, unit

OTHER = canonical({"minutes": 1})
OTHER_HASH = content_hash(RECORDED, NOON, OTHER).hex()

TAMPERING = [
    ("a payload changed", ["update log.events set payload = '{}' where position = 3"], 3, Wrong.CONTENT),
    (
        "a payload and its hash changed",
        [f"update log.events set payload = '{OTHER}', content_hash = '\\x{OTHER_HASH}' where position = 3"],
        3,
        Wrong.ROW,
    ),
    ("a typed column changed", ["update log.events set school = '99HB00' where position = 4"], 4, Wrong.ROW),
    ("a column emptied", ["update log.events set traceparent = '' where position = 4"], 4, Wrong.ROW),
    (
        "a moment moved",
        ["update log.events set recorded_at = recorded_at + interval '1 microsecond' where position = 5"],
        5,
        Wrong.ROW,
    ),
    ("the first row changed", ["update log.events set judgement = '[]' where position = 1"], 1, Wrong.ROW),
    ("the last row changed", ["update log.events set kind = 'CRISIS' where position = 8"], 8, Wrong.ROW),
    ("a row removed", ["delete from log.events where position = 3"], 3, Wrong.MISSING),
    ("the first row removed", ["delete from log.events where position = 1"], 1, Wrong.MISSING),
    (
        "two rows swapped",
        [
            "update log.events set position = 99 where position = 3",
            "update log.events set position = 3 where position = 6",
            "update log.events set position = 6 where position = 99",
        ],
        3,
        Wrong.ROW,
    ),
    (
        "a row removed and the rest moved up",
        [
            "delete from log.events where position = 4",
            "update log.events set position = -position where position > 4",
            "update log.events set position = -position - 1 where position < 0",
        ],
        4,
        Wrong.ROW,
    ),
    (
        "a row put in",
        [
            "update log.events set position = -position where position > 4",
            "update log.events set position = 1 - position where position < 0",
            "insert into log.events select (jsonb_populate_record(e, jsonb_build_object("
            "'position', 5, 'id', gen_random_uuid(), 'source_id', 'new', 'stream', 'new'))).*"
            " from log.events e where position = 4",
        ],
        5,
        Wrong.ROW,
    ),
]


@pytest.fixture
async def filled(log: Log) -> Log:
    """Eight events: five of their own, and three on one stream."""
    await log.append_units([unit(event()) for _ in range(5)])
    await log.append(unit(*[event(stream="s") for _ in range(3)]))
    return log


async def tamper(superuser: asyncpg.Connection, statements: Iterable[str]) -> None:
    """As somebody with every right, who switches everything off that stands in the way."""
    await superuser.execute("alter table log.events disable trigger user")
    await superuser.execute("alter table log.events drop constraint events_position_check")
    for statement in statements:
        await superuser.execute(statement)


async def test_g07_a_log_that_nobody_touched_verifies(filled: Log, databases: Settings) -> None:
    """G-07: every row and the chain are recomputed in Python, apart from the SQL that wrote them."""
    report = await verify_log(SERVICE, databases)
    assert (report.ok, report.events, report.flaws) == (True, 8, ())


async def test_an_empty_log_verifies(log: Log, databases: Settings) -> None:
    assert (await verify_log(SERVICE, databases)).ok


@pytest.mark.parametrize(
    ("statements", "position", "wrong"), [case[1:] for case in TAMPERING], ids=[case[0] for case in TAMPERING]
)
async def test_g07_tampering_is_found_with_its_position(
    filled: Log,
    databases: Settings,
    superuser: asyncpg.Connection,
    statements: list[str],
    position: int,
    wrong: Wrong,
) -> None:
    """G-07: any changed, removed, inserted or swapped row is reported with its position."""
    await tamper(superuser, statements)
    report = await verify_log(SERVICE, databases)
    assert report.flaws == (Flaw(1, position, wrong),)
    assert report.events == position - 1
    assert report.flaws[0].wrong.text.nl


async def test_a_gap_in_the_versions_of_a_stream_is_found(
    filled: Log, databases: Settings, superuser: asyncpg.Connection
) -> None:
    """Written by a function that chains rightly and counts wrongly: the check does not rest on the chain."""
    await _skip_a_version(superuser)
    await filled.append(unit(event(stream="s")))
    assert (await verify_log(SERVICE, databases)).flaws == (Flaw(1, 9, Wrong.VERSION),)


async def _skip_a_version(superuser: asyncpg.Connection) -> None:
    text = await superuser.fetchval(
        "select pg_get_functiondef('log.append(smallint, log.new_event[], log.new_claim[])'::regprocedure)"
    )
    step = "reached[e.same_stream] := reached[e.same_stream] + 1"
    assert step in text
    await superuser.execute(text.replace(step, step.replace("+ 1", "+ 2")))


async def test_g07_a_tail_that_was_cut_off_is_noticed_by_the_head_that_was_kept(
    filled: Log, databases: Settings, superuser: asyncpg.Connection, clock: FrozenClock
) -> None:
    """G-07: the rest still chains, but the file in the other place knows of a later position."""
    await HeadKeeper(filled, databases, clock).write()
    await tamper(superuser, ["delete from log.events where position > 6"])
    assert (await verify_log(SERVICE, databases)).flaws == (Flaw(1, 7, Wrong.TRUNCATED),)


async def test_g07_an_emptied_log_is_noticed_by_the_head_that_was_kept(
    filled: Log, databases: Settings, superuser: asyncpg.Connection, clock: FrozenClock
) -> None:
    """G-07: also when nothing at all is left."""
    await HeadKeeper(filled, databases, clock).write()
    await tamper(superuser, ["truncate log.events"])
    assert (await verify_log(SERVICE, databases)).flaws == (Flaw(1, 1, Wrong.TRUNCATED),)


async def test_g07_a_tail_that_was_written_anew_is_noticed_by_the_head_that_was_kept(
    filled: Log, databases: Settings, superuser: asyncpg.Connection, clock: FrozenClock
) -> None:
    """G-07: a new tail with a chain that is right is still another tail."""
    await HeadKeeper(filled, databases, clock).write()
    await tamper(superuser, ["delete from log.events where position > 6"])
    await filled.append_units([unit(event()) for _ in range(5)])
    assert (await verify_log(SERVICE, databases)).flaws == (Flaw(1, 8, Wrong.HEAD),)


async def test_a_log_that_was_put_in_the_place_of_another_is_noticed(
    filled: Log, databases: Settings, clock: FrozenClock
) -> None:
    await HeadKeeper(filled, databases, clock).write()
    path = heads_file(databases, SERVICE)
    head = json.loads(path.read_text())
    path.write_text(json.dumps(head | {"epoch": "another"}) + "\n")
    assert (await verify_log(SERVICE, databases)).flaws == (Flaw(1, 8, Wrong.REPLACED),)


async def test_what_a_restore_lost_is_no_flaw_once_the_new_epoch_says_so(
    filled: Log, databases: Settings, superuser: asyncpg.Connection, clock: FrozenClock
) -> None:
    await HeadKeeper(filled, databases, clock).write()
    await tamper(superuser, ["delete from log.events where position > 6"])
    await superuser.execute(
        "insert into log.epochs (number, log_id, epoch, heads, reason)"
        " select 2, log_id, 'restored', '{\"1\": 6}', 'restore' from log.epochs"
    )
    await filled.append(unit(event()))
    await HeadKeeper(filled, databases, clock).write()
    report = await verify_log(SERVICE, databases)
    assert (report.ok, report.events, report.heads) == (True, 7, 2)
    assert await filled.epoch() == "restored"


async def test_heads_are_written_at_start_in_between_and_at_stop(
    filled: Log, databases: Settings, clock: FrozenClock
) -> None:
    keeper = HeadKeeper(filled, databases, clock)
    await keeper.start()
    await filled.append(unit(event()))
    await keeper.close()
    heads = list(written_heads(heads_file(databases, SERVICE)))
    assert [head.position for head in heads] == [8, 9]
    assert heads[-1].row_hash == (await filled.head()).row_hash.hex()
    assert (await verify_log(SERVICE, databases)).heads == 2


async def test_the_chain_covers_every_column(superuser: asyncpg.Connection) -> None:
    """A column that is added later has to enter the hash, or this fails."""
    columns = {
        row[0]
        for row in await superuser.fetch(
            "select column_name from information_schema.columns where table_schema = 'log' and table_name = 'events'"
        )
    }
    assert columns == set(COLUMNS.replace("epoch, ", "").split(", "))
    assert stored_event.__doc__
