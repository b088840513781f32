"""A professional (*jeugdhulpverlener*) of a provider, by the provider's own staff key.

Only the status in a register (SKJ, BIG) is kept. Neither a name nor a register number is ever asked or stored.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from services.registry.codes import Command, Day, ProviderCode, Register, StaffFunction, StaffKey
from services.registry.refusals import already, reversed_period, unknown
from services.registry.timeline import Span
from shared.domain.events import Event
from shared.domain.findings import nowhere

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


ProfessionalEvent = ProfessionalRegistered | ProfessionalRegistrationVerified

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


# States


@dataclass(frozen=True, slots=True)
class Registration:
    """A verified registration in one of the registers."""

    register: Register
    span: Span


@dataclass(frozen=True, slots=True)
class Professional:
    """A known professional with the registrations that were verified."""

    provider: str
    staff: str
    function: StaffFunction
    valid_from: date
    registrations: tuple[Registration, ...] = ()
    valid_to: date | None = None

    def registered(self, day: date) -> bool:
        """Whether a verified registration covers the day (2C-34)."""
        return any(one.span.holds(day) for one in self.registrations)


# Decide


def decide(
    command: RegisterProfessional | VerifyRegistration, state: Professional | None, provider_known: bool
) -> list[ProfessionalEvent]:
    """Register once under a known provider; verify a registration once per period."""
    match command:
        case RegisterProfessional():
            return _register(command, state, provider_known)
        case VerifyRegistration():
            return _verify(command, state)


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


def _verify(command: VerifyRegistration, state: Professional | None) -> list[ProfessionalEvent]:
    if state is None:
        raise nowhere()
    if command.valid_to < command.valid_from:
        raise reversed_period()
    if Registration(command.in_register, Span(command.valid_from, command.valid_to)) in state.registrations:
        return []
    return [ProfessionalRegistrationVerified(provider=state.provider, staff=state.staff, **command.model_dump())]


# Evolve


def evolve(state: Professional | None, event: ProfessionalEvent) -> Professional:
    """The professional with every verified registration; a new look at one that starts on the same day replaces it."""
    match event:
        case ProfessionalRegistered():
            return Professional(event.provider, event.staff, event.function, event.valid_from)
        case ProfessionalRegistrationVerified():
            assert state is not None, "a stream of a professional begins with the registration"  # noqa: S101
            found = Registration(event.in_register, Span(event.valid_from, event.valid_to))
            others = [one for one in state.registrations if not _same_start(one, found)]
            return replace(state, registrations=(*others, found))


def _same_start(one: Registration, other: Registration) -> bool:
    return one.register == other.register and one.span.start == other.span.start
