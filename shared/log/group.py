"""Group commit: a batch is what arrived while the batch before it was being written."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from shared.log.errors import LogError, Overloaded, Unavailable
from shared.log.events import Appended, Unit

Answers = list[list[Appended]]
"""Per unit, per event."""

Write = Callable[[Sequence[Unit]], Awaitable[Answers]]
"""Stores units in one transaction. Raises `LogError`; `Unavailable` when trying again at once is of no use."""

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    """Units of one caller, who hears of all of them at once."""

    units: Sequence[Unit]
    size: int
    answers: asyncio.Future[Answers]


class GroupCommit:
    """Gathers what concurrent callers bring into batches and gives each caller its own answers.

    Units are written in the order in which they came. At most `bound` events wait (more: `Overloaded`), at most `batch`
    go in one call unless one unit is larger, nobody waits longer than `patience` seconds (then: `Unavailable`). A
    caller that goes away takes along what was not written yet, and nobody else's.
    """

    def __init__(self, write: Write, *, bound: int = 10_000, batch: int = 500, patience: float = 2.5) -> None:
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
        """Have these units written, in this order; many are written piece by piece, so that others come in between."""
        answers: Answers = []
        for part, size in self._parts(units):
            if not answers:  # whoever was let in goes on
                self._admit(size)
            answers += await self._submit(part, size)
        return answers

    def _admit(self, size: int) -> None:
        if self._queue and self._events + size > self._bound:
            raise Overloaded(f"{self._events} events are waiting")

    def _parts(self, units: Sequence[Unit]) -> Iterator[tuple[list[Unit], int]]:
        part: list[Unit] = []
        size = 0
        for unit in units:
            if part and size + len(unit.events) > self._batch:
                yield part, size
                part, size = [], 0
            part.append(unit)
            size += len(unit.events)
        if part:
            yield part, size

    async def _submit(self, units: Sequence[Unit], size: int) -> Answers:
        if self._closing or self._loop is None:
            raise Unavailable("the log is closed")
        waiting = _Waiting(units, size, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._events += size
        self._arrived.set()
        timer = asyncio.get_running_loop().call_later(self._patience, _give_up, waiting)
        try:
            return await waiting.answers
        finally:
            timer.cancel()

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
        """What is next, without what a caller has gone away from."""
        batch: list[_Waiting] = []
        size = 0
        while self._queue and (not batch or size + self._queue[0].size <= self._batch):
            waiting = self._queue.popleft()
            self._events -= waiting.size
            if not waiting.answers.done():
                size += waiting.size
                batch.append(waiting)
        return batch

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Write a batch; when it fails by something in it, each unit alone, so that one cannot fail its neighbours."""
        try:
            answers = iter(await self._write([unit for waiting in batch for unit in waiting.units]))
        except Unavailable as error:
            for waiting in batch:
                _fail(waiting, error)
        except LogError as error:
            await logger.awarning("batch retried unit by unit", callers=len(batch), error=str(error))
            for waiting in batch:
                await self._settle_alone(waiting)
        except Exception as error:
            await logger.aerror("batch failed", error=type(error).__name__)  # the callers get the error itself
            for waiting in batch:
                _fail(waiting, error)
        else:
            for waiting in batch:
                _answer(waiting, [next(answers) for _ in waiting.units])

    async def _settle_alone(self, waiting: _Waiting) -> None:
        """Every unit gets its chance; the caller hears of the first that could not be stored."""
        answers: Answers = []
        failure: Exception | None = None
        for unit in waiting.units:
            try:
                answers += await self._write([unit])
            except Exception as error:
                failure = failure or error
        if failure is not None:
            _fail(waiting, failure)
        else:
            _answer(waiting, answers)


def _answer(waiting: _Waiting, answers: Answers) -> None:
    if not waiting.answers.done():
        waiting.answers.set_result(answers)


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.answers.done():
        waiting.answers.set_exception(error)


def _give_up(waiting: _Waiting) -> None:
    _fail(waiting, Unavailable("not stored in time"))
