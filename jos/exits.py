"""How a command ends: exit codes that a program may rely on (BSD's sysexits.h; api.md section 6)."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command; 130 beside them when Ctrl-C cut a command short."""

    OK = 0
    USAGE = 2
    """The command line itself is wrong."""
    DATA = 65
    """What was given, or what is stored, is not right."""
    NO_INPUT = 66
    """The input file is missing or unreadable."""
    UNAVAILABLE = 69
    """A service or the database does not answer."""
    CANNOT_CREATE = 73
    """A file or directory cannot be made."""
    TEMPORARY = 75
    """Busy or interrupted: the same command later goes on where it stopped."""
    PERMISSION = 77
    """Who asks may not."""
    CONFIGURATION = 78
    """A setting is wrong; the one line on stderr names its key, never its value."""


DIFFERS = 1
"""How the demo's own process of telling ends when the page is there and a figure differs; no command ends so."""


class Stop(Exception):
    """Ends a command with an exit code and one line on stderr."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(message)
        self.code = code
