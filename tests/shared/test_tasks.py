"""A task that is ended has ended."""

import asyncio

import pytest

from shared import tasks
from shared.tasks import end


async def _stubborn(swallowed: int) -> None:
    for _ in range(swallowed):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
    await asyncio.Event().wait()


@pytest.mark.parametrize("swallowed", [0, 1, 3])
async def test_a_task_that_loses_a_cancellation_is_cancelled_again(
    monkeypatch: pytest.MonkeyPatch, swallowed: int
) -> None:
    monkeypatch.setattr(tasks, "AGAIN", 0.01)
    several = [asyncio.create_task(_stubborn(count)) for count in (0, swallowed)]
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await end(*several)
    assert all(task.cancelled() for task in several)


async def test_what_a_task_fails_with_while_it_ends_is_nobodys_problem() -> None:
    async def fails() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("gone")

    failed = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await end(failed)
    assert isinstance(failed.exception(), OSError)
    await end(failed)
    await end()
