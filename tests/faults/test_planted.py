"""A checker that has never failed proves nothing: every planted bug turns one red, the product none."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from services.kpi.ledger import CONSUMER, apply
from shared.clock import SystemClock
from shared.feeds.checkpoints import Connection
from shared.feeds.consumer import Consumer
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.postgres.pool import open_pool
from tests.faults import checkers, planted
from tests.faults.appending import SERVICE, Appending, Open
from tests.faults.checkers import Violation, by_kind
from tests.faults.folding import BOOKED, CELLS, cells, fold
from tests.faults.history import faults
from tests.faults.processes import backends, kill
from tests.faults.victim import Victim
from tests.log.given import event, unit

pytestmark = pytest.mark.slow

_numbers = count(1)


@asynccontextmanager
async def fresh(server: Victim) -> AsyncIterator[Victim]:
    """The same server, with databases of their own."""
    prefix = f"p{next(_numbers)}_"
    settings = server.settings.model_copy(update={"database_prefix": prefix})
    for name in (SERVICE, "kpi"):
        await server.cluster.make_database(settings, name, name)
    yield Victim(server.server, server.cluster, settings)
    for name in (SERVICE, "kpi"):
        await server.execute("postgres", f"drop database {prefix}{name} with (force)")


async def appended(
    server: Victim, path: Path, chance: random.Random, sql: str = "", open_log: Open | None = None, **more: int
) -> list[Violation]:
    """A run of writers and readers against a log that was changed by `sql`."""
    async with fresh(server) as one:
        if sql:
            await one.execute(SERVICE, sql)
        run = Appending(one, path / "history.jsonl", chance, **{"events": 25, **more})
        if open_log is not None:
            run.open_log = open_log
        found = await run.run()
        assert run.acknowledged, "nothing was acknowledged: the run proves nothing"
        fired = len(list(faults(run.path)))
        assert not run.kills or fired > run.kills // 2, f"only {fired} kills hit something: the run proves nothing"
        return found


async def test_g01_g07_the_log_as_it_is_survives_kills(server: Victim, tmp_path: Path, chance: random.Random) -> None:
    """G-01, G-03, G-04, G-05, G-06, G-07, G-16: writers, readers, and a server that is killed ten times."""
    assert not await appended(server, tmp_path, chance, kills=10, events=60)


async def test_g01_a_reply_before_the_commit_is_red(server: Victim, tmp_path: Path, chance: random.Random) -> None:
    found = await appended(server, tmp_path, chance, open_log=planted.replies_before_commit, kills=10, events=60)
    assert "G-01" in by_kind(found)


async def test_g02_commits_that_do_not_wait_for_the_disk_are_red(
    server: Victim, tmp_path: Path, chance: random.Random
) -> None:
    await server.execute("postgres", planted.ASYNCHRONOUS)
    try:
        found = await appended(server, tmp_path, chance, kills=10, events=60)
    finally:
        await server.execute("postgres", "alter role interventions_app reset synchronous_commit")
    assert "G-01" in by_kind(found)


async def test_g06_an_identity_column_as_position_is_red(server: Victim, tmp_path: Path, chance: random.Random) -> None:
    found = await appended(server, tmp_path, chance, planted.IDENTITY, writers=4, clients=8)
    assert any("skipped by a reader" in one for one in by_kind(found)["G-06"])


async def test_g04_select_then_insert_is_red(server: Victim, tmp_path: Path, chance: random.Random) -> None:
    found = await appended(server, tmp_path, chance, planted.SELECT_THEN_INSERT, writers=4, clients=8)
    assert any("more than once" in one for one in by_kind(found)["G-04"])


async def test_g06_a_lock_released_before_the_insert_is_red(
    server: Victim, tmp_path: Path, chance: random.Random
) -> None:
    found = await appended(server, tmp_path, chance, planted.LOCK_RELEASED, writers=4, clients=8)
    assert {"G-06", "G-07"} <= by_kind(found).keys()


@pytest.mark.parametrize(("kind", "red"), [(Consumer, False), (planted.CheckpointApart, True)])
async def test_g10_a_checkpoint_in_another_transaction_is_red(
    server: Victim, chance: random.Random, kind: type[Consumer], red: bool
) -> None:
    """G-10: the projector's backend is killed five times after it has written, before it commits."""
    async with fresh(server) as one:
        await store(one, 400)
        killed = Killed(one, {chance.randrange(1, 12) for _ in range(8)})
        async with await open_pool(one.settings, "kpi") as pool:
            consumer = kind(CONSUMER, [PostgresFeed(SERVICE, one.settings)], pool, killed, SystemClock(), batch=20)
            await caught_up(consumer, 400, 60)
            await consumer.close()
        assert killed.times >= 3, "hardly a kill hit the projector: the run proves nothing"
        assert bool(await projected(one)) is red


