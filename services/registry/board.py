"""A school board (*schoolbestuur, bevoegd gezag*), by its number of five digits."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from services.registry.codes import Command, Day, Name
from services.registry.refusals import already, before_start
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

BoardNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]

# Events


class SchoolBoardRegistered(Event):
    """A board became known."""

    TYPE: ClassVar[str] = "school-board-registered.v1"

    board: str
    name: str
    valid_from: date


class SchoolBoardRenamed(Event):
    """A board has another name from a day on."""

    TYPE: ClassVar[str] = "school-board-renamed.v1"

    board: str
    name: str
    valid_from: date


BoardEvent = SchoolBoardRegistered | SchoolBoardRenamed

# Commands


class RegisterBoard(Command):
    """Make a board known, from a day on."""

    board: BoardNumber
    name: Name
    valid_from: Day


class RenameBoard(Command):
    """Give it another name, from a day on."""

    name: Name
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Board:
    """A known board with its names through time."""

    board: str
    names: Timeline[str]
    valid_from: date


# Decide


def decide(command: RegisterBoard | RenameBoard, state: Board | None) -> list[BoardEvent]:
    """Register once; rename when the name differs on that day."""
    match command:
        case RegisterBoard():
            if state is None:
                return [SchoolBoardRegistered(**command.model_dump())]
            if (state.valid_from, state.names.at(state.valid_from)) == (command.valid_from, command.name):
                return []
            raise already("/board", "dit bestuur staat er anders in", "this board is recorded otherwise")
        case RenameBoard():
            if state is None:
                raise nowhere()
            if command.valid_from < state.valid_from:
                raise before_start()
            same = state.names.at(command.valid_from) == command.name
            return [] if same else [SchoolBoardRenamed(board=state.board, **command.model_dump())]


# Evolve


def evolve(state: Board | None, event: BoardEvent) -> Board:
    """The board with its names through time."""
    if isinstance(event, SchoolBoardRegistered):
        return Board(event.board, Timeline(((event.valid_from, event.name),)), event.valid_from)
    assert state is not None, "a stream of a board begins with its registration"  # noqa: S101
    return Board(state.board, state.names.put(event.valid_from, event.name), state.valid_from)
