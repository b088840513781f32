"""The promises of the log, with several processes' worth of writers and readers at once."""

import asyncio

import asyncpg
import pytest

from shared.clock import FrozenClock
from shared.log.errors import Unavailable
from shared.log.events import Appended, Key, Outcome
from shared.log.log import Log
from shared.log.notify import CHANNEL
from shared.log.rows import COLUMNS, stored_event
from shared.settings import Settings
from tests.log.conftest import Connect, OpenLog, opened
from tests.log.given import CARDEA, INZOWIJS, event, unit


async def test_g04_the_same_key_sent_fifty_times_at_once_is_stored_once(
    open_log: OpenLog, databases: Settings, clock: FrozenClock
) -> None:
    """G-04: in parallel, over several processes, and after a restart: one row, the same receipt."""
    logs = [await open_log() for _ in range(5)]
    answers = await asyncio.gather(*[logs[n % 5].append(unit(event("e-1"))) for n in range(50)])
    receipts = {(a.event_id, a.position, a.stream_version, a.recorded_at) for [a] in answers}
    assert len(receipts) == 1
    assert sorted(a.outcome for [a] in answers) == [Outcome.CREATED] + [Outcome.DUPLICATE] * 49
    async with opened(databases, clock) as reopened:
        [again] = await reopened.append(unit(event("e-1")))
        [other] = await reopened.append(unit(event("e-1", minutes=46)))
        head = await reopened.head()
    assert {(again.event_id, again.position, again.stream_version, again.recorded_at)} == receipts
    assert (again.outcome, other.outcome) == (Outcome.DUPLICATE, Outcome.CONFLICT)
    assert head.position.number == 1


async def test_g06_no_reader_ever_sees_a_gap(open_log: OpenLog, connect: Connect) -> None:
    """G-06: eight writers over four pools, three readers that poll: dense, in order, for each of them at all times."""
    logs = [await open_log() for _ in range(4)]
    writing = asyncio.Event()
    writers = [asyncio.create_task(_write(logs[n % 4], 100)) for n in range(8)]
    readers = [asyncio.create_task(_follow(await connect("feed"), writing)) for _ in range(3)]
    answers = await asyncio.gather(*writers)
    writing.set()
    seen = await asyncio.gather(*readers)
    total = sum(len(each) for each in answers)
    assert all(numbers == list(range(1, total + 1)) for numbers, _ in seen)
    assert all(polls > 10 for _, polls in seen)
    for each in answers:
        assert each == sorted(each)


async def _write(log: Log, times: int) -> list[int]:
    """Units of one to three events, some of them known already; the positions they got, in the order of the answers."""
    numbers = []
    for n in range(times):
        known = event(f"shared-{n % 7}")
        answers = await log.append(unit(known, *[event() for _ in range(n % 3)]))
        numbers += [a.position.number for a in answers if a.position and a.outcome is Outcome.CREATED]
    return numbers


async def _follow(connection: asyncpg.Connection, writing: asyncio.Event) -> tuple[list[int], int]:
    numbers: list[int] = []
    polls = 0
    last_round = False
    while True:
        rows = await connection.fetch(
            "select position from log.feed where shard = 1 and position > $1 order by position limit 50",
            numbers[-1] if numbers else 0,
        )
        numbers += [row[0] for row in rows]
        polls += 1
        if last_round and not rows:
            return numbers, polls
        last_round = writing.is_set()


async def test_g08_the_events_of_a_stream_stand_in_the_order_in_which_they_were_accepted(open_log: OpenLog) -> None:
    """G-08: versions and positions of one stream go up together, whoever wrote them."""
    logs = [await open_log() for _ in range(3)]
    await asyncio.gather(*[logs[n % 3].append(unit(event(stream="s"))) for n in range(60)])
    events = await logs[0].stream("s")
    assert [e.stream_version for e in events] == list(range(1, 61))
    assert [e.position.number for e in events] == sorted(e.position.number for e in events)


async def test_one_of_many_that_expect_the_same_version_wins(open_log: OpenLog) -> None:
    logs = [await open_log() for _ in range(4)]
    answers = await asyncio.gather(*[logs[n % 4].append(unit(event(stream="s", expected=0))) for n in range(20)])
    outcomes: list[Appended] = [a for [a] in answers]
    assert sorted(a.outcome for a in outcomes) == [Outcome.CREATED] + [Outcome.STALE] * 19
    assert {a.stream_version for a in outcomes if a.outcome is Outcome.STALE} == {1}


