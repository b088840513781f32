"""What a row of a CSV file asks for: how a school, a worker, an assignment or a day of presence is.

What is not known yet is registered; what differs is changed from the day in `changeFrom`; what is as the row says is
left alone. So a file that was written out and comes in again changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import Field

from services.registry import professional, site
from services.registry.amount import amount
from services.registry.assignment import Assignment, AssignmentCommand, AssignWorker, ChangeHours, EndAssignment
from services.registry.cells import CellKind
from services.registry.codes import (
    AssignmentId,
    Command,
    Day,
    MunicipalityCode,
    Name,
    ProviderCode,
    Register,
    SchoolType,
    SiteCode,
    StaffFunction,
    StaffKey,
    SubRegionCode,
)
from services.registry.csv_files import Column
from services.registry.professional import (
    Education,
    Level,
    Professional,
    ProfessionalCommand,
    RecordQualification,
    RegisterProfessional,
    VerifyRegistration,
)
from services.registry.refusals import already
from services.registry.region import Region
from services.registry.school import Rename, School
from services.registry.site import (
    AddSite,
    ChangeMunicipality,
    ChangeType,
    CloseSite,
    Function,
    SetFunction,
    Site,
    SiteCommand,
)
from shared.asking import Decided, Decision, decided
from shared.domain.events import Event
from shared.domain.findings import Finding, Refused, refuse
from shared.domain.texts import Text

CODE, TEXT, DAY, DECIMAL, TIME, YES_NO = CellKind

SCHOOL_COLUMNS = (
    Column("site", CODE),
    Column("name", TEXT),
    Column("schoolType", CODE),
    Column("municipality", CODE),
    Column("subRegion", CODE, required=False),
    Column("function", CODE, required=False),
    Column("validFrom", DAY),
    Column("validTo", DAY, required=False),
    Column("changeFrom", DAY, required=False),
)
PROFESSIONAL_COLUMNS = (
    Column("provider", CODE),
    Column("staff", CODE),
    Column("function", CODE),
    Column("validFrom", DAY),
    Column("register", CODE, required=False),
    Column("registeredFrom", DAY, required=False),
    Column("registeredTo", DAY, required=False),
    Column("level", CODE, required=False),
    Column("education", CODE, required=False),
    Column("educationFrom", DAY, required=False),
)
ASSIGNMENT_COLUMNS = (
    Column("assignment", CODE),
    Column("programme", CODE),
    Column("site", CODE),
    Column("provider", CODE),
    Column("staff", CODE),
    Column("fte", DECIMAL, required=False),
    Column("hoursPerWeek", DECIMAL, required=False),
    Column("fixedFace", YES_NO, required=False),
    Column("validFrom", DAY),
    Column("validTo", DAY, required=False),
    Column("changeFrom", DAY, required=False),
)
PRESENCE_COLUMNS = (
    Column("programme", CODE),
    Column("site", CODE),
    Column("provider", CODE),
    Column("staff", CODE),
    Column("day", DAY),
    Column("start", TIME),
    Column("end", TIME),
)


class SchoolRow(Command):
    """A site with its school; the school is registered under the same name where its BRIN is not known."""

    site: SiteCode
    name: Name
    school_type: SchoolType
    municipality: MunicipalityCode
    sub_region: SubRegionCode | None = None
    function: Function | None = None
    valid_from: Day
    valid_to: Day | None = None
    change_from: Day | None = None


class ProfessionalRow(Command):
    """A worker, and where told a verified registration and a completed education."""

    provider: ProviderCode
    staff: StaffKey
    function: StaffFunction
    valid_from: Day
    in_register: Annotated[Register | None, Field(alias="register")] = None
    registered_from: Day | None = None
    registered_to: Day | None = None
    level: Level | None = None
    education: Education | None = None
    education_from: Day | None = None


class AssignmentRow(AssignWorker):
    """An assignment as it is; what differs holds from `change_from`."""

    assignment: AssignmentId
    site: SiteCode
    change_from: Day | None = None


S = TypeVar("S")
C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)


def in_turn(
    commands: Sequence[C],
    state: S | None,
    decide: Callable[[C, S | None], Decision[E]],
    evolve: Callable[[S | None, E], S],
) -> Decided[E]:
    """What several commands give, each decided on what the ones before it made of the thing."""
    events: list[E] = []
    findings: list[Finding] = []
    for command in commands:
        made = decided(decide(command, state))
        events += made.events
        findings += made.findings
        for event in made.events:
            state = evolve(state, event)
    return Decided(tuple(events), tuple(findings))


def school_commands(row: SchoolRow, state: Site | None) -> list[SiteCommand]:
    """Add the site, or change what differs; a last day closes it. Raises `Refused` without a day for a change."""
    if state is None:
        told = row.model_dump(include=set(AddSite.model_fields))
        first: list[SiteCommand] = [AddSite(**told)]
        if row.function:
            first.append(SetFunction(function=row.function, valid_from=row.valid_from))
    else:
        if state.valid_from != row.valid_from:
            raise already("/validFrom", "deze vestiging begon op een andere dag", "this site began on another day")
        first = list(_differences(row, state))
    if row.valid_to is not None and (state is None or state.valid_to != row.valid_to):
        first.append(CloseSite(valid_to=row.valid_to))
    return first


def _differences(row: SchoolRow, state: Site) -> Iterator[SiteCommand]:
    day = row.change_from or date.max
    if state.names.at(day) != row.name:
        yield Rename(name=row.name, valid_from=_from(row.change_from, "/name"))
    if state.types.at(day) != row.school_type:
        yield ChangeType(school_type=row.school_type, valid_from=_from(row.change_from, "/schoolType"))
    if state.place(day) != (row.municipality, row.sub_region):
        since = _from(row.change_from, "/municipality")
        yield ChangeMunicipality(municipality=row.municipality, sub_region=row.sub_region, valid_from=since)
    if row.function and state.functions.at(day) != row.function:
        since = row.valid_from if not state.functions.steps else _from(row.change_from, "/function")
        yield SetFunction(function=row.function, valid_from=since)


def _from(day: date | None, pointer: str) -> date:
    """The day from which something differs. Raises `Refused` when the row does not say."""
    if day is None:
        hint = Text("vul changeFrom: vanaf welke dag?", "fill in changeFrom: from which day?")
        raise refuse("change-from", pointer, "dit staat er anders in", "this is recorded otherwise", hint, "invalid")
    return day


def professional_commands(row: ProfessionalRow, state: Professional | None) -> list[ProfessionalCommand]:
    """Register the worker, and what the row tells of registration and education."""
    told = row.model_dump(include=set(RegisterProfessional.model_fields))
    asked: list[ProfessionalCommand] = [RegisterProfessional(**told)]
    if row.in_register:
        if row.registered_from is None or row.registered_to is None:
            raise _together("/registeredFrom", "registeredFrom, registeredTo")
        days = {"valid_from": row.registered_from, "valid_to": row.registered_to}
        asked.append(VerifyRegistration(in_register=row.in_register, **days))
    if row.level:
        if row.education is None or row.education_from is None:
            raise _together("/education", "education, educationFrom")
        asked.append(RecordQualification(level=row.level, education=row.education, valid_from=row.education_from))
    return asked


def _together(pointer: str, names: str) -> Refused:
    return refuse("missing", pointer, f"vul ook {names}", f"fill in {names} as well", None, "invalid")


def assignment_commands(row: AssignmentRow, state: Assignment | None, full_time: Decimal) -> list[AssignmentCommand]:
    """Assign, or change the hours and the last day; who works where never changes."""
    if state is None:
        return [AssignWorker(**row.model_dump(exclude={"change_from"}))]
    same = all(getattr(state, name) == getattr(row, name) for name in ("programme", "site", "provider", "staff"))
    if not same or state.valid_from != row.valid_from:
        raise already("/assignment", "deze inzet staat er anders in", "this assignment is recorded otherwise")
    asked = amount(row, full_time)
    commands: list[AssignmentCommand] = []
    if state.amount(row.change_from or date.max).fte != asked.fte:
        since = _from(row.change_from, "/fte")
        commands.append(ChangeHours(fte=row.fte, hours_per_week=row.hours_per_week, valid_from=since))
    if row.valid_to is not None and row.valid_to != state.valid_to:
        commands.append(EndAssignment(valid_to=row.valid_to))
    return commands


def school_events(
    row: SchoolRow, state: Site | None, region: Region | None, school: School | None
) -> Decided[site.SiteEvent]:
    """What a row about a site gives, for an administrator of `region`."""
    commands = school_commands(row, state)
    return in_turn(commands, state, lambda asked, now: site.decide(asked, now, region, school), site.evolve)


def professional_events(
    row: ProfessionalRow, state: Professional | None, provider_known: bool
) -> Decided[professional.ProfessionalEvent]:
    """What a row about a worker gives."""
    commands = professional_commands(row, state)
    return in_turn(
        commands, state, lambda asked, now: professional.decide(asked, now, provider_known), professional.evolve
    )
