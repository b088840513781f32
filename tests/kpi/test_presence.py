"""Who has something open in which months: kept = counted from the postings = counted by looking at every day."""

import random
from collections.abc import Sequence
from datetime import date

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kpi import presence
from services.kpi.answer import Answer, ask
from services.kpi.definitions import Over, Rule, shipped
from services.kpi.figure import Dimension, View
from services.kpi.presence import selections
from services.kpi.query import statement
from services.kpi.question import Question
from shared.domain.calendar import Period, PeriodType, period, split
from shared.postgres.cluster import Cluster
from shared.settings import Settings
from tests.kpi.books import PROGRAMME, Books
from tests.kpi.histories import SITES, Writer, steps
from tests.kpi.naive import Naive
from tests.kpi.test_ledger import ON_A_LEDGER, batches

MONTH = 2022 * 12 + 6
FORMULAS = (
    "distinct_open(trajectory)",
    "distinct_open(trajectory where duration = STRUCTURAL)",
    "distinct_open(trajectory where form = INDIVIDUAL)",
)
PERIODS: tuple[tuple[Period, ...], ...] = (
    tuple(split(period("2022"), PeriodType.MONTH)),
    tuple(split(period("2021-2022"), PeriodType.SCHOOL_QUARTER)),
    tuple(split(period("2022"), PeriodType.HALF_YEAR)),
    (period("2022"),),
)
PLACES: tuple[tuple[tuple[Dimension, ...], dict[Dimension, tuple[str, ...]], View], ...] = (
    ((), {}, View.AS_WAS),
    ((Dimension.SCHOOL,), {}, View.AS_WAS),
    ((Dimension.MUNICIPALITY, Dimension.PROVIDER), {}, View.AS_TODAY),
    ((), {Dimension.SCHOOL: SITES[:2]}, View.AS_WAS),
    ((Dimension.SCHOOL_TYPE,), {Dimension.MUNICIPALITY: ("GM0001",)}, View.AS_WAS),
)


def question(place: int, periods: Sequence[Period], kept: bool) -> Question:
    """A question about one of the places."""
    by, where, view = PLACES[place]
    return Question(
        PROGRAMME, tuple(periods), MONTH, by, where, view, kept=frozenset(selections()) if kept else frozenset()
    )


async def told(books: Books, formula: str, asked: Question, over: Over = Over.REGISTER) -> Answer:
    return await ask(books.connection, asked, Rule(formula=formula, over=over))


async def assert_kept_is_counted(books: Books) -> None:
    """What is kept answers every question as the postings do, key by key."""
    for formula in FORMULAS:
        for periods in PERIODS:
            for place in range(len(PLACES)):
                for over in (Over.REGISTER, Over.EVENTS):
                    answers = [await told(books, formula, question(place, periods, kept), over) for kept in (0, 1)]
                    assert answers[0] == answers[1], (formula, periods[0].code, PLACES[place], over)


def everywhere(naive: Naive, over: Period) -> int:
    """The pupils of all sites together, each once, by looking at every day."""
    return len(set().union(*naive.subjects(over.start, over.end).values()))


def write_sites(books: Books) -> None:
    """Sites in two municipalities, the last of which moves to the other in spring."""
    for number, site in enumerate(SITES):
        books.site(site, municipality=f"GM000{number % 2}")
    moved = {"site": SITES[2], "school": SITES[2][:4], "name": "moved", "schoolType": "SO", "municipality": "GM0001"}
    books.write("registry", "school-site-added.v1", {**moved, "subRegion": None, "validFrom": date(2022, 4, 1)})


@ON_A_LEDGER
@given(history=steps, seed=st.randoms(use_true_random=False))
async def test_g11_what_is_kept_answers_as_the_postings_and_as_a_naive_fold(
    owner: asyncpg.Connection, history: list[tuple[object, ...]], seed: random.Random
) -> None:
    """G-11, G-14: any history with corrections, retractions and backdated events, in any batches, each twice."""
    transaction = owner.transaction()
    await transaction.start()
    try:
        books = Books(owner)
        write_sites(books)
        naive = Writer(books).write(history)
        for log in seed.sample(sorted(books.logs), len(books.logs)):
            for batch in batches(books.logs[log], seed):
                await books.apply(log, batch)
                await books.apply(log, batch)
        await assert_kept_is_counted(books)
        for periods in PERIODS:
            answer = await told(books, FORMULAS[0], question(0, periods, True))
            found = [
                answer.of((index, ())).get(Rule(formula=FORMULAS[0], over=Over.REGISTER).parts()[0], 0)
                for index in range(len(periods))
            ]
            assert found == [everywhere(naive, each) for each in periods]
    finally:
        await transaction.rollback()


async def test_a_pupil_at_two_schools_counts_once_in_both_together(books: Books) -> None:
    write_sites(books)
    books.started("a", 1, date(2022, 1, 10), site=SITES[0])
    books.ended("a", 1, date(2022, 2, 10), site=SITES[0])
    books.started("b", 1, date(2022, 2, 5), site=SITES[1])
    books.started("c", 2, date(2022, 2, 5), site=SITES[1])
    await books.post()
    assert await books.connection.fetchval("select count(*) from app.open_months where not alone") == 2 * 3
    by_school = [f.value for f in await books.figures("KPI-HR-04", "2022-02", by=(Dimension.SCHOOL,))]
    assert by_school[:2] == [1, 2]
    assert (await books.figure("KPI-HR-04", "2022-02")).value == 2
    await assert_kept_is_counted(books)


