"""A municipality (*gemeente*), by its CBS code."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.registry.codes import Command, Day, MunicipalityCode, Name
from services.registry.refusals import already
from shared.domain.events import Event

# Events


class MunicipalityRegistered(Event):
    """A municipality became known."""

    TYPE: ClassVar[str] = "municipality-registered.v1"

    municipality: str
    name: str
    valid_from: date


# Commands


class RegisterMunicipality(Command):
    """Make a municipality known, from a day on."""

    municipality: MunicipalityCode
    name: Name
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Municipality:
    """A known municipality."""

    municipality: str
    name: str
    valid_from: date
    valid_to: date | None = None


# Decide


def decide(command: RegisterMunicipality, state: Municipality | None) -> list[MunicipalityRegistered]:
    """Register once; the same again is nothing, other content is refused."""
    event = MunicipalityRegistered(municipality=command.municipality, name=command.name, valid_from=command.valid_from)
    if state is None:
        return [event]
    if state == evolve(None, event):
        return []
    raise already("/municipality", "deze gemeente staat er anders in", "this municipality is recorded otherwise")


# Evolve


def evolve(_state: Municipality | None, event: MunicipalityRegistered) -> Municipality:
    """The municipality as it was registered."""
    return Municipality(event.municipality, event.name, event.valid_from)
