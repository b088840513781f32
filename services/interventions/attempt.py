"""One attempt to store events that do not depend on each other: each together with what follows from it, or not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.interventions import verdicts
from services.interventions.decision import CREATED, HELD, Decision, decide
from services.interventions.means import Means, names_trajectory, pupils_of, subject_of, subject_to_judge
from services.interventions.past import Past
from services.interventions.pushed import Pushed
from services.interventions.sameness import changes
from services.interventions.storing import to_unit
from services.interventions.vault.subjects import Subjects
from services.interventions.verdicts import Result
from services.interventions.waiting import words_for
from shared.log.events import Appended, Key, Outcome, StoredEvent, Unit


@dataclass(frozen=True, slots=True)
class ToHold:
    """An event that has to wait: what was found, what would help, and its subject."""

    decision: Decision
    words: frozenset[str]
    subject: UUID | None


Todo = Mapping[int, Pushed]
Outcomes = dict[int, Result | ToHold]


class Attempt:
    """Reads what the events need, decides, and appends. An event that somebody else's overtook gets no outcome."""

    def __init__(self, means: Means, todo: Todo, id_of: Callable[[Key], UUID | None]) -> None:
        self._means = means
        self._todo = todo
        self._id_of = id_of
        self._past = Past(means.log)
        self._subjects = Subjects(means.vault)

    async def run(self) -> Outcomes:
        """The outcomes by index. Raises `LogError`."""
        await self._past.load(self._todo.values())
        await self._subjects.look_up(pupils_of([one for one in self._todo.values() if names_trajectory(one)]))
        decisions = {i: self._decide(one) for i, one in self._todo.items()}
        doubtful = [i for i, d in decisions.items() if d.status != CREATED or self._past.place(self._todo[i].key)]
        outcomes = await self._known(doubtful)
        left = {i: decision for i, decision in decisions.items() if i not in outcomes}
        keep = [i for i, decision in left.items() if decision.status in (CREATED, HELD)]
        if not await self._subjects.keep(pupils_of([self._todo[i] for i in keep])):
            return {}
        outcomes |= {i: self._to_hold(i, left[i]) for i in keep if left[i].status == HELD}
        outcomes |= {i: self._rejected(i, left[i]) for i in left.keys() - set(keep)}
        return outcomes | await self._append({i: left[i] for i in keep if left[i].status == CREATED})

    def _decide(self, pushed: Pushed) -> Decision:
        subject = subject_to_judge(pushed, self._subjects)
        return decide(pushed, self._past, self._means.facts, self._means.today(), subject)

    async def _known(self, indexes: Iterable[int]) -> Outcomes:
        """Those whose key the log has already: an accepted event is never judged again."""
        keys = {i: self._todo[i].key for i in indexes}
        stored = await self._means.log.find(list(keys.values())) if keys else {}
        found = {i: stored[key] for i, key in keys.items() if key in stored}
        if found:
            await self._subjects.look_up(pupils_of([self._todo[i] for i in found]))
        return {i: compared(self._todo[i], self._subjects, event) for i, event in found.items()}

    async def _append(self, decisions: Mapping[int, Decision]) -> Outcomes:
        stamp = self._means.stamp()
        units: dict[int, Unit] = {}
        for i, decision in decisions.items():
            one = self._todo[i]
            units[i] = to_unit(one, decision, subject_of(one, self._subjects), stamp, self._id_of(one.key))
        answers = dict(zip(units, await self._means.log.append_units(list(units.values())), strict=True))
        outcomes: Outcomes = {}
        for i, (answer, *_) in answers.items():
            if answer.outcome in (Outcome.CREATED, Outcome.DUPLICATE):
                outcomes[i] = self._stored(i, decisions[i], answer)
        conflicts = [i for i, (answer, *_) in answers.items() if answer.outcome is Outcome.CONFLICT]
        return outcomes | await self._known(conflicts)

    def _stored(self, index: int, decision: Decision, answer: Appended) -> Result:
        id_ = self._todo[index].key.source_id
        if answer.outcome is Outcome.DUPLICATE:
            return verdicts.duplicate(id_, answer)
        return verdicts.created(id_, answer, decision.findings)

    def _to_hold(self, index: int, decision: Decision) -> ToHold:
        one = self._todo[index]
        return ToHold(decision, words_for(one, self._past), subject_of(one, self._subjects))

    def _rejected(self, index: int, decision: Decision) -> Result:
        return verdicts.rejected(self._todo[index].key.source_id, decision.status, decision.findings)


def compared(pushed: Pushed, subjects: Subjects, stored: StoredEvent) -> Result:
    """The verdict on an event whose key the log has."""
    different = changes(pushed, subject_of(pushed, subjects), stored)
    id_ = pushed.key.source_id
    return verdicts.conflict(id_, different) if different else verdicts.duplicate(id_, stored)
