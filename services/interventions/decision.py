"""What becomes of a pushed event: its own content, the own log and the facts decide, in that order of weight."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.interventions import correction, trajectory
from services.interventions.chains import Chain
from services.interventions.correction import EventCorrected
from services.interventions.facts import Facts
from services.interventions.intervention import Intervention
from services.interventions.past import Past
from services.interventions.pushed import Pushed
from services.interventions.rules import judge
from services.interventions.rules.happening import Happening
from services.interventions.trajectory import Trajectory
from services.interventions.trajectory_steps import TrajectoryEvent
from shared.clock import AMSTERDAM
from shared.domain.findings import Finding, Refused, Severity

CREATED, HELD, INVALID, CONFLICT = 201, 202, 400, 409
_KINDS = {"invalid": INVALID, "conflict": CONFLICT}


class Decision(NamedTuple):
    """`status` is 201 (to be stored), 202 (to be held), 400 or 409 (rejected), by all the findings.

    For what is to be stored: the stream and its expected version (None: whatever it is), what is copied onto the
    content, the chain that is corrected or retracted, and the state of the trajectory that it changes.
    """

    status: int
    findings: tuple[Finding, ...]
    stream: str
    expected: int | None = None
    copied: Mapping[str, Any] | None = None
    chain: Chain | None = None
    state: Trajectory | None = None


def decide(pushed: Pushed, past: Past, facts: Facts, today: date, subject: UUID | None) -> Decision:
    """The decision on one event, with everything that is found at once."""
    decision = _by_own_log(pushed, past, subject)
    judged = judge(_happening(pushed, today), facts) if pushed.content is not None else []
    if not judged:
        return decision
    status = max(decision.status, _status(judged), key=_WEIGHT.__getitem__)
    return decision._replace(status=status, findings=(*decision.findings, *judged))


_WEIGHT = {CREATED: 0, HELD: 1, CONFLICT: 2, INVALID: 3}


def _by_own_log(pushed: Pushed, past: Past, subject: UUID | None) -> Decision:
    try:
        if pushed.refers_to is not None:
            return _change(pushed, past, subject)
        if isinstance(pushed.content, TrajectoryEvent):
            state = trajectory.evolve(past.entries(pushed.stream))
            copied = trajectory.decide(state, pushed.content)
            return Decision(CREATED, (), pushed.stream, past.version(pushed.stream), copied)
    except Refused as refused:
        waits = all(finding.waits for finding in refused.findings)
        return Decision(HELD if waits else _KINDS[refused.kind], refused.findings, pushed.stream)
    if pushed.content is None or pushed.content.trajectory is None:
        return Decision(CREATED, (), pushed.stream)
    found = _contact(pushed, past, subject)
    return Decision(_status(found), tuple(found), pushed.stream)


def _change(pushed: Pushed, past: Past, subject: UUID | None) -> Decision:
    """A correction or retraction. Raises `Refused`."""
    place = past.original(pushed.refers_to) if pushed.refers_to else None
    corrected = pushed.command.type if isinstance(pushed.command, EventCorrected) else None
    chain = correction.decide(place[1] if place else None, corrected, "corrects" if corrected else "retracts")
    stream = place[0] if place else pushed.stream
    state, copied = None, {}
    if chain.root.type in trajectory.TYPES:
        state = trajectory.evolve(past.entries(stream))
    if state is not None and isinstance(pushed.content, TrajectoryEvent):
        copied = dict(trajectory.decide_correction(state, chain, pushed.content))
    found = _contact(pushed, past, subject)
    return Decision(_status(found), tuple(found), stream, past.version(stream), copied, chain, state)


def _contact(pushed: Pushed, past: Past, subject: UUID | None) -> list[Finding]:
    """What the trajectory that an intervention names says of it (R-51)."""
    stream = past.trajectory(pushed)
    if not isinstance(pushed.content, Intervention) or stream is None:
        return []
    state = trajectory.evolve(past.entries(stream))
    finding = trajectory.check_contact(state, pushed.content, subject, pushed.at)
    return [] if finding is None else [finding]


def _status(findings: list[Finding]) -> int:
    """The status that blocking findings come to; a rule of the switchboard is a conflict, the rest is invalid."""
    blocking = [finding for finding in findings if finding.severity is Severity.BLOCK]
    final = [finding for finding in blocking if not finding.waits]
    if any(not _is_rule(finding) for finding in final):
        return INVALID
    if final:
        return CONFLICT
    return HELD if blocking else CREATED


def _is_rule(finding: Finding) -> bool:
    return finding.code.startswith("R-") or finding.code == "kind-not-allowed"


def _happening(pushed: Pushed, today: date) -> Happening:
    if pushed.content is None:
        raise ValueError("a retraction has no content to judge")
    recorded_on = pushed.time.astimezone(AMSTERDAM).date()
    return Happening(pushed.content, pushed.key.organisation, recorded_on, today, pushed.at)
