"""Whoever waits for a position hears of it when it is there, or that it is not."""

import asyncio

from shared.feeds.waiting import Progress

LOGS = frozenset({"registry", "contracts"})


async def test_everybody_who_waits_is_woken_by_the_position_that_is_enough() -> None:
    progress = Progress()
    waiting = [asyncio.create_task(progress.reached({("registry", 1): n}, LOGS, 20)) for n in (1, 2, 3)]
    await progress.move("registry", 1, 2)
    assert await waiting[0]
    assert await waiting[1]
    assert not waiting[2].done()
    await progress.move("registry", 1, 7)
    assert await waiting[2]


async def test_all_of_a_vector_must_be_there() -> None:
    progress = Progress()
    await progress.move("registry", 1, 5)
    wanted = {("registry", 1): 5, ("contracts", 1): 1}
    assert not await progress.reached(wanted, LOGS, 0.01)
    await progress.move("contracts", 1, 1)
    assert await progress.reached(wanted, LOGS, 0.01)


async def test_each_shard_counts_for_itself() -> None:
    progress = Progress()
    await progress.move("registry", 1, 5)
    assert not await progress.reached({("registry", 2): 1}, LOGS, 0.01)


async def test_logs_that_are_not_followed_are_not_waited_for() -> None:
    assert await Progress().reached({("kpi", 1): 99}, LOGS, 0.01)


async def test_a_vector_does_not_change_after_it_was_given() -> None:
    progress = Progress()
    await progress.move("registry", 1, 5)
    vector = progress.vector()
    await progress.move("registry", 1, 6)
    assert vector == {("registry", 1): 5}
