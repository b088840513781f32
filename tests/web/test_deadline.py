"""Work that is late is answered for, goes on, and does not pile up."""

import asyncio

import pytest

from shared.log.errors import Overloaded, Unavailable
from shared.web.deadline import Deadline


async def worked(gate: asyncio.Event, done: list[str]) -> str:
    await gate.wait()
    done.append("done")
    return "answer"


async def test_work_in_time_gives_its_answer() -> None:
    gate = asyncio.Event()
    gate.set()
    assert await Deadline().within(worked(gate, [])) == "answer"


async def test_what_the_work_raises_is_raised() -> None:
    async def refused() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await Deadline().within(refused())


async def test_g25_late_work_is_answered_for_and_goes_on() -> None:
    """G-25, G-05: the caller hears in time, and nothing that was begun is torn down half way."""
    gate, done = asyncio.Event(), list[str]()
    with pytest.raises(Unavailable):
        await Deadline(0.01).within(worked(gate, done))
    gate.set()
    async with asyncio.timeout(5):
        while not done:  # noqa: ASYNC110 - the work is somebody else's
            await asyncio.sleep(0)


async def test_g15_with_too_much_that_is_late_nothing_more_is_begun() -> None:
    """G-15: what is late is bounded."""
    gate, done, deadline = asyncio.Event(), list[str](), Deadline(0.01, most_late=2)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await deadline.within(worked(gate, done))
    with pytest.raises(Overloaded):
        await deadline.within(worked(gate, done))
    gate.set()
    async with asyncio.timeout(5):
        while len(done) < 2:  # noqa: ASYNC110 - the work is somebody else's
            await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert await deadline.within(worked(gate, done)) == "answer"


async def test_a_caller_that_goes_away_takes_nothing_along() -> None:
    gate, done = asyncio.Event(), list[str]()
    caller = asyncio.create_task(Deadline().within(worked(gate, done)))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gate.set()
    async with asyncio.timeout(5):
        while not done:  # noqa: ASYNC110 - the work is somebody else's
            await asyncio.sleep(0)
