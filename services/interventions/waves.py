"""The order in which the events of a batch are judged: whoever needs an earlier one's outcome comes after it.

Most events need nothing of each other and go in one wave, which is one append.
"""

from collections.abc import Sequence

from services.interventions.correction import EventRetracted
from services.interventions.intervention import Intervention
from services.interventions.pushed import Pushed, trajectory_stream
from shared.log.events import Key

Name = Key | str
"""What a decision looks at or changes: an event by its key, a trajectory by its stream, or all of a sort."""

_TRAJECTORIES, _RETRACTIONS = "trajectories", "retractions"


def waves(pushed: Sequence[Pushed]) -> list[list[int]]:
    """The indexes of the events by wave, each in the order of the batch."""
    written: dict[Name, int] = {}
    read: dict[Name, int] = {}
    found: list[list[int]] = []
    for index, one in enumerate(pushed):
        reads, writes = _reads_and_writes(one)
        wave = 0
        for name in reads:
            wave = max(wave, written.get(name, -1) + 1)
        for name in writes:
            wave = max(wave, read.get(name, 0))
        for name in writes:
            written[name] = max(wave, written.get(name, 0))
        for name in reads:
            read[name] = max(wave, read.get(name, 0))
        if wave == len(found):
            found.append([])
        found[wave].append(index)
    return found


def _reads_and_writes(one: Pushed) -> tuple[Sequence[Name], Sequence[Name]]:
    """What the decision on an event looks at, and what others' decisions may see of it."""
    original, trajectory = one.refers_to, _trajectory(one)
    if original is None and trajectory is None:
        return (), (one.key,)
    reads: list[Name] = []
    writes: list[Name] = [one.key]
    if original is not None:
        reads.append(original)
        writes.append(original)
    if trajectory is not None:
        reads += (trajectory, _RETRACTIONS)
        if not isinstance(one.content, Intervention):
            writes += (trajectory, _TRAJECTORIES)
    if isinstance(one.command, EventRetracted):
        reads.append(_TRAJECTORIES)
        writes.append(_RETRACTIONS)
    return reads, writes


def _trajectory(one: Pushed) -> str | None:
    if one.content is None or one.content.trajectory is None:
        return None
    source = one.refers_to.source if one.refers_to else one.key.source
    return trajectory_stream(one.key.organisation, source, one.content.trajectory)
