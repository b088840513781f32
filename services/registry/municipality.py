"""A municipality (*gemeente*), by its CBS code; when it merges (*herindeling*) its code names the successor."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, assert_never

from services.registry.codes import Command, Day, MunicipalityCode, Name
from services.registry.refusals import already, before_start, reversed_period, unknown
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

# Events


class MunicipalityRegistered(Event):
    """A municipality became known."""

    TYPE: ClassVar[str] = "municipality-registered.v1"

    municipality: str
    name: str
    valid_from: date


class MunicipalityRenamed(Event):
    """A municipality has another name from a day on."""

    TYPE: ClassVar[str] = "municipality-renamed.v1"

    municipality: str
    name: str
    valid_from: date


class MunicipalityMerged(Event):
    """After this day the municipality is a part of another one."""

    TYPE: ClassVar[str] = "municipality-merged.v1"

    municipality: str
    successor: str
    valid_to: date


MunicipalityEvent = MunicipalityRegistered | MunicipalityRenamed | MunicipalityMerged

# Commands


class RegisterMunicipality(Command):
    """Make a municipality known, from a day on."""

    municipality: MunicipalityCode
    name: Name
    valid_from: Day


class RenameMunicipality(Command):
    """Give it another name, from a day on."""

    name: Name
    valid_from: Day


class MergeMunicipality(Command):
    """Record its last day and the municipality that it became a part of."""

    successor: MunicipalityCode
    valid_to: Day


MunicipalityCommand = RegisterMunicipality | RenameMunicipality | MergeMunicipality

# States


@dataclass(frozen=True, slots=True)
class Municipality:
    """A known municipality with its names through time, and what it went on as after its last day."""

    municipality: str
    names: Timeline[str]
    valid_from: date
    valid_to: date | None = None
    successor: str | None = None

    def merged(self, day: date) -> str | None:
        """The municipality that it is a part of on this day; None while it stands by itself."""
        return self.successor if self.valid_to is not None and day > self.valid_to else None


# Decide


def decide(
    command: MunicipalityCommand, state: Municipality | None, successor_known: bool = False
) -> list[MunicipalityEvent]:
    """Register once, rename what differs, merge into a known one; the same again is nothing."""
    if isinstance(command, RegisterMunicipality):
        return _register(command, state)
    if state is None:
        raise nowhere()
    match command:
        case RenameMunicipality():
            if command.valid_from < state.valid_from:
                raise before_start()
            same = state.names.at(command.valid_from) == command.name
            return [] if same else [MunicipalityRenamed(municipality=state.municipality, **command.model_dump())]
        case MergeMunicipality():
            if command.successor == state.municipality or not successor_known:
                raise unknown("municipality", "/successor", "deze gemeente", "this municipality")
            if command.valid_to < state.valid_from:
                raise reversed_period()
            same = (state.successor, state.valid_to) == (command.successor, command.valid_to)
            return [] if same else [MunicipalityMerged(municipality=state.municipality, **command.model_dump())]
        case _:
            assert_never(command)


def _register(command: RegisterMunicipality, state: Municipality | None) -> list[MunicipalityEvent]:
    if state is None:
        return [MunicipalityRegistered(**command.model_dump())]
    if (state.valid_from, state.names.at(state.valid_from)) == (command.valid_from, command.name):
        return []
    raise already("/municipality", "deze gemeente staat er anders in", "this municipality is recorded otherwise")


# Evolve


def evolve(state: Municipality | None, event: MunicipalityEvent) -> Municipality:
    """The municipality through time."""
    if isinstance(event, MunicipalityRegistered):
        return Municipality(event.municipality, Timeline(((event.valid_from, event.name),)), event.valid_from)
    assert state is not None, "a stream of a municipality begins with its registration"  # noqa: S101
    match event:
        case MunicipalityRenamed():
            return replace(state, names=state.names.put(event.valid_from, event.name))
        case MunicipalityMerged():
            return replace(state, valid_to=event.valid_to, successor=event.successor)
