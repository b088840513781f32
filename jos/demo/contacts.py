"""What the workers do on a school day of the synthetic half year: the five kinds of intervention."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from jos.demo.days import SCHOOL_DAYS
from jos.demo.records import Data, Record
from jos.demo.schools import PROGRAMME
from jos.demo.spread import Worker
from jos.demo.trajectories import Trajectory

CONTACTS_A_DAY = 4
"""Recorded contacts per fte on a school day."""

THEMES = ("EMOTION_REGULATION", "SOCIAL_SKILLS", "ANXIETY", "BEHAVIOUR", "SELF_CONFIDENCE", "GROUP_SAFETY")


def contacts(workers: Sequence[Worker], helped: Sequence[Trajectory], chance: Random) -> Iterator[Record]:
    """Every contact of these workers, day by day; the pupils are those whose trajectory is open."""
    for day in SCHOOL_DAYS:
        open_today = [t for t in helped if t.start <= day and (t.end is None or day <= t.end)]
        for worker in workers:
            for _ in range(_number(worker, chance)):
                yield Record(day, *_contact(worker, day, open_today, chance))


def _number(worker: Worker, chance: Random) -> int:
    """Contacts on one day: the worker's share of a week's work, in whole contacts."""
    mean = float(worker.fte) * CONTACTS_A_DAY
    return int(mean) + (chance.random() < mean % 1)


def _contact(worker: Worker, day: date, open_today: Sequence[Trajectory], chance: Random) -> tuple[str, Data]:
    individual = [t for t in open_today if t.form == "INDIVIDUAL"]
    kind = chance.choices(("GROUP", "INDIVIDUAL", "PARENT", "COACHING", "CRISIS"), (45, 34, 8, 12, 1))[0]
    if kind == "INDIVIDUAL" and individual:
        return "individual-intervention-recorded", _individual(worker, day, chance.choice(individual), chance)
    if kind == "PARENT" and open_today:
        return "parent-support-recorded", _parent(worker, day, chance.choice(open_today), chance)
    if kind == "COACHING":
        return "coaching-recorded", _coaching(worker, day, chance)
    if kind == "CRISIS" and open_today:
        return "crisis-intervention-recorded", _crisis(worker, day, chance.choice(open_today), chance)
    return "group-intervention-recorded", _group(worker, day, chance)


def _common(worker: Worker, day: date, minutes: int) -> Data:
    return {
        "programme": PROGRAMME,
        "siteCode": worker.school.site,
        "occurredOn": day.isoformat(),
        "minutes": minutes,
        "staff": [worker.staff],
    }


def _group(worker: Worker, day: date, chance: Random) -> Data:
    return _common(worker, day, chance.choice((45, 60, 75, 90))) | {
        "mode": chance.choice(("INTERVENTION", "INTERVENTION", "OBSERVATION")),
        "theme": chance.choice(THEMES),
        "trigger": "OBSERVED_PROBLEM",
        "groupSize": chance.randint(2, 12),
        "setting": chance.choice(("CLASS", "CLASS", "FREE_SITUATION")),
    }


def _individual(worker: Worker, day: date, trajectory: Trajectory, chance: Random) -> Data:
    return _common(worker, day, chance.choice((30, 45, 60))) | {
        "mode": chance.choice(("GUIDANCE", "GUIDANCE", "OBSERVATION")),
        "pupilRef": trajectory.pupil,
        "trajectory": trajectory.key,
    }


def _parent(worker: Worker, day: date, trajectory: Trajectory, chance: Random) -> Data:
    return _common(worker, day, chance.choice((30, 60))) | {"setting": "SCHOOL", "pupilRef": trajectory.pupil}


def _coaching(worker: Worker, day: date, chance: Random) -> Data:
    return _common(worker, day, chance.choice((30, 60))) | {
        "audience": chance.choice(("TEACHER", "TEAM", "CO_ORDINATOR")),
        "audienceSize": chance.randint(1, 8),
    }


def _crisis(worker: Worker, day: date, trajectory: Trajectory, chance: Random) -> Data:
    return _common(worker, day, chance.choice((20, 40, 90))) | {
        "pupilRef": trajectory.pupil,
        "escalation": chance.choice(("NONE", "NONE", "LOCAL_TEAM")),
    }
