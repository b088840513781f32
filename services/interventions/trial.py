"""Trying a whole request without storing anything: each event sees what the earlier ones would have done."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.interventions import verdicts
from services.interventions.attempt import compared
from services.interventions.decision import CREATED, HELD, decide
from services.interventions.held import KEPT_FOR
from services.interventions.means import Means, pupils_of, subject_of, subject_to_judge
from services.interventions.past import Past
from services.interventions.pushed import Pushed
from services.interventions.storing import Stamp, to_unit
from services.interventions.vault.subjects import Subjects
from services.interventions.verdicts import Result
from shared.log.events import Key, NewEvent, Unit


@dataclass(slots=True)
class Trial:
    """What would become of each event, and what would be stored for it."""

    results: list[Result] = field(default_factory=list)
    units: dict[int, Unit] = field(default_factory=dict)
    events: list[Pushed] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        """Whether every event would be in the log."""
        return all(result.stands for result in self.results)

    def as_one(self) -> Unit:
        """Everything as one unit; only the first event of a stream carries an expected version."""
        seen: set[str] = set()
        events: list[NewEvent] = []
        for unit in self.units.values():
            for event in unit.events:
                events.append(event._replace(expected_version=None) if event.stream in seen else event)
                seen.add(event.stream)
        return Unit(tuple(events))


async def attempt_all(means: Means, pushed: Sequence[Pushed], subjects: Subjects) -> Trial:
    """Judge the events in order. Raises `LogError`."""
    past = Past(means.log)
    await past.load(pushed)
    await subjects.look_up(pupils_of(list(pushed)))
    stored = await means.log.find([one.key for one in pushed])
    trial, stamp = Trial(events=list(pushed)), means.stamp()
    first: dict[Key, int] = {}
    for index, one in enumerate(pushed):
        earlier = first.setdefault(one.key, index)
        if one.key in stored:
            trial.results.append(compared(one, subjects, stored[one.key]))
        elif earlier != index and earlier in trial.units:
            trial.results.append(_again(one, pushed[earlier], subjects))
        else:
            _judge(index, one, trial, past, means, subjects, stamp)
    return trial


def _judge(index: int, one: Pushed, trial: Trial, past: Past, means: Means, subjects: Subjects, stamp: Stamp) -> None:
    decision = decide(one, past, means.facts, means.today(), subject_to_judge(one, subjects))
    id_ = one.key.source_id
    if decision.status == CREATED:
        unit = to_unit(one, decision, subject_of(one, subjects), stamp)
        past.remember(unit.events)
        trial.units[index] = unit
        trial.results.append(verdicts.would_be_created(id_, decision.findings))
    elif decision.status == HELD:
        trial.results.append(verdicts.held(id_, None, stamp.now + KEPT_FOR, decision.findings))
    else:
        trial.results.append(verdicts.rejected(id_, decision.status, decision.findings))


def _again(one: Pushed, earlier: Pushed, subjects: Subjects) -> Result:
    """The same key twice in one request."""
    same = (one.type, one.time, one.payload(subject_of(one, subjects), {})) == (
        earlier.type,
        earlier.time,
        earlier.payload(subject_of(earlier, subjects), {}),
    )
    id_ = one.key.source_id
    return verdicts.repeated(id_) if same else verdicts.conflict(id_, ["/id"])