@pytest.mark.parametrize("red", [False, True])
async def test_g10_counting_without_a_line_key_is_red(server: Victim, red: bool) -> None:
    """G-10: every event is applied twice."""
    async with fresh(server) as one:
        await store(one, 100)
        if red:
            await one.execute("kpi", planted.NO_LINE_KEY)
        rows = await one.rows(SERVICE)
        async with await open_pool(one.settings, "kpi") as pool:
            for _ in range(2):
                async with pool.acquire() as connection, connection.transaction():
                    await apply(connection, SERVICE, rows)
        assert ("G-10" in by_kind(await projected(one))) is red


@pytest.mark.parametrize(("poll", "red"), [(0.5, False), (3600.0, True)])
async def test_g16_a_lost_notify_without_the_poll_is_red(server: Victim, poll: float, red: bool) -> None:
    """G-16: nobody is told of 50 events; a reader that polls meets them all the same."""
    async with fresh(server) as one, await open_pool(one.settings, "kpi") as pool:
        feed = PostgresFeed(SERVICE, one.settings)
        consumer = Consumer(CONSUMER, [feed], pool, apply, SystemClock(), poll=poll)
        await store(one, 1, planted.mute)
        await caught_up(consumer, 1, 20)
        await store(one, 50, planted.mute)
        found = await caught_up(consumer, 51, 3, start=False)
        await consumer.close()
        assert found is not red


class Killed:
    """Applies, and has the connection's backend killed with SIGKILL after some of the batches."""

    def __init__(self, server: Victim, batches: set[int]) -> None:
        self.times = 0
        self._server = server
        self._batches = batches
        self._number = 0

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        await apply(connection, log, events)
        self._number += 1
        if self._number in self._batches:
            assert connection.get_server_pid() in backends(self._server.pid, "kpi_app")
            self.times += kill(connection.get_server_pid())


async def store(server: Victim, events: int, open_log: Open = lambda pool: Log(SERVICE, pool, SystemClock())) -> None:
    """Append some events, each a unit."""
    async with await open_pool(server.settings, SERVICE) as pool:
        log = open_log(pool)
        await log.start()
        await log.append_units([unit(event(minutes=n + 5)) for n in range(events)])
        await log.close()


async def caught_up(consumer: Consumer, number: int, seconds: float, *, start: bool = True) -> bool:
    """Whether it comes this far in time."""
    if start:
        await consumer.start()
    return await consumer.reached({(SERVICE, 1): number}, seconds)


async def projected(server: Victim) -> list[Violation]:
    """What the checkers of the ledger find."""
    rows = await server.rows(SERVICE)
    read = await server.fetch("kpi", "select position from app.incoming where log = $1", SERVICE)
    return [
        *checkers.misread({SERVICE: Counter(row["position"] for row in read)}, {SERVICE: rows}),
        *checkers.misbooked(_sums(await server.fetch("kpi", BOOKED)), folded := fold(rows)),
        *checkers.misbooked(_sums(await server.fetch("kpi", CELLS)), cells(folded)),
    ]


def _sums(rows: Sequence[asyncpg.Record]) -> dict[tuple[object, ...], object]:
    return {tuple(row)[:-1]: row["amount"] for row in rows}
