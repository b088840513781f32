"""A professional (*jeugdhulpverlener*) of a provider, by the provider's own staff key, as a region knows them.

Only the status in a register (SKJ, BIG) with its validity is kept here. A name and a register number stay in a table
of their own (`identities.py`); they are in no event.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, assert_never

from pydantic import Field

from services.registry.codes import Command, Day, ProviderCode, Register, StaffFunction, StaffKey
from services.registry.refusals import already, before_start, reversed_period, unknown
from services.registry.timeline import Span
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse

Level = Literal["MBO", "HBO", "WO"]
"""The level of an education, lowest first."""

LEVELS: tuple[Level, ...] = ("MBO", "HBO", "WO")


class Education(StrEnum):
    """What somebody was trained in (HG-22); a list, because a title could be free text."""

    MWD = "MWD"
    SPH = "SPH"
    CMV = "CMV"
    SOCIAL_WORK = "SOCIAL_WORK"
    PSYCHOLOGY = "PSYCHOLOGY"
    PEDAGOGY = "PEDAGOGY"
    OTHER = "OTHER"


# Events


class ProfessionalRegistered(Event):
    """A professional of a provider became known."""

    TYPE: ClassVar[str] = "professional-registered.v1"

    provider: str
    staff: str
    function: StaffFunction
    valid_from: date


class ProfessionalRegistrationVerified(Event):
    """Somebody looked it up: registered in this register from the first to the last day."""

    TYPE: ClassVar[str] = "professional-registration-verified.v1"

    provider: str
    staff: str
    in_register: Annotated[Register, Field(alias="register")]
    valid_from: date
    valid_to: date


class ProfessionalRegistrationLapsed(Event):
    """A verified registration ended earlier than was looked up; `valid_to` is its last day."""

    TYPE: ClassVar[str] = "professional-registration-lapsed.v1"

    provider: str
    staff: str
    in_register: Annotated[Register, Field(alias="register")]
    valid_to: date


class QualificationRecorded(Event):
    """A completed education, from the day on which it was completed."""

    TYPE: ClassVar[str] = "qualification-recorded.v1"

    provider: str
    staff: str
    level: Level
    education: Education
    valid_from: date


class SupervisorAppointed(Event):
    """Another worker of the same provider supervises in this period (2C-35, HG-24)."""

    TYPE: ClassVar[str] = "supervisor-appointed.v1"

    provider: str
    staff: str
    supervisor: str
    valid_from: date
    valid_to: date | None


ProfessionalEvent = (
    ProfessionalRegistered
    | ProfessionalRegistrationVerified
    | ProfessionalRegistrationLapsed
    | QualificationRecorded
    | SupervisorAppointed
)

# Commands


class RegisterProfessional(Command):
    """Make a professional known, from a day on."""

    provider: ProviderCode
    staff: StaffKey
    function: StaffFunction
    valid_from: Day


class VerifyRegistration(Command):
    """Record that the registration was looked up and is valid in this period."""

    in_register: Annotated[Register, Field(alias="register")]
    valid_from: Day
    valid_to: Day


class LapseRegistration(Command):
    """Record that a registration ended early (struck off, not renewed)."""

    in_register: Annotated[Register, Field(alias="register")]
    valid_to: Day


class RecordQualification(Command):
    """Record a completed education."""

    level: Level
    education: Education
    valid_from: Day


class AppointSupervisor(Command):
    """Record who supervises."""

    supervisor: StaffKey
    valid_from: Day
    valid_to: Day | None = None


ProfessionalCommand = (
    RegisterProfessional | VerifyRegistration | LapseRegistration | RecordQualification | AppointSupervisor
)

# States


@dataclass(frozen=True, slots=True)
class Registration:
    """A verified registration in one of the registers."""

    register: Register
    span: Span


@dataclass(frozen=True, slots=True)
class Professional:
    """A known professional with what was verified and recorded."""

    provider: str
    staff: str
    function: StaffFunction
    valid_from: date
    registrations: tuple[Registration, ...] = ()
    qualifications: tuple[QualificationRecorded, ...] = ()
    supervisors: tuple[SupervisorAppointed, ...] = ()
    valid_to: date | None = None

    def registered(self, day: date) -> bool:
        """Whether a verified registration covers the day (2C-34)."""
        return any(one.span.holds(day) for one in self.registrations)

    def registered_until(self, day: date) -> date | None:
        """The last day up to which verified registrations cover every day from this one; None: not registered."""
        last: date | None = None
        for one in sorted(self.registrations, key=lambda one: one.span.start):
            end, reached = one.span.end or date.max, last or day - timedelta(days=1)
            if one.span.start <= reached + timedelta(days=1) and end > reached:
                last = end
        return last

    def level(self, day: date) -> Level | None:
        """The highest level completed by this day; None when none is recorded."""
        levels = [one.level for one in self.qualifications if one.valid_from <= day]
        return max(levels, key=LEVELS.index, default=None)

    def supervisor(self, day: date) -> str | None:
        """Who supervises on this day."""
        found = [one.supervisor for one in self.supervisors if Span(one.valid_from, one.valid_to).holds(day)]
        return found[-1] if found else None


# Decide


def decide(
    command: ProfessionalCommand, state: Professional | None, provider_known: bool, supervisor_known: bool = False
) -> list[ProfessionalEvent]:
    """Register once under a known provider; record what differs from what is known of the person."""
    if isinstance(command, RegisterProfessional):
        return _register(command, state, provider_known)
    if state is None:
        raise nowhere()
    match command:
        case VerifyRegistration():
            return _verify(command, state)
        case LapseRegistration():
            return _lapse(command, state)
        case RecordQualification():
            event = QualificationRecorded(provider=state.provider, staff=state.staff, **command.model_dump())
            return [] if event in state.qualifications else [event]
        case AppointSupervisor():
            return _appoint(command, state, supervisor_known)
        case _:
            assert_never(command)


def _register(
    command: RegisterProfessional, state: Professional | None, provider_known: bool
) -> list[ProfessionalEvent]:
    if not provider_known:
        raise unknown("provider", "/provider", "deze aanbieder", "this provider")
    if state is None:
        return [ProfessionalRegistered(**command.model_dump())]
    if (state.function, state.valid_from) == (command.function, command.valid_from):
        return []
    raise already("/staff", "deze medewerker staat er anders in", "this worker is recorded otherwise")


def _verify(command: VerifyRegistration, state: Professional) -> list[ProfessionalEvent]:
    if command.valid_to < command.valid_from:
        raise reversed_period()
    if Registration(command.in_register, Span(command.valid_from, command.valid_to)) in state.registrations:
        return []
    return [ProfessionalRegistrationVerified(provider=state.provider, staff=state.staff, **command.model_dump())]


def _lapse(command: LapseRegistration, state: Professional) -> list[ProfessionalEvent]:
    last = command.valid_to
    held = [one for one in state.registrations if one.register == command.in_register and one.span.start <= last]
    if not held:
        nl, en = "die registratie was dan niet bekend", "that registration was not known by then"
        raise refuse("no-such-registration", "/register", nl, en)
    if all(one.span.end is not None and one.span.end <= last for one in held):
        return []
    return [ProfessionalRegistrationLapsed(provider=state.provider, staff=state.staff, **command.model_dump())]


def _appoint(command: AppointSupervisor, state: Professional, supervisor_known: bool) -> list[ProfessionalEvent]:
    if command.supervisor == state.staff:
        nl, en = "niemand begeleidt zichzelf", "nobody supervises themselves"
        raise refuse("supervises-itself", "/supervisor", nl, en, None, "invalid")
    if not supervisor_known:
        raise unknown("staff", "/supervisor", "deze medewerker", "this worker")
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise reversed_period()
    if command.valid_from < state.valid_from:
        raise before_start()
    event = SupervisorAppointed(provider=state.provider, staff=state.staff, **command.model_dump())
    return [] if event in state.supervisors else [event]


# Evolve


def evolve(state: Professional | None, event: ProfessionalEvent) -> Professional:
    """The professional with everything that was recorded; a new look at what starts on the same day replaces it."""
    if isinstance(event, ProfessionalRegistered):
        return Professional(event.provider, event.staff, event.function, event.valid_from)
    assert state is not None, "a stream of a professional begins with the registration"  # noqa: S101
    match event:
        case ProfessionalRegistrationVerified():
            found = Registration(event.in_register, Span(event.valid_from, event.valid_to))
            others = [one for one in state.registrations if not _same_start(one, found)]
            return replace(state, registrations=(*others, found))
        case ProfessionalRegistrationLapsed():
            return replace(state, registrations=tuple(_lapsed(one, event) for one in state.registrations))
        case QualificationRecorded():
            return replace(state, qualifications=(*state.qualifications, event))
        case SupervisorAppointed():
            kept = (one for one in state.supervisors if one.valid_from != event.valid_from)
            return replace(state, supervisors=tuple(sorted((*kept, event), key=lambda one: one.valid_from)))


def _same_start(one: Registration, other: Registration) -> bool:
    return one.register == other.register and one.span.start == other.span.start


def _lapsed(one: Registration, event: ProfessionalRegistrationLapsed) -> Registration:
    """What lies wholly after the last day never began: it is left with no day."""
    if one.register != event.in_register or (one.span.end or date.max) <= event.valid_to:
        return one
    return replace(one, span=Span(one.span.start, event.valid_to))
