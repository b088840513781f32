"""The ledger: increment = rebuild = a naive fold in Python, on random histories with corrections and retractions."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.kpi.answer import ask
from services.kpi.definitions import Over, Rule
from services.kpi.figure import Dimension
from services.kpi.question import Question
from services.kpi.rebuild import Rebuild, silent
from services.kpi.statements import TABLES
from shared.domain.calendar import Period, month_number, period
from shared.log.events import StoredEvent
from tests.kpi.books import PROGRAMME, START, Books
from tests.kpi.histories import SITES, Writer, steps
from tests.kpi.naive import Naive

PERIODS = ("2021-12", "2022-H1", "2022-Q3", "2022", "2021-2022")
ON_A_LEDGER = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def batches(events: list[StoredEvent], seed: random.Random) -> Iterator[list[StoredEvent]]:
    """The events in order, cut anywhere."""
    at = 0
    while at < len(events):
        size = seed.randint(1, 12)
        yield events[at : at + size]
        at += size


async def computed(books: Books, formula: str, over: Period) -> dict[str, Decimal]:
    """What a formula of one word gives per school, by the ledger; without what is nothing."""
    question = Question(PROGRAMME, (over,), month_number(date(2022, 7, 5)), (Dimension.SCHOOL,))
    rule = Rule(formula=formula, over=Over.REGISTER)
    answer = await ask(books.connection, question, rule)
    [word] = rule.parts()
    return {key[0]: amounts[word] for (_, key), amounts in answer.amounts.items() if amounts.get(word)}


def joined(over: Period) -> bool:
    """Whether the schools take part on the last day of a period: they do from the start on."""
    return over.end >= START


async def reporting(books: Books, over: Period) -> set[str]:
    """The schools that report by events."""
    question = Question(PROGRAMME, (over,), month_number(date(2022, 7, 5)), (Dimension.SCHOOL,))
    answer = await ask(books.connection, question, Rule(formula="total(interventions)", over=Over.EVENTS))
    return {key[0] for (_, key), schools in answer.reporting.items() if schools.reporting}


async def assert_counts_as(books: Books, naive: Naive) -> None:
    """Every word says what the naive fold says, for every period."""
    for over in map(period, PERIODS):
        span = (over.start, over.end)
        structural = "distinct_open(trajectory where duration = STRUCTURAL)"
        both = "distinct_open(trajectory where duration = INCIDENTAL and form = GROUP)"
        assert await computed(books, "distinct_open(trajectory)", over) == naive.recipients(*span)
        assert await computed(books, structural, over) == naive.recipients(*span, duration="STRUCTURAL")
        assert await computed(books, both, over) == naive.recipients(*span, duration="INCIDENTAL", form="GROUP")
        group = naive.minutes(*span, "GROUP", "COACHING")
        assert await computed(books, "total(minutes where kind in (GROUP, COACHING))", over) == group
        assert await computed(books, "total(minutes where kind != GROUP)", over) == naive.minutes(
            *span, "COACHING", "CRISIS"
        )
        assert await computed(books, "balance(assignment-fte)", over) == naive.fte(over.end)
        months = range(over.first_month, over.last_month + 1)
        assert await reporting(books, over) == {site for site in SITES if joined(over) and naive.reports(site, months)}


async def assert_rebuilt_is_live(books: Books) -> None:
    """A rebuild gives the same rows as were kept up event by event (G-11)."""
    await Rebuild(books.connection, silent, None).fill()
    for table in TABLES:
        assert await books.rows(f"{table}_next") == await books.rows(table), table


@ON_A_LEDGER
@given(history=steps, seed=st.randoms(use_true_random=False), shards=st.sampled_from((1, 3)))
async def test_g11_increment_is_rebuild_is_a_naive_fold(
    owner: asyncpg.Connection, history: list[tuple[object, ...]], seed: random.Random, shards: int
) -> None:
    """G-11, G-14: any history, cut into any batches, every batch delivered twice, logs and shards in any order."""
    transaction = owner.transaction()
    await transaction.start()
    try:
        books = Books(owner, lambda columns: 1 + SITES.index(columns.school or SITES[0]) % shards)
        for site in SITES:
            books.site(site)
        naive = Writer(books).write(history)
        of_shards = [
            (log, [event for event in events if event.position.shard == shard])
            for log, events in books.logs.items()
            for shard in range(1, shards + 1)
        ]
        seed.shuffle(of_shards)
        for log, batch in [(log, batch) for log, events in of_shards for batch in batches(events, seed)]:
            await books.apply(log, batch)
            await books.apply(log, batch)
        await assert_counts_as(books, naive)
        await assert_rebuilt_is_live(books)
    finally:
        await transaction.rollback()


async def test_g10_every_event_delivered_twice_counts_once(page: Books) -> None:
    """G-10: the same events again, one by one and in other batches, add no row and change no amount."""
    before = {table: await page.rows(table) for table in ("incoming", *TABLES)}
    for log, events in page.logs.items():
        for batch in batches(events, random.Random(1)):  # noqa: S311
            await page.apply(log, batch)
    assert {table: await page.rows(table) for table in ("incoming", *TABLES)} == before


async def test_cells_are_sums_of_postings(page: Books) -> None:
    columns = "measure, programme, school, provider, municipality, kind, attributes, month"
    cells = await page.connection.fetch(f"select {columns}, amount, postings from app.cell")
    sums = await page.connection.fetch(
        f"select {columns}, sum(amount) as amount, count(*) as postings from app.posting group by {columns}"
    )
    assert cells and {tuple(row) for row in cells} == {tuple(row) for row in sums}


async def test_g14_a_correction_years_later_gives_what_would_have_been(books: Books) -> None:
    """G-14: as if the original had been right; and as if it had never been, when it is retracted."""
    books.site("99HA00")
    wrong = books.contact(date(2022, 2, 1), 60, kind="GROUP")
    right = books.corrected(wrong, {}, day=date(2022, 5, 3), kind="COACHING", quantity=Decimal(45))
    await books.post()
    over = period("2022-H1")
    assert await computed(books, "total(minutes)", over) == {"99HA00": 45}
    assert await computed(books, "total(minutes where kind = GROUP)", over) == {}
    assert await computed(books, "total(minutes)", period("2022-02")) == {}
    books.retracted(right)
    await books.post()
    assert await computed(books, "total(interventions)", over) == {}


async def test_an_original_that_comes_after_its_correction_counts_as_corrected(books: Books) -> None:
    """An event that had been parked is applied after the one that replaced it."""
    books.site("99HA00")
    wrong = books.contact(date(2022, 2, 1), 60)
    right = books.corrected(wrong, {}, quantity=Decimal(45))
    await books.apply("registry", books.logs["registry"])
    await books.apply("interventions", [right])
    await books.apply("interventions", [wrong])
    assert await computed(books, "total(minutes)", period("2022-H1")) == {"99HA00": 45}


@pytest.mark.parametrize("fte", [0.5, 1.25])
async def test_hours_that_change_within_an_assignment_count_from_that_day(books: Books, fte: float) -> None:
    books.site("99HA00")
    names = {"programme": PROGRAMME, "site": "99HA00", "provider": "kvknr:99990001", "assignment": "a1"}
    first = {"fte": 1.0, "validFrom": "2022-01-01", "validTo": "2022-12-31"}
    books.write("registry", "worker-assigned-to-school.v1", names | first)
    change = {"fte": fte, "previousFte": 1.0, "validFrom": "2022-04-01", "validTo": "2022-12-31"}
    books.write("registry", "assignment-hours-changed.v1", names | change)
    end = {"fte": fte, "validTo": "2022-08-31", "previousValidTo": "2022-12-31"}
    books.write("registry", "assignment-ended.v1", names | end)
    await books.post()
    found = [
        await computed(books, "balance(assignment-fte)", period(f"2022-{month}"))
        for month in ("03", "04", "08", "09", "12")
    ]
    assert found == [{"99HA00": 1}, {"99HA00": Decimal(str(fte))}, {"99HA00": Decimal(str(fte))}, {}, {}]


async def test_a_second_count_of_pupils_replaces_the_first(books: Books) -> None:
    books.site("99HA00")
    year = {"site": "99HA00", "validFrom": "2021-08-01", "validTo": "2022-07-31"}
    first = books.write("registry", "pupil-count-recorded.v1", {**year, "count": 100})
    books.write("registry", "pupil-count-recorded.v1", {**year, "count": 90}, root=first.id, replaces=first.id)
    await books.post()
    assert await computed(books, "balance(pupils)", period("2022-H1")) == {"99HA00": 90}
    assert await computed(books, "balance(pupils)", period("2022-08")) == {}


async def test_an_event_that_counts_nowhere_is_kept_all_the_same(books: Books) -> None:
    books.write("registry", "something-unheard-of.v1", {"a": 1})
    await books.post()
    assert (
        await books.connection.fetchval("select count(*) from app.incoming where act = 'something-unheard-of.v1'") == 1
    )
    assert not await books.rows("posting")
