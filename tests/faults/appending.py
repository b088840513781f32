"""Several processes' worth of writers on one log, readers that never stop looking, and a server that is killed."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg

from shared.clock import SystemClock
from shared.log.errors import LogError, Unstorable
from shared.log.events import NewEvent, Outcome, StoredEvent
from shared.log.log import Log
from shared.postgres.pool import open_pool
from tests.faults import checkers
from tests.faults.checkers import Violation
from tests.faults.history import Attempt, Fault, History, Item, Told, attempts, faults
from tests.faults.processes import backends, kill
from tests.faults.victim import AWAY, Victim
from tests.log.given import event, unit

SERVICE = "interventions"

# A reader's next look: what lies after the last position it saw.
LOOK = "select position from log.feed where shard = 1 and position > $1 order by position limit 1000"

VERDICTS = {
    Outcome.CREATED: "created",
    Outcome.DUPLICATE: "duplicate",
    Outcome.CONFLICT: "conflict",
    Outcome.STALE: "rejected",
    Outcome.CLAIMED: "rejected",
    Outcome.SKIPPED: "rejected",
}

Open = Callable[[asyncpg.Pool], Log]


@dataclass
class Appending:
    """A run: `writers` logs and `clients` that send `events` each, half of them through two logs at once.

    With `kills` it ends when all of these have fired.
    """

    victim: Victim
    path: Path
    chance: random.Random
    open_log: Open = lambda pool: Log(SERVICE, pool, SystemClock())
    writers: int = 3
    clients: int = 4
    events: int = 40
    kills: int = 0
    sightings: list[list[int]] = field(default_factory=list)
    acknowledged: int = 0
    _killed: bool = False

    async def run(self) -> list[Violation]:
        """Everything, and what the checkers say."""
        history = History(self.path)
        over = asyncio.Event()
        async with AsyncExitStack() as stack:
            logs = []
            for _ in range(self.writers):
                pool = await stack.enter_async_context(await open_pool(self.victim.settings, SERVICE, max_size=4))
                log = self.open_log(pool)
                await log.start()
                stack.push_async_callback(log.close)
                logs.append(log)
            readers = [asyncio.create_task(self._read(over)) for _ in range(2)]
            sending = asyncio.gather(*(self._send(history, logs, group) for group in range(self.clients)))
            await asyncio.gather(sending, self._kill(history))
        over.set()
        self.sightings = list(await asyncio.gather(*readers))
        history.close()
        return await self.judge()

    async def judge(self) -> list[Violation]:
        """What every checker of a log finds."""
        rows = await self.victim.rows(SERVICE)
        return judged(self.path, rows, await self.victim.log_id(SERVICE), self.sightings)

    async def _send(self, history: History, logs: Sequence[Log], group: int) -> None:
        """Each event through one log; every second one at the same moment through a second log too."""
        for number in range(self.events):
            if self._killed:
                return
            one = event(f"{self.chance.getrandbits(64):x}-{group}", minutes=5 + number)
            through = [logs[(group + number) % len(logs)]]
            if self.chance.random() < 0.5:
                through.append(logs[(group + number + 1) % len(logs)])
            await asyncio.gather(*(self._settle(history, log, one) for log in through))

    async def _settle(self, history: History, log: Log, one: NewEvent) -> None:
        """The same event again and again until it has a verdict, as a sender does it (G-05)."""
        item = Item(one.key, checkers.essence_of(_as_stored(one)))
        now = asyncio.get_running_loop().time
        while True:
            began = now()
            try:
                [answer] = await log.append(unit(one))
            except LogError as error:
                history.attempt(Attempt((item,), 0, (), now() - began))
                if isinstance(error, Unstorable):  # final, and wrong: nothing is wrong with the event
                    return
                await asyncio.sleep(0.02)
                continue
            told = Told(VERDICTS[answer.outcome], str(answer.event_id) if answer.event_id else None)
            history.attempt(Attempt((item,), 200, (told,), now() - began))
            self.acknowledged += 1
            return

    async def _kill(self, history: History) -> None:
        """The postmaster or a backend of the writers, while they are at work."""
        now = asyncio.get_running_loop().time
        for number in range(self.kills):
            before = self.acknowledged
            await self._progress(before + self.chance.randint(3, 12))
            pids = backends(self.victim.pid, f"{SERVICE}_app")
            whole = number % 2 == 0 or not pids
            began = now()
            hit = self.victim.kill_postmaster() if whole else kill(self.chance.choice(pids))
            await self.victim.again()
            before = self.acknowledged
            await self._progress(before + 1)
            if hit:
                history.fault(Fault("SIGKILL", "postmaster" if whole else "backend", now() - began))
        self._killed = self.kills > 0

    async def _progress(self, to: int) -> None:
        most = self.writers * self.clients * self.events
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while self.acknowledged < min(to, most):  # noqa: ASYNC110 - a condition of others
                    await asyncio.sleep(0.001)

    async def _read(self, over: asyncio.Event) -> list[int]:
        """Look, and look again, from the last position that was seen, whatever happens to the server."""
        seen: list[int] = []
        last_look = False
        while True:
            try:
                async with self.victim.connected(SERVICE) as connection:
                    while True:
                        last_look = over.is_set()
                        found = await connection.fetch(LOOK, seen[-1] if seen else 0)
                        seen += [row["position"] for row in found]
                        if last_look and not found:
                            return seen
                        await asyncio.sleep(0)
            except AWAY:
                await asyncio.sleep(0.02)


def judged(
    path: Path, rows: Sequence[StoredEvent], log_id: UUID, sightings: Sequence[Sequence[int]]
) -> list[Violation]:
    """What the checkers of a log find in a history and in the log."""
    tried = list(attempts(path))
    return [
        *checkers.lost(tried, rows),
        *checkers.phantoms(tried, rows),
        *checkers.twice(rows),
        *checkers.receipts(tried, rows),
        *checkers.unsettled(tried),
        *checkers.dense(rows),
        *checkers.seen(sightings, rows),
        *checkers.unchained(rows, log_id),
        *checkers.slow_to_heal(faults(path)),
    ]


def _as_stored(one: NewEvent) -> StoredEvent:
    """A new event in the form in which checkers read it; only type and payload matter to them."""
    return StoredEvent(None, "", one.id, one.key, one.type, one.stream, 0, one.time, one.recorded_at, one.payload,  # type: ignore[arg-type]
                       b"", b"", one.columns, "", None)  # fmt: skip


Run = Callable[[], Awaitable[list[Violation]]]
