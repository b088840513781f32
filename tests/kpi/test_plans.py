"""What a batch costs does not grow with what the ledger holds, whatever the planner believed when it was new."""

from datetime import date

from tests.kpi.books import Books

DAY = date(2022, 3, 14)
EARLIER = 600

# What this connection has read of the events lately.
READ = """
select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables
where schemaname = 'app' and relname = 'incoming'"""


async def test_an_event_is_found_by_its_place_by_a_plan_that_was_made_when_there_were_none(books: Books) -> None:
    """A connection keeps the plan of its first batches until the tables are analysed; that must not be a scan."""
    for _ in range(8):
        books.contact(DAY, 45)
        await books.post()
    for _ in range(EARLIER):
        books.contact(DAY, 45)
    await books.post()
    event = books.contact(DAY, 30)
    async with books.connection.transaction():
        before = await books.connection.fetchval(READ)
        await books.apply("interventions", [event])
        assert await books.connection.fetchval(READ) - before < 20
