"""A rebuild: filled beside, compared, switched, while writes go on."""

import asyncio
from datetime import date

import asyncpg
import pytest

from services.kpi.definitions import Basis
from services.kpi.rebuild import LOCK, Busy, rebuild
from services.kpi.statements import TABLES
from shared.domain.findings import Refused
from shared.log.events import Columns
from shared.settings import Settings
from tests.kpi.books import PROVIDER, Books
from tests.kpi.office import Office
from tests.kpi.test_cuts import record


async def contents(office: Office) -> dict[str, list[str]]:
    """Every row of the read models and of what was read."""
    async with office.running.pool.acquire() as connection:
        return {
            table: sorted(row[0] for row in await connection.fetch(f"select t::text from app.{table} t"))
            for table in ("incoming", *TABLES)
        }


@pytest.mark.parametrize("from_log", [False, True])
async def test_g11_a_rebuild_of_what_is_right_changes_nothing(
    office: Office, databases: Settings, from_log: bool
) -> None:
    """G-11: row for row the same, from what was kept as from the logs themselves."""
    await record(office, 1, 2, 3)
    before = await contents(office)
    told: list[tuple[str, int, int]] = []
    done = await rebuild(databases, from_log=from_log, progress=lambda *step: told.append(step))
    assert (done.differing, done.refilled, done.reset) == (0, 0, False)
    assert done.postings == len(before["posting"])
    assert await contents(office) == before
    assert {what for what, _, _ in told} >= {"postings", "cells and indexes", "comparing"}
    assert all(finished <= of for _, finished, of in told)


async def test_a_rebuild_mends_what_was_wrong_and_says_how_much(office: Office, databases: Settings) -> None:
    await record(office, 1, 2)
    before = await contents(office)
    async with office.running.pool.acquire() as connection:
        await connection.execute("update app.posting set amount = 7 where measure = 'trajectory'")
        await connection.execute("update app.cell set amount = 14 where measure = 'trajectory'")
    done = await rebuild(databases)
    assert done.differing == 2 * 2 + 2
    assert await contents(office) == before


async def test_a_rebuild_from_the_logs_mends_what_was_read(office: Office, databases: Settings) -> None:
    await record(office, 1, 2)
    before = await contents(office)
    async with office.running.pool.acquire() as connection:
        await connection.execute("update app.incoming set day = '2021-01-01' where log = 'interventions'")
    done = await rebuild(databases, from_log=True)
    assert done.refilled == 2 * 2
    assert await contents(office) == before


async def test_a_rebuild_of_one_kpi_leaves_the_others_alone(office: Office, databases: Settings) -> None:
    await record(office, 1, 2)
    before = await contents(office)
    async with office.running.pool.acquire() as connection:
        await connection.execute("update app.posting set amount = 7 where measure = 'trajectory'")
    done = await rebuild(databases, only="KPI-HR-04")
    assert done.differing == 2 * 2
    assert await contents(office) == before
    with pytest.raises(Refused):
        await rebuild(databases, only="KPI-XX-04")


async def test_writes_go_on_while_it_runs(office: Office, databases: Settings) -> None:
    """Events that come in every stage of it are in the ledger afterwards, once."""
    await record(office, *range(100, 110))
    stages: set[str] = set()
    pending: list[asyncio.Task[None]] = []

    def meanwhile(what: str, _done: int, _of: int) -> None:
        stages.add(what)
        pending.append(asyncio.get_running_loop().create_task(record(office, 200 + len(pending))))

    await rebuild(databases, from_log=True, progress=meanwhile)
    await asyncio.gather(*pending)
    await record(office, 1)
    figure = await office.figure("KPI-HR-04", basis=Basis.EVENTS)
    assert len(stages) == 4
    assert figure.value == 10 + len(pending) + 1
    assert (await rebuild(databases)).differing == 0


async def test_two_rebuilds_at_once_are_refused(office: Office, databases: Settings) -> None:
    async with office.running.pool.acquire() as connection:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        with pytest.raises(Busy):
            await rebuild(databases)
    assert (await rebuild(databases)).differing == 0


async def test_what_an_ended_rebuild_left_is_cleared_away(
    ledger: Settings, owner: asyncpg.Connection, books: Books
) -> None:
    await owner.execute("create table app.posting_next (a integer)")
    books.site("99HA00")
    await books.post()
    assert (await rebuild(ledger)).differing == 0
    assert await owner.fetchval("select to_regclass('app.posting_next')") is None


async def test_a_restored_log_starts_the_ledger_over(office: Office, databases: Settings) -> None:
    await record(office, 1)
    async with office.running.pool.acquire() as connection:
        await connection.execute("update app.checkpoints set epoch = 'another' where log = 'interventions'")
    assert (await rebuild(databases, from_log=True)).reset
    await office.logs.append("registry", "something-unheard-of.v1", {})
    await office.running.own.record_cut("TEST")
    await record(office, 1)
    assert (await office.figure("KPI-HR-04", basis=Basis.EVENTS)).value == 1


async def test_the_gateway_reads_what_was_rebuilt_and_writes_nothing(office: Office, databases: Settings) -> None:
    await rebuild(databases)
    password = databases.secret("kpi_gateway").get_secret_value()
    place = {"host": databases.database_host, "port": databases.database_port}
    gateway = await asyncpg.connect(user="kpi_gateway", password=password, database=databases.database("kpi"), **place)
    try:
        for table in (*TABLES, "definition", "cut", "caught_up", "checkpoints", "parked"):
            await gateway.fetch(f"select count(*) from app.{table}")
            for change in (f"delete from app.{table}", f"truncate app.{table}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await gateway.execute(change)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await gateway.fetch("select * from log.events")
        for table in TABLES:
            assert await gateway.fetchval(f"select count(*) from app.{table}") == 0
        await gateway.execute("begin; set local jos.programmes = '{HR-JOS}'")
        assert await gateway.fetchval("select count(*) from app.posting") > 0
    finally:
        await gateway.close()


async def test_a_correction_that_comes_while_it_runs_undoes_what_it_replaces(
    office: Office, databases: Settings
) -> None:
    day = date(2022, 2, 1)
    columns = Columns(day=day, programme="HR-JOS", school="99HA00", provider=PROVIDER, kind="GROUP", quantity=None)
    await office.logs.append("interventions", "group-intervention-recorded.v1", {}, columns)
    await office.settled()
    async with office.running.pool.acquire() as connection:
        original = await connection.fetchval("select event_id from app.incoming where log = 'interventions'")
    retraction = Columns(day=day, programme="HR-JOS", school="99HA00", root=original, replaces=original)
    pending: list[asyncio.Task[None]] = []

    def meanwhile(what: str, _done: int, _of: int) -> None:
        if what == "comparing" and not pending:
            pending.append(
                asyncio.get_running_loop().create_task(
                    office.logs.append("interventions", "event-retracted.v1", {"reason": "X"}, retraction)
                )
            )

    await rebuild(databases, progress=meanwhile)
    await asyncio.gather(*pending)
    await office.settled()
    async with office.running.pool.acquire() as connection:
        assert await connection.fetchval("select sum(amount) from app.cell where measure = 'interventions'") == 0
