"""A school (*school*), by its BRIN; its sites (*onderwijslocaties*) are in `site.py`."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

from services.registry.board import BoardNumber
from services.registry.codes import Brin, Command, Day, Name
from services.registry.refusals import already, before_start, unknown
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


class SchoolPlacedUnderBoard(Event):
    """From a day on this board is the competent authority (*bevoegd gezag*) of the school."""

    TYPE: ClassVar[str] = "school-placed-under-board.v1"

    school: str
    board: str
    valid_from: date


SchoolEvent = SchoolRegistered | SchoolRenamed | SchoolPlacedUnderBoard

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


class PlaceUnderBoard(Command):
    """Record which board is its competent authority, from a day on."""

    board: BoardNumber
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class School:
    """A known school with its names through time."""

    school: str
    names: Timeline[str]
    valid_from: date
    valid_to: date | None = None
    boards: Timeline[str] = field(default_factory=Timeline)


# Decide


def decide(
    command: RegisterSchool | Rename | PlaceUnderBoard, state: School | None, board_known: bool = False
) -> list[SchoolEvent]:
    """Register once; record a name or a board when it differs on that day."""
    match command:
        case RegisterSchool():
            return _register(command, state)
        case Rename():
            return _rename(command, state)
        case PlaceUnderBoard():
            return _place(command, state, board_known)


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


def _place(command: PlaceUnderBoard, state: School | None, board_known: bool) -> list[SchoolEvent]:
    if state is None:
        raise nowhere()
    if not board_known:
        raise unknown("board", "/board", "dit bestuur", "this board")
    if command.valid_from < state.valid_from:
        raise before_start()
    same = state.boards.at(command.valid_from) == command.board
    return [] if same else [SchoolPlacedUnderBoard(school=state.school, **command.model_dump())]


# Evolve


def evolve(state: School | None, event: SchoolEvent) -> School:
    """The school with its names and boards through time."""
    if isinstance(event, SchoolRegistered):
        return School(event.school, Timeline(((event.valid_from, event.name),)), event.valid_from)
    assert state is not None, "a stream of a school begins with its registration"  # noqa: S101
    if isinstance(event, SchoolPlacedUnderBoard):
        return replace(state, boards=state.boards.put(event.valid_from, event.board))
    return replace(state, names=state.names.put(event.valid_from, event.name))
