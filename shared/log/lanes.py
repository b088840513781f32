"""Lanes: a group commit per shard, and the way of a unit to the lane where it belongs.

Which shard a programme lives in never changes once it is decided (sql/shards.sql), so what a process has heard of it
stays true; it hears it from the log's answer `ELSEWHERE`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import asyncpg

from shared.log.errors import Unavailable
from shared.log.events import Appended, NewEvent, Outcome, Unit
from shared.log.group import Answers, GroupCommit
from shared.log.spanning import write_spanning
from shared.log.writer import Writer

FIRST = 1
"""The shard of whatever was not given another."""

ATTEMPTS = 4
"""How often a unit is sent on to where the log says that it belongs; more than once is a race."""

PATIENCE = 2.5
"""Seconds that a unit over several shards may take, as long as one in a group commit."""

KEPT = 2
"""One lane in so many connections of the pool keeps one: the others leave some for whoever reads."""


class Lane:
    """Everything that writes to one shard."""

    def __init__(self, writer: Writer, appended: Callable[[], None]) -> None:
        self.writer = writer
        self._appended = appended
        self._group = GroupCommit(self._write)
        self._group.start()

    async def submit(self, units: Sequence[Unit]) -> Answers:
        """Have units written, in this order, together with whatever others bring."""
        return await self._group.submit(units)

    async def close(self) -> None:
        """Store what waits, and give the connection back."""
        await self._group.close()
        await self.writer.close()

    async def _write(self, units: Sequence[Unit]) -> Answers:
        answers = await self.writer.write(units)
        self._appended()
        return answers


class Lanes:
    """The lanes of a log, opened as they are needed, and what is known of who belongs where."""

    def __init__(self, pool: asyncpg.Pool, appended: Callable[[], None]) -> None:
        self._pool = pool
        self._appended = appended
        self._lanes: dict[int, Lane] = {}
        self._homes: dict[str | None, int] = {}
        self._spanning = asyncio.Lock()
        self._open = False

    def start(self) -> None:
        """Begin to take units."""
        self._open = True
        self.lane(FIRST)

    async def close(self) -> None:
        """Take nothing more, and store what waits."""
        self._open = False
        await asyncio.gather(*(lane.close() for lane in self._lanes.values()))

    def lane(self, shard: int) -> Lane:
        """The lane of a shard. Raises `Unavailable` when the log is closed."""
        if not self._open:
            raise Unavailable("the log is closed")
        if shard not in self._lanes:
            keep = not self._lanes or len(self._lanes) < self._pool.get_max_size() // KEPT
            self._lanes[shard] = Lane(Writer(self._pool, shard, keep), self._appended)
        return self._lanes[shard]

    async def append(self, units: Sequence[Unit]) -> Answers:
        """Store each unit in the shards where it belongs; units of one shard are judged in their order."""
        if self._homes:
            return await self._sort(units, await self._attempt(units, range(len(units)), {}))
        answers = await self.lane(FIRST).submit(units)
        if any(_misplaced(answer) for answer in answers):
            return await self._sort(units, dict(enumerate(answers)))
        return answers

    async def _sort(self, units: Sequence[Unit], answers: dict[int, list[Appended]]) -> Answers:
        """The answers, once every unit that was sent to the wrong shard was sent to the right one."""
        streams: dict[str, int] = {}
        for _ in range(ATTEMPTS):
            wrong = [i for i, answer in answers.items() if _misplaced(answer)]
            if not wrong:
                return [answers[i] for i in range(len(units))]
            for i in wrong:
                streams |= self._learn(units[i], answers[i])
            answers |= await self._attempt(units, wrong, streams)
        raise Unavailable("the shard of a programme is being decided")

    async def _attempt(
        self, units: Sequence[Unit], wanted: Iterable[int], streams: dict[str, int]
    ) -> dict[int, list[Appended]]:
        """Every unit where it is thought to belong: one lane after another, so that a call fails as a whole."""
        by_shards: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for i in wanted:
            by_shards[tuple(sorted({*self._shards(units[i], streams)}))].append(i)
        answers: dict[int, list[Appended]] = {}
        for shards, mine in by_shards.items():
            if len(shards) == 1:
                lane = self.lane(shards[0])
                answers |= dict(zip(mine, await lane.submit([units[i] for i in mine]), strict=True))
            else:
                for i in mine:
                    answers[i] = await self._write_spanning(units[i], self._shards(units[i], streams))
        return answers

    def _shards(self, unit: Unit, streams: dict[str, int]) -> list[int]:
        """Per event where it is thought to belong: where its stream is, else where its stream's first programme is."""
        thought: dict[str, int] = {}
        return [thought.setdefault(event.stream, streams.get(event.stream) or self._home(event)) for event in unit[0]]

    def _home(self, event: NewEvent) -> int:
        return self._homes.get(event.columns.programme, FIRST)

    async def _write_spanning(self, unit: Unit, shards: Sequence[int]) -> list[Appended]:
        """One at a time in a process: they are rare, and each holds several locks."""
        self.lane(FIRST)
        try:
            async with asyncio.timeout(PATIENCE), self._spanning:
                answers = await write_spanning(self._pool, unit, shards)
        except TimeoutError:
            raise Unavailable("not stored in time") from None
        self._appended()
        return answers

    def _learn(self, unit: Unit, answers: Sequence[Appended]) -> dict[str, int]:
        """Keep what the log says of programmes; gives, by stream, where the events of this unit belong."""
        told: dict[str, int] = {}
        for event, answer in zip(unit.events, answers, strict=True):
            if answer.outcome is Outcome.ELSEWHERE and answer.position is not None:
                told[event.stream] = answer.position.shard
                if answer.stream_version == 0:
                    self._homes[event.columns.programme] = answer.position.shard
        return told


def _misplaced(answers: Sequence[Appended]) -> bool:
    return any(answer.outcome is Outcome.ELSEWHERE for answer in answers)
