"""The second line: what the role of the gateway sees without any filter is the caller's own (G-21, G-22)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

import asyncpg
import pytest

from services.kpi.gateway.access import admit
from services.kpi.measures import measures, open_measures
from services.kpi.question import reporting_at
from services.kpi.statements import TABLES
from shared.auth.caller import Caller
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.kpi.books import PROGRAMME, PROVIDER, Books
from tests.kpi.gateway.conftest import OTHER

TODAY = date(2022, 7, 5)
OTHERS = "kvknr:99990002"
AMOUNTS = ("posting", "cell")
"""The tables whose rows belong to somebody."""

STEWARD = Caller("s", "region:HR", frozenset(("programme-admin",)), region="HR")
PROVIDERS = Caller("p", PROVIDER, frozenset(("provider-manager",)))
SCHOOL = Caller("b", "brin:99HB", frozenset(("school",)), schools=frozenset(("99HB",)))
GRANTED = Caller("i", "oin:1", frozenset(("bi",)), programmes=frozenset((OTHER,)))
MUNICIPALITY = Caller("g", "gm:GM0546", frozenset(("municipal-analyst",)), municipalities=frozenset(("GM0546",)))
NOBODY = Caller("n", "oin:2", frozenset(("researcher",)))


@asynccontextmanager
async def reading(settings: Settings, caller: Caller | None) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of the gateway's role, for this caller."""
    async with (
        await open_pool(settings, "kpi", "gateway", max_size=1) as pool,
        pool.acquire() as connection,
        connection.transaction(readonly=True),
    ):
        if caller is not None:
            await admit(connection, caller, TODAY)
        yield connection


@pytest.fixture
async def two(gateway_settings: Settings, gateway_template: tuple[str, Books]) -> Settings:
    """The page, and work of another provider in it and in another region's programme."""
    async with await open_pool(gateway_settings, "kpi", max_size=1) as pool, pool.acquire() as connection:
        books = gateway_template[1].copy(connection)
        for number, programme in enumerate((PROGRAMME, OTHER)):
            case = {"programme": programme, "school": "99HA00", "provider": OTHERS, "day": date(2022, 2, 1)}
            data = {"duration": "STRUCTURAL", "form": "GROUP"}
            subject = {"subject": f"00000000-0000-0000-0000-00000000000{number}", "case": f"o{number}"}
            books.write("interventions", "support-trajectory-started.v1", data, **case, **subject)
        await books.post()
    return gateway_settings


async def closed(connection: asyncpg.Connection, table: str) -> Sequence[asyncpg.Record]:
    """The rows of a table, unfiltered, but for those that are open to everybody."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(f"select * from app.{table}")
    return [row for row in rows if row["measure"] not in open_measures()]


@pytest.mark.parametrize(
    ("caller", "column", "codes"),
    [
        (STEWARD, "programme", {PROGRAMME}),
        (MUNICIPALITY, "programme", {PROGRAMME}),
        (GRANTED, "programme", {OTHER}),
        (PROVIDERS, "provider", {PROVIDER}),
        (SCHOOL, "school", {"99HB00"}),
    ],
)
async def test_g21_a_query_without_any_filter_gives_the_caller_s_own(
    two: Settings, caller: Caller, column: str, codes: set[str]
) -> None:
    """G-21, G-22: whatever a query forgets."""
    async with reading(two, caller) as connection:
        for table in AMOUNTS:
            rows = await closed(connection, table)
            assert {row[column] for row in rows} == codes, table


@pytest.mark.parametrize("caller", [NOBODY, Caller("x", "region:XX", region="HR", schools=frozenset(("99HA",)))])
async def test_who_was_granted_nothing_sees_what_tells_about_nobody(two: Settings, caller: Caller) -> None:
    """A region or a school in a token without the role that goes with it gives nothing."""
    async with reading(two, caller) as connection:
        for table in AMOUNTS:
            assert not await closed(connection, table)
            assert await connection.fetchval(f"select count(*) from app.{table}") > 0


async def test_g21_without_a_tenant_nothing_is_seen(two: Settings) -> None:
    """G-21: not of any table, before anybody was named and after."""
    async with await open_pool(two, "kpi", "gateway", max_size=1) as pool, pool.acquire() as connection:
        for _ in range(2):
            for table in TABLES:
                assert await connection.fetchval(f"select count(*) from app.{table}") == 0, table
            async with connection.transaction():
                await admit(connection, STEWARD, TODAY)
                assert await connection.fetchval("select count(*) from app.posting") > 0


async def test_g21_tenants_that_take_turns_on_one_connection_never_see_each_other_s(two: Settings) -> None:
    """G-21: with statements that fail and transactions that are broken off in between."""
    async with await open_pool(two, "kpi", "gateway", max_size=1) as pool, pool.acquire() as connection:
        for turn in range(300):
            caller = (PROVIDERS, SCHOOL, NOBODY)[turn % 3]
            transaction = connection.transaction()
            await transaction.start()
            await admit(connection, caller, TODAY)
            rows = await closed(connection, "cell")
            assert {row["provider"] for row in rows} <= {PROVIDER} or caller is SCHOOL
            assert {row["school"] for row in rows} == {"99HB00"} or caller is not SCHOOL
            assert rows or caller is NOBODY
            if turn % 2:
                with pytest.raises(asyncpg.DivisionByZeroError):
                    await connection.fetch("select 1 / 0 from app.cell")
            await transaction.rollback()


async def test_a_region_s_programmes_are_those_it_is_known_by_on_the_day(two: Settings) -> None:
    async with reading(two, None) as connection:
        seen = "select app.programmes_seen($1, '{}', '{}', $2)"
        assert await connection.fetchval(seen, "HR", TODAY) == [PROGRAMME]
        assert await connection.fetchval(seen, "XX", TODAY) == [OTHER]
        assert await connection.fetchval(seen, "HR", date(2021, 12, 31)) == []
        assert await connection.fetchval(seen, None, TODAY) == []


async def test_rows_are_found_by_index_all_the_same(two: Settings) -> None:
    """The policy is checked on what the index gave, and what it rests on is looked up once."""
    async with await open_pool(two, "kpi", "owner", max_size=1) as pool:
        await pool.execute("""
            insert into app.cell
            select 'interventions', 'HR-JOS', '88' || to_char(n, 'FM0000'), null, null, 'GROUP', null, m, 1, 1
            from generate_series(1, 400) n, generate_series(1, 60) m;
            analyze app.cell""")
    where = "measure = 'interventions' and programme = 'HR-JOS' and school = '880007'"
    async with reading(two, PROVIDERS) as connection:
        plan = "\n".join(
            row[0] for row in await connection.fetch(f"explain select sum(amount) from app.cell where {where}")
        )
    assert "Index Cond: ((measure = 'interventions'" in plan and "(school = '880007'" in plan, plan
    assert "Seq Scan" not in plan


async def test_the_function_in_the_database_is_the_one_in_the_code(two: Settings) -> None:
    """A change of what it is made of needs a migration that makes it again."""
    async with reading(two, None) as connection:
        body = await connection.fetchval("select prosrc from pg_proc where proname = 'reporting_at'")
    assert body.strip() == reporting_at().split("$$")[1].strip()


def test_what_tells_about_persons_is_not_open() -> None:
    assert set(open_measures()) == {
        *("participation", "municipality-participation", "provider-choice"),
        *("pupils", "delivery", "delivered-pupils"),
    }
    assert set(open_measures()) < set(measures())
