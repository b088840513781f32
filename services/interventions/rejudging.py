"""Held events are judged again by themselves, when what they wait for changes; after thirty days they expire."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg
import structlog
from pydantic import ValidationError

from services.interventions import findings
from services.interventions.attempt import ToHold
from services.interventions.findings import StoredFinding
from services.interventions.held import FIRST, Held, HeldEvents
from services.interventions.intake import Intake
from services.interventions.learning import ANYTHING
from services.interventions.means import Means
from services.interventions.pushed import Pushed
from services.interventions.receipts import Receipts
from services.interventions.verdicts import Result, blocking_errors
from services.interventions.waves import waves
from shared.domain.findings import Severity
from shared.feeds.failures import describe
from shared.tasks import end

PAGE = 200
"""Held events that are judged at once."""
DEBOUNCE = 0.05
"""Seconds in which changes are gathered."""
TICK = 60.0
"""Seconds after which expired ones are looked for, and all are judged whatever changed."""
MANY = 10_000
"""More words than this: judge everything."""

logger = structlog.get_logger(__name__)


class Changes:
    """What has changed since it was last asked, in the words that held events wait for; None stands for anything."""

    def __init__(self) -> None:
        self._words: set[str] | None = None
        self._told = asyncio.Event()
        self._told.set()

    def tell(self, words: Collection[str] | None) -> None:
        """Something changed."""
        if words is None or ANYTHING in words:
            self._words = None
        elif self._words is not None:
            self._words |= set(words)
        self._told.set()

    async def take(self) -> set[str] | None:
        """Wait until something changed (or a minute: then anything may have), gather a moment, and say what."""
        try:
            async with asyncio.timeout(TICK):
                await self._told.wait()
            await asyncio.sleep(DEBOUNCE)
        except TimeoutError:
            self._words = None
        self._told.clear()
        words, self._words = self._words, set()
        return None if words is None or len(words) > MANY else words


class Rejudging:
    """One loop, which begins with everything, for facts may have come while nobody was there."""

    def __init__(
        self,
        means: Means,
        intake: Intake,
        held: HeldEvents,
        receipts: Receipts,
        pool: asyncpg.Pool,
        changes: Changes,
    ) -> None:
        self._means = means
        self._intake = intake
        self._held = held
        self._receipts = receipts
        self._pool = pool
        self._changes = changes
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to judge."""
        self._loop = asyncio.create_task(self._run(), name="rejudging")

    async def close(self) -> None:
        """Stop; what is in hand is judged again at the next start."""
        if self._loop is not None:
            await end(self._loop)

    async def judge(self, words: Collection[str] | None) -> None:
        """Judge those that wait for one of these words (None: all), page by page. Raises `LogError`."""
        after: UUID = FIRST
        while page := await self._held.waiting(words, after, PAGE):
            await self._judge_page(await _readable(page))
            after = page[-1].id

    async def expire(self) -> None:
        """Let go of what has waited too long, with a finding, and of old receipts. Raises `LogError`."""
        now = self._means.clock.now()
        while expired := await self._held.expired(now, PAGE):
            await findings.add(self._pool, [self._finding(one, "held-expired", "") for one in expired])
            await self._held.drop(expired)
        await self._receipts.drop_old(now)

    async def _run(self) -> None:
        while True:
            words = await self._changes.take()
            try:
                await self.expire()
                await self.judge(words)
            except Exception as error:  # whatever it is, it must not end the loop (G-16)
                await logger.awarning("held events not judged", reason=describe(error))
                self._changes.tell(None)
                await asyncio.sleep(1)

    async def _judge_page(self, readable: Sequence[tuple[Held, Pushed]]) -> None:
        page, pushed = [held for held, _ in readable], [one for _, one in readable]
        for wave in waves(pushed):
            outcomes = await self._intake.settle({i: pushed[i] for i in wave})
            still = [_still(page[i], one) for i, one in outcomes.items() if isinstance(one, ToHold)]
            await self._held.keep([one for one in still if one not in page])
            settled = {page[i]: one for i, one in outcomes.items() if isinstance(one, Result)}
            refused = {one: result for one, result in settled.items() if result.errors}
            await findings.add(
                self._pool,
                [self._finding(one, e.code, e.pointer) for one, result in refused.items() for e in result.errors],
            )
            await self._held.drop(list(settled))

    def _finding(self, held: Held, code: str, pointer: str) -> StoredFinding:
        now = self._means.clock.now()
        return StoredFinding(self._means.log.new_id(), held.key, None, code, str(Severity.BLOCK), pointer, now)


async def _readable(page: Sequence[Held]) -> list[tuple[Held, Pushed]]:
    """The held events with what was pushed; one that does not fit its schema any more waits for its end."""
    found = []
    for held in page:
        try:
            found.append((held, held.pushed()))
        except ValidationError as error:
            await logger.awarning("held event unreadable", held=str(held.id), errors=error.error_count())
    return found


def _still(held: Held, outcome: ToHold) -> Held:
    """The held event with what is missing now."""
    return replace(held, errors=blocking_errors(outcome.decision.findings), waits=outcome.words)
