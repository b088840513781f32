"""An answer in time, whatever stands still behind the service: then 503, and what was begun goes on (G-25)."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from shared.log.errors import Overloaded, Unavailable

T = TypeVar("T")

ANSWER_SECONDS = 2.75
"""Within 3 s a client hears that it must come again."""
SECONDS_PER_ITEM = 0.01
"""A list may take longer, by what its items take on a machine that is busy with other things."""
MOST_LATE = 500
"""Requests that were answered with 503 and are still being worked on; with more, none is begun."""


class Deadline:
    """Waits for work for a limited time.

    What is late is not cancelled: a statement that is cancelled has to be waited for as well, and what is stored after
    the answer is a duplicate when it is sent again (G-05).
    """

    def __init__(self, seconds: float = ANSWER_SECONDS, most_late: int = MOST_LATE) -> None:
        self._seconds = seconds
        self._most_late = most_late
        self._late: set[asyncio.Task[Any]] = set()

    async def within(self, work: Coroutine[Any, Any, T], items: int = 0) -> T:
        """What the work gives or raises. Raises `Unavailable` when it is late, `Overloaded` when too much is."""
        if len(self._late) >= self._most_late:
            work.close()
            raise Overloaded(f"{len(self._late)} requests are late")
        task, loop = asyncio.create_task(work), asyncio.get_running_loop()
        over = loop.create_future()
        timer = loop.call_later(self._seconds + SECONDS_PER_ITEM * items, _set, over)
        task.add_done_callback(lambda _: _set(over))
        try:
            await over
        finally:
            timer.cancel()
            if not task.done():
                self._late.add(task)
                task.add_done_callback(self._over)
        if not task.done():
            raise Unavailable("not done in time; it goes on")
        return task.result()

    def _over(self, task: asyncio.Task[Any]) -> None:
        """Nobody is there to hear what it raised."""
        self._late.discard(task)
        if not task.cancelled():
            task.exception()


def _set(over: asyncio.Future[None]) -> None:
    """Whatever comes first: the end of the work or of the time."""
    if not over.done():
        over.set_result(None)
