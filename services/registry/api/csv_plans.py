"""What each kind of CSV file is about: its columns, and with which streams a row is decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from services.registry import assignment, csv_rows, presence, school, streams
from services.registry.amount import FULL_TIME
from services.registry.api import assignments
from services.registry.api.at_school import rests_on
from services.registry.api.own_ids import check_own_id
from services.registry.assignment import Assignment, AssignmentEvent
from services.registry.codes import Command
from services.registry.csv_files import Column
from services.registry.csv_rows import AssignmentRow, ProfessionalRow, SchoolRow
from services.registry.kept import ASSIGNMENTS, PRESENCES, PROFESSIONALS, SCHOOLS, SITES
from services.registry.known import Known
from services.registry.presence import RecordPresence
from services.registry.refusals import region_not_yours
from services.registry.school import RegisterSchool, School
from services.registry.timeline import Timeline
from shared.administration.directory import Directory
from shared.aggregate import Aggregate
from shared.asking import Decision
from shared.auth.caller import Caller

R = TypeVar("R", bound=Command)


class ImportKind(StrEnum):
    """What a file may be about."""

    SCHOOLS = "schools"
    PROFESSIONALS = "professionals"
    ASSIGNMENTS = "assignments"
    PRESENCE = "presence"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a row asks: of which stream, decided how and with which other streams. States and events are of its kind."""

    aggregate: Aggregate[Any, Any]
    stream: str
    others: Sequence[str]
    decide: Callable[[Any, Known], Decision[Any]]


@dataclass(frozen=True, slots=True)
class FileKind(Generic[R]):
    """A kind of file; `plans` gives what must be done for a row, in order."""

    columns: tuple[Column, ...]
    model: type[R]
    plans: Callable[[R, Caller, Directory], Sequence[Plan]]

    @property
    def adapter(self) -> TypeAdapter[R]:
        """What reads a row."""
        return TypeAdapter(self.model)


def _school_plans(row: SchoolRow, caller: Caller, _directory: Directory) -> list[Plan]:
    """First the school, where nobody knows it, then its site."""
    brin, region = row.site[:4], streams.region(caller.region or "")
    registration = RegisterSchool(school=brin, name=row.name, valid_from=row.valid_from)
    unseen = School(brin, Timeline(((row.valid_from, row.name),)), row.valid_from)
    return [
        Plan(
            SCHOOLS,
            streams.school(brin),
            [],
            lambda state, _: school.decide(registration, None) if state is None else [],
        ),
        Plan(
            SITES,
            streams.site(row.site),
            [region, streams.school(brin)],
            lambda state, known: csv_rows.school_events(row, state, known.region(), known.school(brin) or unseen),
        ),
    ]


def _professional_plans(row: ProfessionalRow, caller: Caller, _directory: Directory) -> list[Plan]:
    if caller.region is None:
        raise region_not_yours("")
    return [
        Plan(
            PROFESSIONALS,
            streams.professional(caller.region, row.provider, row.staff),
            [streams.provider(row.provider)],
            lambda state, known: csv_rows.professional_events(row, state, known.provider(row.provider)),
        )
    ]


def _assignment_plans(row: AssignmentRow, caller: Caller, directory: Directory) -> list[Plan]:
    """What the programme's rules say of a worker who is to come is said of a row too."""
    check_own_id(row.assignment, caller.region, "assignment")

    def decide(state: Assignment | None, known: Known) -> Decision[AssignmentEvent]:
        programme, day = known.programme(row.programme), row.change_from or row.valid_from
        full_time = programme.configuration(day).full_time_hours if programme else FULL_TIME
        return csv_rows.in_turn(
            csv_rows.assignment_commands(row, state, full_time),
            state,
            lambda asked, now: assignments.decided(asked, now, known, directory, row.assignment),
            assignment.evolve,
        )

    others = assignments.rests_on(row, caller.region, directory)
    return [Plan(ASSIGNMENTS, streams.assignment(row.assignment), others, decide)]


def _presence_plans(row: RecordPresence, caller: Caller, _directory: Directory) -> list[Plan]:
    return [
        Plan(
            PRESENCES,
            streams.presence(row.programme, row.site, row.day, row.provider, row.staff),
            rests_on(caller, row.programme, row.site, (row.provider, row.staff)),
            lambda state, known: presence.decide(
                row, state, known.at_school(row.programme, row.site, row.provider, row.staff)
            ),
        )
    ]


KINDS: dict[ImportKind, FileKind[Any]] = {
    ImportKind.SCHOOLS: FileKind(csv_rows.SCHOOL_COLUMNS, SchoolRow, _school_plans),
    ImportKind.PROFESSIONALS: FileKind(csv_rows.PROFESSIONAL_COLUMNS, ProfessionalRow, _professional_plans),
    ImportKind.ASSIGNMENTS: FileKind(csv_rows.ASSIGNMENT_COLUMNS, AssignmentRow, _assignment_plans),
    ImportKind.PRESENCE: FileKind(csv_rows.PRESENCE_COLUMNS, RecordPresence, _presence_plans),
}