async def test_a_pupil_that_comes_back_counts_once_in_a_year_and_in_each_of_its_quarters(books: Books) -> None:
    write_sites(books)
    for number, (start, end) in enumerate(((1, 1), (3, 3), (11, 11))):
        books.started(f"a{number}", 1, date(2022, start, 10))
        books.ended(f"a{number}", 1, date(2022, end, 12))
    await books.post()
    gaps = await books.connection.fetch(
        "select month - 24264 as month, gap, subjects from app.crossing where selection = 'trajectory' order by 1, 2"
    )
    assert [tuple(row) for row in gaps] == [
        *((0, 12, 1), (1, 0, -1), (2, 2, 1), (3, 0, -1)),
        *((10, 8, 1), (11, 0, -1)),
    ]
    quarters = await books.figures("KPI-HR-04", "2022", per=PeriodType.QUARTER)
    assert [figure.value for figure in quarters] == [1, None, None, 1]
    assert (await books.figure("KPI-HR-04", "2022")).value == 1


async def test_what_is_not_kept_is_counted_all_the_same(books: Books) -> None:
    write_sites(books)
    books.started("a", 1, date(2022, 1, 10))
    await books.post()
    before = await books.figure("KPI-HR-04", "2022-02")
    await books.connection.execute("delete from app.kept; delete from app.crossing; delete from app.open_months")
    assert await books.figure("KPI-HR-04", "2022-02") == before
    async with books.connection.transaction():
        await presence.keep(books.connection)
    assert await books.figure("KPI-HR-04", "2022-02") == before
    await assert_kept_is_counted(books)


async def test_what_nobody_counts_by_any_more_is_forgotten(books: Books) -> None:
    books.started("a", 1, date(2022, 1, 10))
    await books.post()
    was = await books.rows("crossing")
    await books.connection.execute("""
        insert into app.kept values ('trajectory where form in (OTHER)');
        insert into app.crossing
        select 'trajectory where form in (OTHER)', programme, school, provider, municipality, kind, month, gap, subjects
        from app.crossing where selection = 'trajectory'""")
    async with books.connection.transaction():
        await presence.keep(books.connection)
    assert await books.rows("crossing") == was


def test_every_open_count_of_the_shipped_definitions_is_kept() -> None:
    """A new KPI that counts pupils by what is open is answered from sums, not from postings."""
    rules = [rule for definition in shipped().values() for rule in definition.basis.values()]
    pupils = [part for rule in rules for part in rule.parts() if part.word == "distinct_open" and part.of == "subject"]
    assert pupils and {presence.name(part.over) for part in pupils} == set(selections())
    for part in pupils:
        asked = Question(PROGRAMME, (period("2022"),), MONTH, kept=frozenset(selections()))
        formula = f"distinct_open({presence.name(part.over)})"
        text, _ = statement(asked, Rule(formula=formula, over=Over.EVENTS))
        assert "app.posting" not in text


FILLED = 20_000
STALE = """
update pg_class set reltuples = 0, relpages = 0 where relname in ('posting', 'open_months', 'crossing', 'incoming');
delete from pg_statistic where starelid in (
    'app.posting'::regclass, 'app.open_months'::regclass, 'app.crossing'::regclass, 'app.incoming'::regclass)"""


@pytest.mark.parametrize("statistics", ["none", "stale", "fresh"])
async def test_following_reads_a_few_rows_whatever_the_planner_believes(
    owner: asyncpg.Connection, cluster: Cluster, ledger: Settings, statistics: str
) -> None:
    """On tables that were empty when the statements were planned, without statistics, and with wrong ones."""
    books = Books(owner)
    write_sites(books)
    for number in range(8):  # long enough for a plan to be kept
        books.started(f"a{number}", number, date(2022, 1, 10))
        await books.post()
    await fill(owner)
    if statistics != "none":
        await owner.execute("analyze app.posting; analyze app.open_months; analyze app.crossing; analyze app.incoming")
    if statistics == "stale":
        async with cluster.connected(ledger.database("kpi")) as superuser:
            await superuser.execute(STALE)
    before = await reads(owner)
    books.started("b", 9, date(2022, 1, 10))
    await books.post()
    after = await reads(owner)
    assert after - before < 2_000
    assert 10 * (after - before) < FILLED


async def fill(owner: asyncpg.Connection) -> None:
    """Many postings of other subjects, and what is kept of them."""
    await owner.execute(f"""
        insert into app.posting (log, shard, position, line, measure, day, month, programme, school, provider, subject,
            case_key, amount)
        select 'interventions', 1, 1000 + n, 311, 'trajectory', '2022-02-01', 24265, 'HR-JOS', '99HA00', 'x',
            md5(n::text)::uuid, 't' || n, 1 from generate_series(1, {FILLED}) n;
        insert into app.open_months select 'trajectory', 'HR-JOS', md5(n::text)::uuid, '99HA00', 'x', null, null,
            '{{[24265,24267)}}', true from generate_series(1, {FILLED}) n""")


async def reads(owner: asyncpg.Connection) -> int:
    """Rows that were read of the tables that grow, by this session or any other."""
    await owner.execute("select pg_stat_force_next_flush()")
    found: int = await owner.fetchval("""
        select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables
        where schemaname = 'app' and relname in ('posting', 'open_months', 'crossing', 'incoming')""")
    return found
