"""The synthetic half year as CloudEvents, per provider in the order in which its EHR recorded them.

The same seed gives the same events, ids included: sent again, every one of them is a duplicate (G-04).
"""

from collections.abc import Iterator, Sequence

from jos.demo.changes import changes, misrecorded
from jos.demo.contacts import contacts
from jos.demo.records import CloudEvent, Record, cloud_event
from jos.demo.schools import PROGRAMME, Provider
from jos.demo.spread import SEED, Delivery, random, workers
from jos.demo.trajectories import Trajectory, trajectories

RANK = {
    "support-trajectory-started": 0,
    "support-trajectory-tapered": 2,
    "support-trajectory-completed": 3,
    "support-trajectory-stopped": 3,
}
"""The order of entries within a day; contacts (1) come between the first and the last of a trajectory."""


def half_year(deliveries: Sequence[Delivery], seed: int = SEED) -> dict[Provider, list[CloudEvent]]:
    """Every event of the half year, by the provider whose EHR sends it."""
    providers = sorted({delivery.school.provider for delivery in deliveries}, key=lambda provider: provider.kvk)
    return {
        provider: [cloud_event(record, provider) for record in entries(provider, deliveries, seed)]
        for provider in providers
    }


def entries(provider: Provider, deliveries: Sequence[Delivery], seed: int = SEED) -> list[Record]:
    """What this provider's EHR recorded at the schools that delivered, numbered in order, corrections last."""
    chance = random(seed + int(provider.kvk))
    own = [delivery for delivery in deliveries if delivery.school.provider == provider]
    unsorted = [record for delivery in own for record in _of_school(delivery, seed)]
    right = [record.numbered(n) for n, record in enumerate(sorted(unsorted, key=_order), 1)]
    wrong = misrecorded(right, chance)
    first = [wrong.get(record.number, record) for record in right]
    return [*first, *changes(right, list(wrong), provider.source, chance)]


def _of_school(delivery: Delivery, seed: int) -> Iterator[Record]:
    chance = random(seed + int(delivery.school.site, 36))
    staff = workers(delivery)
    helped = trajectories(delivery, staff, chance)
    for trajectory in helped:
        yield from _steps(trajectory)
    yield from contacts(staff, helped, chance)


def _order(record: Record) -> tuple[str, int]:
    return record.day.isoformat(), RANK.get(record.type, 1)


def _steps(trajectory: Trajectory) -> Iterator[Record]:
    """Its start, and its tapering and end when they fall in the half year."""
    site = {"programme": PROGRAMME, "siteCode": trajectory.worker.school.site, "trajectory": trajectory.key}
    started = {
        "startedOn": trajectory.start.isoformat(),
        "pupilRef": trajectory.pupil,
        "staff": [trajectory.worker.staff],
        "duration": trajectory.duration,
        "form": trajectory.form,
    }
    yield Record(trajectory.start, "support-trajectory-started", {**site, **started})
    if trajectory.tapered:
        tapered = {"taperedOn": trajectory.tapered.isoformat(), "step": "LESS_OFTEN"}
        yield Record(trajectory.tapered, "support-trajectory-tapered", {**site, **tapered})
    if trajectory.end:
        ended = {"endedOn": trajectory.end.isoformat()}
        if trajectory.stopped:
            yield Record(trajectory.end, "support-trajectory-stopped", {**site, **ended, "reason": "MOVED"})
        else:
            yield Record(trajectory.end, "support-trajectory-completed", {**site, **ended, "result": "REACHED"})
