"""Where figures from outside come from (*databronnen*): a municipal dashboard, a working group, a school (OQ-04)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from services.registry.codes import Command, Day, Name, ProgrammeCode
from services.registry.programme import Applied
from services.registry.refusals import already, before_start, unknown
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

SourceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,30}$")]
KpiCode = Annotated[str, StringConstraints(pattern=r"^KPI-[A-Z0-9]{2,3}-[A-Z]?[0-9]{1,2}$")]


class SourceStatus(StrEnum):
    """Whether it is known where the figures come from."""

    KNOWN = "KNOWN"
    UNKNOWN = "UNKNOWN"


# Events


class DataSourceRegistered(Event):
    """A programme names a source for figures, with whoever keeps it."""

    TYPE: ClassVar[str] = "data-source-registered.v1"

    programme: str
    source: str
    name: str
    owner: str | None
    kpis: tuple[str, ...]
    status: SourceStatus
    valid_from: date


class DataSourceStatusChanged(Event):
    """A source became known, or was lost, from a day on."""

    TYPE: ClassVar[str] = "data-source-status-changed.v1"

    programme: str
    source: str
    owner: str | None
    status: SourceStatus
    valid_from: date


DataSourceEvent = DataSourceRegistered | DataSourceStatusChanged

# Commands


class RegisterDataSource(Command):
    """Register a source, known or not."""

    programme: ProgrammeCode
    source: SourceCode
    name: Name
    owner: Name | None = None
    kpis: Annotated[list[KpiCode], Field(max_length=50)]
    status: SourceStatus
    valid_from: Day


class ChangeSourceStatus(Command):
    """Record that it is known now, or no longer, and who keeps it."""

    owner: Name | None = None
    status: SourceStatus
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class DataSource:
    """A source with its status and owner through time."""

    programme: str
    source: str
    name: str
    kpis: tuple[str, ...]
    states: Timeline[tuple[SourceStatus, str | None]]
    valid_from: date


# Decide


def decide(
    command: RegisterDataSource | ChangeSourceStatus, state: DataSource | None, programme: Applied | None
) -> list[DataSourceEvent]:
    """Register once in a programme of the caller's; change what differs on that day."""
    match command:
        case RegisterDataSource():
            if programme is None:
                raise unknown("programme", "/programme", "dit programma", "this programme")
            event = DataSourceRegistered(**{**command.model_dump(), "kpis": tuple(sorted(set(command.kpis)))})
            if state is None:
                return [event]
            first = state.states.steps[0]
            if evolve(None, event) == replace(state, states=Timeline((first,))):
                return []
            raise already("/source", "deze bron staat er anders in", "this source is recorded otherwise")
        case ChangeSourceStatus():
            if state is None or programme is None:
                raise nowhere()
            if command.valid_from < state.valid_from:
                raise before_start()
            if state.states.at(command.valid_from) == (command.status, command.owner):
                return []
            ids = {"programme": state.programme, "source": state.source}
            return [DataSourceStatusChanged(**{**ids, **command.model_dump()})]


# Evolve


def evolve(state: DataSource | None, event: DataSourceEvent) -> DataSource:
    """The source with its status through time."""
    if isinstance(event, DataSourceRegistered):
        states = Timeline(((event.valid_from, (event.status, event.owner)),))
        return DataSource(event.programme, event.source, event.name, event.kpis, states, event.valid_from)
    assert state is not None, "a stream of a source begins with its registration"  # noqa: S101
    return replace(state, states=state.states.put(event.valid_from, (event.status, event.owner)))
