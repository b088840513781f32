"""The order in which the events of a batch are judged: whoever needs an earlier one's outcome comes after it.

Most events need nothing of each other and go in one wave, which is one append.
"""

from collections.abc import Iterator, Sequence

from services.interventions.correction import EventRetracted
from services.interventions.intervention import Intervention
from services.interventions.pushed import Pushed, trajectory_stream

_TRAJECTORIES, _RETRACTIONS = "trajectories", "retractions"


def waves(pushed: Sequence[Pushed]) -> list[list[int]]:
    """The indexes of the events by wave, each in the order of the batch."""
    written: dict[str, int] = {}
    read: dict[str, int] = {}
    found: list[list[int]] = []
    for index, one in enumerate(pushed):
        reads, writes = frozenset(_reads(one)), frozenset(_writes(one))
        after = [written[name] + 1 for name in reads if name in written]
        wave = max(after + [read[name] for name in writes if name in read], default=0)
        written |= {name: max(wave, written.get(name, 0)) for name in writes}
        read |= {name: max(wave, read.get(name, 0)) for name in reads}
        if wave == len(found):
            found.append([])
        found[wave].append(index)
    return found


def _reads(one: Pushed) -> Iterator[str]:
    """What the decision on it looks at."""
    if one.refers_to is not None:
        yield f"event {one.refers_to}"
    if (trajectory := _trajectory(one)) is not None:
        yield trajectory
        yield _RETRACTIONS
    if isinstance(one.command, EventRetracted):
        yield _TRAJECTORIES


def _writes(one: Pushed) -> Iterator[str]:
    """What others' decisions may see of it."""
    yield f"event {one.key}"
    if one.refers_to is not None:
        yield f"event {one.refers_to}"
    trajectory = _trajectory(one)
    if trajectory is not None and not isinstance(one.content, Intervention):
        yield trajectory
        yield _TRAJECTORIES
    if isinstance(one.command, EventRetracted):
        yield _RETRACTIONS


def _trajectory(one: Pushed) -> str | None:
    if one.content is None or one.content.trajectory is None:
        return None
    source = one.refers_to.source if one.refers_to else one.key.source
    return trajectory_stream(one.key.organisation, source, one.content.trajectory)
