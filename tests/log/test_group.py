"""Group commit: who is written together, and who is not hurt by whom."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.log.errors import LogError, Overloaded, Unavailable, Unstorable
from shared.log.events import Appended, Outcome, Unit
from shared.log.group import GroupCommit
from tests.log.given import event, unit

Answers = list[list[Appended]]


class Store:
    """Writes when it is told to, and remembers what came together."""

    def __init__(self) -> None:
        self.calls: list[list[Unit]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.unfit: Unit | None = None
        self.error: LogError | None = None

    async def __call__(self, units: Sequence[Unit]) -> Answers:
        self.calls.append(list(units))
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        if self.unfit in units:
            raise Unstorable("does not fit")
        return [[Appended(Outcome.CREATED, event_id=e.id) for e in u.events] for u in units]


async def settled() -> None:
    """Let everything that is ready to run, run."""
    for _ in range(10):
        await asyncio.sleep(0)


def started(store: Store, **bounds: float) -> GroupCommit:
    group = GroupCommit(store, **bounds)  # type: ignore[arg-type]
    group.start()
    return group


async def test_a_batch_is_what_arrived_while_the_one_before_was_written() -> None:
    store = Store()
    store.gate.clear()
    group = started(store)
    units = [unit() for _ in range(5)]
    waiting = [asyncio.create_task(group.submit([each])) for each in units]
    await settled()
    store.gate.set()
    answers = await asyncio.gather(*waiting)
    await group.close()
    assert store.calls == [units] or store.calls == [units[:1], units[1:]]
    assert [answer[0][0].event_id for answer in answers] == [each.events[0].id for each in units]


async def test_a_long_list_is_cut_into_batches_in_order() -> None:
    store = Store()
    group = started(store, batch=10)
    units = [unit() for _ in range(25)]
    answers = await group.submit(units)
    await group.close()
    assert [len(call) for call in store.calls] == [10, 10, 5]
    assert [answer[0].event_id for answer in answers] == [each.events[0].id for each in units]


async def test_a_unit_larger_than_a_batch_goes_whole() -> None:
    store = Store()
    group = started(store, batch=10)
    large = unit(*[event() for _ in range(30)])
    [answer] = await group.submit([large])
    await group.close()
    assert len(answer) == 30
    assert store.calls == [[large]]


async def test_more_than_the_bound_is_refused_before_it_waits() -> None:
    store = Store()
    store.gate.clear()
    group = started(store, bound=3)
    written = asyncio.create_task(group.submit([unit()]))
    await settled()
    waiting = [asyncio.create_task(group.submit([unit()])) for _ in range(3)]
    await settled()
    with pytest.raises(Overloaded):
        await group.submit([unit()])
    store.gate.set()
    assert len(await asyncio.gather(written, *waiting)) == 4
    assert len(await group.submit([unit()])) == 1
    await group.close()


async def test_a_caller_that_goes_away_hurts_nobody_and_is_not_written() -> None:
    store = Store()
    group = started(store)
    store.gate.clear()
    first = asyncio.create_task(group.submit([unit()]))
    await settled()
    gone, stays = unit(), unit()
    leaving = asyncio.create_task(group.submit([gone]))
    staying = asyncio.create_task(group.submit([stays]))
    await settled()
    leaving.cancel()
    await settled()
    store.gate.set()
    await asyncio.gather(first, staying)
    await group.close()
    assert store.calls[1] == [stays]


async def test_a_caller_that_goes_away_while_it_is_written_hurts_nobody() -> None:
    store = Store()
    group = started(store)
    store.gate.clear()
    leaving = asyncio.create_task(group.submit([unit()]))
    await settled()
    leaving.cancel()
    await settled()
    store.gate.set()
    [answer] = await group.submit([unit()])
    await group.close()
    assert answer[0].outcome is Outcome.CREATED


async def test_one_unit_that_cannot_be_stored_does_not_fail_its_neighbours() -> None:
    store = Store()
    store.gate.clear()
    group = started(store)
    first = asyncio.create_task(group.submit([unit()]))
    await settled()
    store.unfit = unit()
    good = [asyncio.create_task(group.submit([unit()])) for _ in range(3)]
    bad = asyncio.create_task(group.submit([store.unfit]))
    await settled()
    store.gate.set()
    with pytest.raises(Unstorable):
        await bad
    answers = await asyncio.gather(first, *good)
    await group.close()
    assert all(answer[0][0].outcome is Outcome.CREATED for answer in answers)


async def test_an_unreachable_database_is_not_tried_again_for_every_unit() -> None:
    store = Store()
    store.error = Unavailable("gone")
    group = started(store)
    outcomes = await asyncio.gather(*[group.submit([unit()]) for _ in range(5)], return_exceptions=True)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert len(store.calls) <= 2
    store.error = None
    [answer] = await group.submit([unit()])
    await group.close()
    assert answer[0].outcome is Outcome.CREATED


async def test_nobody_waits_longer_than_the_patience() -> None:
    store = Store()
    store.gate.clear()
    group = started(store, patience=0.02)
    with pytest.raises(Unavailable):
        await group.submit([unit()])
    store.gate.set()
    await group.close()


async def test_closing_writes_what_waits_and_takes_nothing_more() -> None:
    store = Store()
    store.gate.clear()
    group = started(store)
    waiting = [asyncio.create_task(group.submit([unit()])) for _ in range(3)]
    await settled()
    closing = asyncio.create_task(group.close())
    await settled()
    with pytest.raises(Unavailable):
        await group.submit([unit()])
    store.gate.set()
    answers = await asyncio.gather(*waiting)
    await closing
    assert len(answers) == 3
