"""Whose fault a failure is: the event's (it is parked), the database's (it is tried again for ever), or in doubt."""

import traceback
from enum import StrEnum
from pathlib import Path

import asyncpg
from asyncpg.exceptions import DataError as ArgumentError

_HERE = Path(__file__).resolve().parents[2]

# SQLSTATE classes and codes after which the same statements succeed once something else has ended or healed:
# connection, read-only or timed-out session, rollback by conflict, resources, operator, system.
_DATABASE = ("08", "25006", "25P03", "25P04", "40", "53", "57P", "58")
# Those that may come from a slow moment or a deployment half done as well as from the event itself: cancelled, lock
# not available, missing or forbidden object (new code before its migration), authorisation, internal error.
_DOUBTFUL = ("57014", "55P03", "42", "3D", "3F", "28", "XX")


class Blame(StrEnum):
    """Whose fault a failure to apply is."""

    EVENT = "EVENT"
    DATABASE = "DATABASE"
    DOUBTFUL = "DOUBTFUL"


def blame(error: Exception) -> Blame:
    """Whose fault it is, judged by the error alone; a closed connection is for the caller to notice."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        if state.startswith(_DATABASE):
            return Blame.DATABASE
        return Blame.DOUBTFUL if state.startswith(_DOUBTFUL) else Blame.EVENT
    if isinstance(error, ArgumentError):
        return Blame.EVENT
    if isinstance(error, TimeoutError | asyncpg.InterfaceError):
        return Blame.DOUBTFUL
    return Blame.DATABASE if isinstance(error, OSError | MemoryError) else Blame.EVENT


def describe(error: BaseException) -> str:
    """The kind of an error and the line it came from, without any value: messages may quote personal data (G-28)."""
    kind = type(error).__qualname__
    if isinstance(error, asyncpg.PostgresError):
        named = [error.sqlstate, error.constraint_name, error.table_name, error.column_name]
        kind += " " + " ".join(name for name in named if name)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_HERE) and ".venv" not in frame.filename]
    for frame in reversed(own or frames):
        return f"{kind} at {Path(frame.filename).stem}:{frame.lineno} in {frame.name}"
    return kind