async def test_g21_own_reads_one_organisation_page_by_page(log: Log) -> None:
    """G-21: a sender reads back its own events and nobody else's."""
    sent = [event(organisation=(CARDEA, INZOWIJS)[n % 2]) for n in range(10)]
    await log.append_units([unit(each) for each in sent])
    first = await log.own(CARDEA, {}, 3)
    rest = await log.own(CARDEA, {1: first[-1].position.number}, 100)
    assert [e.id for e in first + rest] == [e.id for e in sent[::2]]


async def test_own_finds_one_key_and_one_source(log: Log) -> None:
    mine, other = event("e-1"), event("e-2")
    await log.append_units([unit(mine), unit(other), unit(event("e-1", organisation=INZOWIJS))])
    source = mine.key.source
    assert [e.id for e in await log.own(CARDEA, {}, 10, source=source, source_id="e-1")] == [mine.id]
    assert [e.id for e in await log.own(CARDEA, {}, 10, source=source)] == [mine.id, other.id]
    assert await log.own(CARDEA, {}, 10, source=event(organisation=INZOWIJS).key.source, source_id="e-1") == []


async def test_g21_the_row_policy_keeps_out_others_whatever_the_query_says(log: Log, connect: Connect) -> None:
    """G-21, the second line: a query without a filter, or with a forged one, gives a tenant its own rows at most."""
    await log.append_units([unit(event(organisation=o)) for o in (CARDEA, INZOWIJS, INZOWIJS)])
    app = await connect("app")
    assert await _organisations(app, None, "true") == []
    assert await _organisations(app, CARDEA, "true") == [CARDEA]
    assert await _organisations(app, CARDEA, f"organisation = '{INZOWIJS}'") == []
    assert await _organisations(app, CARDEA, f"organisation = '{INZOWIJS}' or true") == [CARDEA]


async def _organisations(app: asyncpg.Connection, tenant: str | None, condition: str) -> list[str]:
    async with app.transaction():
        if tenant is not None:
            await app.execute("select set_config('jos.organisation', $1, true)", tenant)
        return [row[0] for row in await app.fetch(f"select organisation from log.events where {condition}")]


async def test_the_tenant_of_a_transaction_does_not_stay_on_the_connection(log: Log, connect: Connect) -> None:
    await log.append(unit(event()))
    app = await connect("app")
    assert await _organisations(app, CARDEA, "true") == [CARDEA]
    assert await _organisations(app, None, "true") == []


async def test_readers_are_woken_after_the_commit(log: Log, connect: Connect) -> None:
    feed = await connect("feed")
    woken = asyncio.Event()

    def wake(*_: object) -> None:
        woken.set()

    await feed.add_listener(CHANNEL, wake)
    await log.append(unit(event()))
    async with asyncio.timeout(5):
        await woken.wait()
    events = [stored_event(row) for row in await feed.fetch(f"select {COLUMNS} from log.feed")]
    await feed.remove_listener(CHANNEL, wake)
    assert len(events) == 1


async def test_g05_an_append_after_the_connection_was_cut_goes_through(log: Log, superuser: asyncpg.Connection) -> None:
    """G-05: a cut connection gives `Unavailable` at most; sent again, the event is there once."""
    await log.append(unit(event("e-0")))
    await superuser.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and usename like '%_app'"
    )
    async with asyncio.timeout(20):
        while True:
            try:
                [answer] = await log.append(unit(event("e-1")))
                break
            except Unavailable:
                continue
    assert answer.position is not None
    assert answer.position.number == 2
    assert list(await log.find([Key(CARDEA, f"urn:nld:{CARDEA}:systeem:ecd", "e-1")])) != []


async def test_a_writer_that_waits_too_long_for_the_lock_is_told_so(log: Log, superuser: asyncpg.Connection) -> None:
    async with superuser.transaction():
        await superuser.execute("select pg_advisory_xact_lock(7105, 1)")
        with pytest.raises(Unavailable):
            await log.append(unit(event("e-1")))
    [answer] = await log.append(unit(event("e-1")))
    assert answer.outcome is Outcome.CREATED


async def test_a_closed_log_takes_nothing(databases: Settings, clock: FrozenClock) -> None:
    async with opened(databases, clock) as log:
        await log.append(unit(event()))
    with pytest.raises(Unavailable):
        await log.append(unit(event()))
