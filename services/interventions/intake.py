"""The way in: validated events are judged, pseudonymised, appended, and told what became of them.

Nothing is looked up that an event does not need. Most take two round trips, the vault's and the append's, each shared
with whoever asks at the same moment.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from services.interventions import verdicts
from services.interventions.attempt import Attempt, Outcomes, ToHold
from services.interventions.held import KEPT_FOR, Held, HeldEvents
from services.interventions.means import Means, pupils_of
from services.interventions.pushed import Pushed
from services.interventions.trial import Trial, attempt_all
from services.interventions.vault.subjects import Subjects
from services.interventions.verdicts import Result, Verdict
from services.interventions.waiting import event_word
from services.interventions.waves import waves
from shared.log.canonical import canonical
from shared.log.errors import Unavailable
from shared.log.events import Appended, Outcome

ATTEMPTS = 4
"""How often it is decided anew when somebody else changed the same record in between."""


class Intake:
    """Takes events; `on_stored` is told what was stored, in the words that held events wait for."""

    def __init__(self, means: Means, held: HeldEvents, on_stored: Callable[[Collection[str]], None]) -> None:
        self._means = means
        self._held = held
        self._on_stored = on_stored

    async def take(self, pushed: Sequence[Pushed]) -> list[Result]:
        """Each event for itself, in order. Raises `LogError`; then the whole may be sent again (G-05)."""
        results: dict[int, Result] = {}
        for wave in waves(pushed):
            outcomes = await self.settle({i: pushed[i] for i in wave})
            results |= await self._hold({i: pushed[i] for i in wave}, outcomes)
        return [results[i] for i in range(len(pushed))]

    async def take_together(self, pushed: Sequence[Pushed]) -> list[Result]:
        """All of them, or none: unless every result stands, nothing was stored. Raises `LogError`."""
        for _ in range(ATTEMPTS):
            subjects = Subjects(self._means.vault)
            trial = await attempt_all(self._means, pushed, subjects)
            if not trial.stands or not trial.units:
                return trial.results
            if not await subjects.keep(pupils_of([pushed[i] for i in trial.units])):
                continue
            answers = await self._means.log.append(trial.as_one())
            if all(answer.outcome in (Outcome.CREATED, Outcome.DUPLICATE) for answer in answers):
                await self._let_go([pushed[i] for i in trial.units])
                return _answered(trial, answers)
        raise Unavailable("others keep changing the same records")

    async def attempt(self, pushed: Sequence[Pushed]) -> list[Result]:
        """What would become of them; nothing is stored. Raises `LogError`."""
        return (await attempt_all(self._means, pushed, Subjects(self._means.vault))).results

    async def settle(self, todo: Mapping[int, Pushed]) -> Outcomes:
        """Store what can be stored of events that do not depend on each other. Raises `LogError`."""
        outcomes: Outcomes = {}
        left = todo
        for _ in range(ATTEMPTS):
            outcomes |= await Attempt(self._means, left, self._held.id_of).run()
            left = {i: one for i, one in todo.items() if i not in outcomes}
            if not left:
                await self._let_go([todo[i] for i, one in outcomes.items() if isinstance(one, Result) and one.stands])
                return outcomes
        raise Unavailable("others keep changing the same records")

    async def _hold(self, todo: Mapping[int, Pushed], outcomes: Outcomes) -> dict[int, Result]:
        """The results, after the events that have to wait are held."""
        waiting = {i: self._held_event(todo[i], one) for i, one in outcomes.items() if isinstance(one, ToHold)}
        ids = dict(zip(waiting, await self._held.put(list(waiting.values())), strict=True)) if waiting else {}
        # What they wait for may have come between the judgement and now.
        if waiting:
            self._on_stored({word for one in waiting.values() for word in one.waits})
        results: dict[int, Result] = {}
        for i, outcome in outcomes.items():
            if isinstance(outcome, ToHold):
                findings, until = outcome.decision.findings, waiting[i].expires_at
                results[i] = verdicts.held(todo[i].key.source_id, ids[i], until, findings)
            else:
                results[i] = outcome
        return results

    def _held_event(self, pushed: Pushed, outcome: ToHold) -> Held:
        now = self._means.clock.now()
        return Held(
            self._means.log.new_id(),
            pushed.key,
            pushed.type,
            pushed.time,
            canonical(pushed.payload(outcome.subject, {})),
            outcome.subject,
            verdicts.blocking_errors(outcome.decision.findings),
            outcome.words,
            now,
            now + KEPT_FOR,
            pushed.traceparent,
        )

    async def _let_go(self, stored: Sequence[Pushed]) -> None:
        """What is in the log is held no longer, and others may have waited for it."""
        if not self._held.any():
            return
        await self._held.release([one.key for one in stored])
        words = {event_word(one.key) for one in stored}
        self._on_stored(words | {stream for one in stored if (stream := one.own_stream)})


def _answered(trial: Trial, answers: Sequence[Appended]) -> list[Result]:
    """The results of a trial, with what the log said."""
    results, left = list(trial.results), iter(answers)
    for index, unit in trial.units.items():
        answer, *_ = [next(left) for _ in unit.events]
        result = results[index]
        if answer.outcome is Outcome.DUPLICATE:
            results[index] = verdicts.duplicate(result.id or "", answer)
        else:
            results[index] = verdicts.created(result.id or "", answer, result.findings)
    firsts = {trial.events[i].key: results[i] for i in trial.units}
    return [
        one._replace(receipt=first.receipt, position=first.position, received_at=first.received_at)
        if one.verdict is Verdict.DUPLICATE and (first := firsts.get(trial.events[i].key)) is not None
        else one
        for i, one in enumerate(results)
    ]
