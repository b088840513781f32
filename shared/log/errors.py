"""What can go wrong when something is appended or read.

LogError
├── Unavailable        the database cannot be reached or did not answer in time
│   ├── Overloaded     more is waiting than may wait; certainly nothing was stored
│   └── StorageFull    the disk is full; certainly nothing was stored
└── Unstorable         this unit can never be stored as it is: a mistake of the caller
"""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg


class LogError(Exception):
    """The log did not answer with outcomes."""


class Unavailable(LogError):
    """The log cannot be reached or did not answer in time.

    Whether something was stored is unknown, and does not matter: the same events may be sent again (G-05).
    """


class Overloaded(Unavailable):
    """More is waiting to be stored than may wait: try again later."""


class StorageFull(Unavailable):
    """The database's disk is full: try again when there is room."""


class Unstorable(LogError):
    """The database refuses this unit by itself, so sending it again is of no use; nothing of it was stored."""


UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.PostgresSystemError,
    asyncpg.InternalServerError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""Nothing is wrong with what was asked: the server, or the way to it, is."""


@contextmanager
def in_words_of_the_log() -> Iterator[None]:
    """Turn what asyncpg raises into `Unavailable`, `StorageFull` or `Unstorable`."""
    try:
        yield
    except asyncpg.DiskFullError as error:
        raise StorageFull("the disk is full") from error
    except UNREACHABLE as error:
        raise Unavailable(type(error).__name__) from error
    except asyncpg.PostgresError as error:
        raise Unstorable(f"{type(error).__name__} ({error.sqlstate})") from error
