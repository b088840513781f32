"""What figures count each event by stands in its typed columns."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.registry import kept
from services.registry.assignment import AssignmentEnded, AssignmentHoursChanged, WorkerAssignedToSchool
from services.registry.codes import SchoolType
from services.registry.columns import columns
from services.registry.participation import SchoolJoinedProgramme, SchoolLeftProgramme
from services.registry.provider_choice import ProviderChosenForSchool
from services.registry.pupil_count import CountSource, PupilCountRecorded
from services.registry.site import SchoolSiteAdded
from shared.aggregate import Aggregate
from shared.domain.events import Event
from shared.log.events import Columns
from tests.registry.given import CARDEA, LEIDEN, START
from tests.registry.test_directory import HISTORY

LAST = date(2022, 7, 31)
IDS = {"programme": "HR-JOS", "site": "99HH00", "provider": CARDEA, "staff": "m-77", "assignment": "a-1"}
TYPE = {"municipality": LEIDEN, "school_type": SchoolType.SBO}
PLACE = {"programme": "HR-JOS", "site": "99HH00", **TYPE}
CHOSEN = {"programme": "HR-JOS", "site": "99HH00", "provider": CARDEA, "assumed": True, "chosen_by": "SCHOOL"}
SITE = {"site": "99HH00", "school": "99HH", "name": "De Vlieger", "sub_region": None, **TYPE}
AT_SCHOOL = {"programme": "HR-JOS", "school": "99HH00"}
ASSIGNED = {**AT_SCHOOL, "provider": CARDEA, "case": "a-1"}
FTE, OLD = Decimal("0.80"), Decimal("0.50")

TABLE: list[tuple[Event, Columns]] = [
    (
        SchoolSiteAdded.model_validate({**SITE, "valid_from": START}),
        Columns(school="99HH00", municipality=LEIDEN, day=START),
    ),
    (
        SchoolJoinedProgramme.model_validate({**PLACE, "level": None, "valid_from": START}),
        Columns(**AT_SCHOOL, municipality=LEIDEN, kind="SBO", day=START),
    ),
    (
        SchoolLeftProgramme.model_validate({**PLACE, "valid_to": LAST}),
        Columns(**AT_SCHOOL, municipality=LEIDEN, kind="SBO", until=LAST),
    ),
    (
        ProviderChosenForSchool.model_validate({**CHOSEN, "valid_from": START, "valid_to": None}),
        Columns(**AT_SCHOOL, provider=CARDEA, day=START),
    ),
    (
        WorkerAssignedToSchool(fte=FTE, hours_per_week=None, fixed_face=True, valid_from=START, valid_to=LAST, **IDS),
        Columns(**ASSIGNED, quantity=FTE, day=START, until=LAST),
    ),
    (
        AssignmentHoursChanged(fte=FTE, previous_fte=OLD, hours_per_week=None, valid_from=START, valid_to=None, **IDS),
        Columns(**ASSIGNED, quantity=FTE, day=START),
    ),
    (
        AssignmentEnded(fte=FTE, valid_to=LAST, previous_valid_to=None, **IDS),
        Columns(**ASSIGNED, quantity=FTE, until=LAST),
    ),
]


@pytest.mark.parametrize(("event", "expected"), TABLE, ids=[event.TYPE for event, _ in TABLE])
def test_an_event_is_counted_by_its_columns(event: Event, expected: Columns) -> None:
    assert columns(event, []) == expected


def test_a_second_count_names_the_one_it_replaces_and_the_first() -> None:
    count = PupilCountRecorded(
        site="99HH00",
        school_year="2021-2022",
        reference_date=date(2021, 10, 1),
        count=140,
        source=CountSource.DUO,
        valid_from=date(2021, 8, 1),
        valid_to=LAST,
    )
    alone = Columns(school="99HH00", quantity=Decimal(140), day=date(2021, 8, 1), until=LAST)
    assert columns(count, []) == alone
    replacing = columns(count, HISTORY)
    assert (replacing.root, replacing.replaces) == (UUID(int=1), UUID(int=3))


AGGREGATES: list[Aggregate[object, Event]] = [value for value in vars(kept).values() if isinstance(value, Aggregate)]


def test_every_event_of_the_registry_has_columns_and_a_name_of_its_own() -> None:
    types = [event for aggregate in AGGREGATES for event in aggregate.events]
    for aggregate in AGGREGATES:
        for type_ in aggregate.events:
            anything = {**dict.fromkeys(type_.model_fields, SchoolType.SBO), "count": 1, "minutes": 1}
            aggregate.columns(type_.model_construct(**anything), [])  # type: ignore[arg-type]
    names = {type_.full_type() for type_ in types}
    assert len(names) == len(set(types))
    assert all(name.startswith("nl.jeugdhulp-op-school.") and name.endswith(".v1") for name in names)


def test_an_event_of_another_service_has_none() -> None:
    class Elsewhere(Event):
        TYPE = "elsewhere.v1"

    with pytest.raises(TypeError, match=r"elsewhere\.v1"):
        columns(Elsewhere(), [])
