"""What an EHR sets right afterwards: mistakes of every kind, which change no figure once they are put right."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from random import Random

from jos.demo.records import Data, Record
from jos.demo.trajectories import opaque

RECORDED = date(2022, 7, 4)
"""The half year is set right in the first week of July."""

MISTAKES = 3
"""Of each kind, per provider."""


def misrecorded(records: Sequence[Record], chance: Random) -> dict[int, Record]:
    """Some starts, by number, as they were first recorded: with the other duration."""
    return {r.number: _other_duration(r) for r in _some(records, "support-trajectory-started", chance)}


def _other_duration(record: Record) -> Record:
    other = "INCIDENTAL" if record.data["duration"] == "STRUCTURAL" else "STRUCTURAL"
    return Record(record.day, record.type, {**record.data, "duration": other}, record.number)


def changes(records: Sequence[Record], wrong: Sequence[int], source: str, chance: Random) -> Iterator[Record]:
    """The entries of July: corrections of `wrong` and of other mistakes, retractions, and a mistake made in July."""
    numbers = count(records[-1].number + 1)
    for record in records:
        if record.number in wrong:
            yield _correction(record, source, record.data).numbered(next(numbers))
    for record in _some(records, "group-intervention-recorded", chance):
        yield _correction(record, source, {**record.data, "minutes": 50}).numbered(next(numbers))
    for record in _some(records, "individual-intervention-recorded", chance):
        yield _retraction(record, source, "DID_NOT_HAPPEN").numbered(next(numbers))
    for record in _some(records, "support-trajectory-started", chance):
        someone_else = {**record.data, "pupilRef": opaque("c", chance), "trajectory": opaque("t", chance)}
        mistake = Record(RECORDED, record.type, someone_else, next(numbers))
        yield mistake
        yield _retraction(mistake, source, "WRONG_PERSON").numbered(next(numbers))


def _some(records: Sequence[Record], type_: str, chance: Random) -> list[Record]:
    return chance.sample([record for record in records if record.type == type_], MISTAKES)


def _correction(record: Record, source: str, data: Data) -> Record:
    """The entry that gives `record` its full new data."""
    corrects = {"source": source, "id": record.id}
    return Record(RECORDED, "event-corrected", {"corrects": corrects, "type": record.full_type, "data": data})


def _retraction(record: Record, source: str, reason: str) -> Record:
    """The entry that says `record` should not have been made."""
    return Record(RECORDED, "event-retracted", {"retracts": {"source": source, "id": record.id}, "reason": reason})
