"""Which pupils are helped in the synthetic half year: trajectories that give exactly a delivery's counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from jos.demo.days import SCHOOL_DAYS
from jos.demo.spread import Delivery, Worker


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One trajectory (traject) of one pupil; `end` None: still open after the half year."""

    key: str
    pupil: str
    worker: Worker
    duration: str
    form: str
    start: date
    tapered: date | None
    end: date | None
    stopped: bool


def trajectories(delivery: Delivery, workers: Sequence[Worker], chance: Random) -> tuple[Trajectory, ...]:
    """One for every recipient, and a second one for some, which changes none of the counts.

    A pupil with both durations counts as structural, one with both forms as individual: so a second trajectory is
    incidental for a structural pupil and in a group for an individual one.
    """
    return tuple(_numbered(delivery, workers, chance))


def _numbered(delivery: Delivery, workers: Sequence[Worker], chance: Random) -> Iterator[Trajectory]:
    individual = set(chance.sample(range(delivery.recipients), delivery.individual))
    for number in range(delivery.recipients):
        pupil = opaque("c", chance)
        structural = number < delivery.structural
        duration = "STRUCTURAL" if structural else "INCIDENTAL"
        form = "INDIVIDUAL" if number in individual else "GROUP"
        yield _one(pupil, chance.choice(workers), duration, form, chance)
        if chance.random() < 0.08:
            yield _one(pupil, chance.choice(workers), "INCIDENTAL", "GROUP", chance)


def _one(pupil: str, worker: Worker, duration: str, form: str, chance: Random) -> Trajectory:
    """Structural help runs on for months, often past the half year; incidental help for weeks."""
    last = len(SCHOOL_DAYS) - 1
    length = chance.randint(40, 90) if duration == "STRUCTURAL" else chance.randint(4, 20)
    first = chance.randint(0, max(1, last - length // 2))
    over = first + length
    end = SCHOOL_DAYS[over] if over <= last else None
    tapered = SCHOOL_DAYS[over - 8] if end and length > 30 and chance.random() < 0.5 else None
    return Trajectory(
        key=opaque("t", chance),
        pupil=pupil,
        worker=worker,
        duration=duration,
        form=form,
        start=SCHOOL_DAYS[first],
        tapered=tapered,
        end=end,
        stopped=end is not None and chance.random() < 0.1,
    )


def opaque(prefix: str, chance: Random) -> str:
    """A key as an EHR would give it out: says nothing, and is never digits alone."""
    return f"{prefix}-{chance.getrandbits(40):010x}"
