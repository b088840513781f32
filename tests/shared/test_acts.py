"""The cycle of an act, on a real log."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar

import pytest

from shared.acts import Acts, Asked, Others, fingerprint
from shared.aggregate import Aggregate
from shared.clock import FrozenClock
from shared.domain.events import Event
from shared.domain.findings import Refused
from shared.log.events import Claim, ClaimAction, Columns, StoredEvent
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from shared.web.problems import Problem

DAY = date(2022, 1, 1)


class Added(Event):
    """Something was added."""

    TYPE: ClassVar[str] = "added.v1"

    amount: int


def evolve(total: int, event: Added) -> int:
    return total + event.amount


def columns(event: Added, history: Sequence[StoredEvent]) -> Columns:
    return Columns(case=str(len(history)))


TOTALS: Aggregate[int, Added] = Aggregate((Added,), 0, evolve, columns)
CLAIMING: Aggregate[int, Added] = Aggregate(
    (Added,), 0, evolve, columns, lambda total, _: (Claim(ClaimAction.TAKE, "one", "key", f"holder-{total}", DAY),)
)


@pytest.fixture
async def log(databases: Settings, clock: FrozenClock) -> AsyncIterator[Log]:
    """The registry's log, of which any service's would do."""
    async with await open_pool(databases, "registry") as pool:
        log = Log("registry", pool, clock)
        await log.start()
        yield log
        await log.close()


@pytest.fixture
def acts(log: Log, clock: FrozenClock) -> Acts:
    return Acts(log, clock, "urn:jos:test")


def asked(what: object = "add", **more: object) -> Asked:
    """By the administrator of a region."""
    return replace(Asked("region:HR", fingerprint(what)), **more)  # type: ignore[arg-type]


def add(*amounts: int) -> Sequence[Added]:
    return [Added(amount=amount) for amount in amounts]


async def test_what_is_decided_is_stored_with_the_state_after_it(acts: Acts, log: Log) -> None:
    written = await acts.act(TOTALS, "t/1", asked(), lambda total, _: add(1, 2))
    assert (written.state, written.version, written.repeated) == (3, 2, False)
    assert written.vector == {("registry", 1): 2}
    assert [stored.payload for stored in await log.stream("t/1")] == ['{"amount":1}', '{"amount":2}']
    assert await acts.state(TOTALS, "t/1") == 3


async def test_nothing_to_do_stores_nothing_and_points_at_what_is_there(acts: Acts) -> None:
    nothing = await acts.act(TOTALS, "t/1", asked(), lambda *_: [])
    assert (nothing.version, nothing.vector, nothing.events) == (0, {}, ())
    await acts.act(TOTALS, "t/1", asked(), lambda *_: add(1))
    again = await acts.act(TOTALS, "t/1", asked(), lambda *_: [])
    assert (again.version, again.vector) == (1, {("registry", 1): 1})


async def test_the_same_key_gets_the_answer_of_then_whatever_happened_since(acts: Acts) -> None:
    first = await acts.act(TOTALS, "t/1", asked(key="k"), lambda *_: add(1, 2))
    await acts.act(TOTALS, "t/1", asked(), lambda *_: add(10))
    again = await acts.act(TOTALS, "t/1", asked(key="k"), lambda *_: add(99))
    assert again == replace(first, repeated=True)


async def test_the_same_key_for_something_else_is_refused(acts: Acts, log: Log) -> None:
    await acts.act(TOTALS, "t/1", asked(key="k"), lambda *_: add(1))
    with pytest.raises(Refused, match="idempotency-key-reused"):
        await acts.act(TOTALS, "t/2", asked("something else", key="k"), lambda *_: add(1))
    assert (await log.head()).position.number == 1


async def test_the_same_key_of_another_organisation_is_another_key(acts: Acts) -> None:
    await acts.act(TOTALS, "t/1", asked(key="k"), lambda *_: add(1))
    other = replace(asked(key="k"), organisation="region:HGL")
    assert (await acts.act(TOTALS, "t/2", other, lambda *_: add(5))).state == 5


async def test_a_dry_run_shows_and_stores_nothing(acts: Acts, log: Log) -> None:
    shown = await acts.act(TOTALS, "t/1", asked(dry_run=True, key="k"), lambda *_: add(7))
    assert (shown.state, shown.events, shown.dry_run) == (7, tuple(add(7)), True)
    assert (await log.head()).position.number == 0


async def test_another_version_than_was_read_is_412_with_who_and_when(acts: Acts) -> None:
    await acts.act(TOTALS, "t/1", asked(if_match=0), lambda *_: add(1))
    await acts.act(TOTALS, "t/1", asked(if_match=1), lambda *_: add(1))
    with pytest.raises(Problem) as caught:
        await acts.act(TOTALS, "t/1", asked(if_match=1), lambda *_: add(1))
    assert caught.value.status == 412
    assert caught.value.more["changedBy"] == "region:HR"


async def test_whoever_comes_second_decides_again_on_what_the_first_did(acts: Acts) -> None:
    """Each adds only when nothing is there: of two at once one finds it done."""

    def once(total: int, _: Others) -> Sequence[Added]:
        return add(1) if total == 0 else []

    written = await asyncio.gather(*(acts.act(TOTALS, "t/1", asked(), once) for _ in range(8)))
    assert [len(one.events) for one in written].count(1) == 1
    assert {one.state for one in written} == {1}


async def test_more_writers_than_attempts_give_up_with_stale_and_never_half(acts: Acts) -> None:
    answers = await asyncio.gather(
        *(acts.act(TOTALS, "t/1", asked(), lambda *_: add(1, 1)) for _ in range(12)), return_exceptions=True
    )
    stale = [answer for answer in answers if isinstance(answer, Problem)]
    assert {problem.code for problem in stale} <= {"stale"}
    assert await acts.state(TOTALS, "t/1") == 2 * (len(answers) - len(stale))


async def test_other_streams_are_read_at_the_head(acts: Acts) -> None:
    await acts.act(TOTALS, "t/1", asked(), lambda *_: add(4))
    written = await acts.act(
        TOTALS, "t/2", asked(), lambda _, others: add(TOTALS.fold(others["t/1"]), len(others["t/9"])), ["t/1", "t/9"]
    )
    assert written.state == 4


async def test_a_claim_that_another_stream_holds_is_refused_and_nothing_stored(acts: Acts, log: Log) -> None:
    await acts.act(CLAIMING, "t/1", asked(), lambda *_: add(1))
    with pytest.raises(Refused, match="claimed"):
        await acts.act(CLAIMING, "t/2", asked(), lambda *_: add(1))
    assert await log.stream("t/2") == []


async def test_columns_are_told_the_stream_before(acts: Acts, log: Log) -> None:
    await acts.act(TOTALS, "t/1", asked(), lambda *_: add(1))
    await acts.act(TOTALS, "t/1", asked(), lambda *_: add(1))
    assert [stored.columns.case for stored in await log.stream("t/1")] == ["0", "1"]


def test_the_same_request_has_the_same_fingerprint_however_its_numbers_are_written() -> None:
    assert fingerprint("a", {"b": 1}) == fingerprint("a", {"b": 1.0}) != fingerprint("a", {"b": 2})
