"""A school (*school*), by its BRIN; its sites (*onderwijslocaties*) are in `site.py`."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from services.registry.codes import Brin, Command, Day, Name
from services.registry.refusals import already, before_start
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

# Events


class SchoolRegistered(Event):
    """A school became known."""

    TYPE: ClassVar[str] = "school-registered.v1"

    school: str
    name: str
    valid_from: date


class SchoolRenamed(Event):
    """A school (`site` null) or one of its sites has another name from a day on."""

    TYPE: ClassVar[str] = "school-renamed.v1"

    school: str
    site: str | None
    name: str
    valid_from: date


SchoolEvent = SchoolRegistered | SchoolRenamed

# Commands


class RegisterSchool(Command):
    """Make a school known, from a day on."""

    school: Brin
    name: Name
    valid_from: Day


class Rename(Command):
    """Give it another name, from a day on."""

    name: Name
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class School:
    """A known school with its names through time."""

    school: str
    names: Timeline[str]
    valid_from: date
    valid_to: date | None = None


# Decide


def decide(command: RegisterSchool | Rename, state: School | None) -> list[SchoolEvent]:
    """Register once; rename when the name differs on that day."""
    match command:
        case RegisterSchool():
            return _register(command, state)
        case Rename():
            return _rename(command, state)


def _register(command: RegisterSchool, state: School | None) -> list[SchoolEvent]:
    if state is None:
        return [SchoolRegistered(school=command.school, name=command.name, valid_from=command.valid_from)]
    if (state.valid_from, state.names.at(state.valid_from)) == (command.valid_from, command.name):
        return []
    raise already("/school", "deze school staat er anders in", "this school is recorded otherwise")


def _rename(command: Rename, state: School | None) -> list[SchoolEvent]:
    if state is None:
        raise nowhere()
    if command.valid_from < state.valid_from:
        raise before_start()
    if state.names.at(command.valid_from) == command.name:
        return []
    return [SchoolRenamed(school=state.school, site=None, name=command.name, valid_from=command.valid_from)]


# Evolve


def evolve(state: School | None, event: SchoolEvent) -> School:
    """The school with its names through time."""
    if state is None:
        return School(event.school, Timeline(((event.valid_from, event.name),)), event.valid_from)
    return replace(state, names=state.names.put(event.valid_from, event.name))
