"""Group commit: a batch is what arrived while the batch before it was being written."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from shared.log.errors import LogError, Overloaded, Unavailable
from shared.log.events import Appended, Unit

Answers = list[list[Appended]]
"""Per unit, per event."""

Write = Callable[[Sequence[Unit]], Awaitable[Answers]]
"""Stores units in one transaction. Raises `LogError`; `Unavailable` when another attempt of the same is of no use now."""

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    unit: Unit
    answer: asyncio.Future[list[Appended]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class GroupCommit:
    """Gathers the units of concurrent callers into batches and gives each caller its own answer.

    Units are written in the order in which they came. At most `bound` events wait (more: `Overloaded`), at most `batch`
    go in one call unless a single unit is larger, nobody waits longer than `patience` seconds (then: `Unavailable`). A
    caller that goes away takes its own unit along if it was not written yet, and nobody else's.
    """

    def __init__(self, write: Write, *, bound: int = 10_000, batch: int = 500, patience: float = 8.0) -> None:
        self._write = write
        self._bound = bound
        self._batch = batch
        self._patience = patience
        self._queue: deque[_Waiting] = deque()
        self._events = 0
        self._arrived = asyncio.Event()
        self._closing = False
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._loop = asyncio.create_task(self._run(), name="group-commit")

    async def close(self) -> None:
        """Take nothing more, write what waits, and stop."""
        self._closing = True
        self._arrived.set()
        if self._loop is not None:
            await self._loop

    async def submit(self, units: Sequence[Unit]) -> Answers:
        """Have these units written, in this order, all or none of them accepted into the queue."""
        if self._closing or self._loop is None:
            raise Unavailable("the log is closed")
        size = sum(len(unit.events) for unit in units)
        if self._queue and self._events + size > self._bound:
            raise Overloaded(f"{self._events} events are waiting")
        waiting = [_Waiting(unit) for unit in units]
        self._queue.extend(waiting)
        self._events += size
        self._arrived.set()
        try:
            async with asyncio.timeout(self._patience):
                return [await each.answer for each in waiting]
        except TimeoutError:
            raise Unavailable("not stored in time") from None
        finally:
            for each in waiting:
                each.answer.cancel()

    async def _run(self) -> None:
        while self._queue or not self._closing:
            if not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            batch = self._next_batch()
            if batch:
                await self._settle(batch)

    def _next_batch(self) -> list[_Waiting]:
        """The next units, without those whose caller has gone."""
        batch: list[_Waiting] = []
        size = 0
        while self._queue and (not batch or size + len(self._queue[0].unit.events) <= self._batch):
            waiting = self._queue.popleft()
            self._events -= len(waiting.unit.events)
            if not waiting.answer.done():
                size += len(waiting.unit.events)
                batch.append(waiting)
        return batch

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Write a batch; when it fails by something in it, each unit alone, so that one cannot fail its neighbours."""
        try:
            answers = await self._write([waiting.unit for waiting in batch])
        except Unavailable as error:
            _fail(batch, error)
        except LogError as error:
            await logger.awarning("batch retried one by one", units=len(batch), error=type(error).__name__)
            for waiting in batch:
                await self._settle_alone(waiting)
        except Exception as error:
            await logger.aexception("batch failed", units=len(batch))
            _fail(batch, error)
        else:
            for waiting, answer in zip(batch, answers, strict=True):
                _answer(waiting, answer)

    async def _settle_alone(self, waiting: _Waiting) -> None:
        try:
            [answer] = await self._write([waiting.unit])
        except Exception as error:
            _fail([waiting], error)
        else:
            _answer(waiting, answer)


def _answer(waiting: _Waiting, answer: list[Appended]) -> None:
    if not waiting.answer.done():
        waiting.answer.set_result(answer)


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
            with contextlib.suppress(BaseException):
                waiting.answer.exception()  # the caller may be waiting for an earlier unit, and never come to this one
