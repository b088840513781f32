"""Whose fault it is decides between parking an event and trying again."""

import asyncpg
import pytest
from asyncpg.exceptions import DataError as ArgumentError

from shared.feeds.failures import Blame, blame, describe

DATABASE = [
    asyncpg.ConnectionDoesNotExistError("x"),
    asyncpg.AdminShutdownError("x"),
    asyncpg.CannotConnectNowError("x"),
    asyncpg.DiskFullError("x"),
    asyncpg.TooManyConnectionsError("x"),
    asyncpg.DeadlockDetectedError("x"),
    asyncpg.SerializationError("x"),
    asyncpg.ReadOnlySQLTransactionError("x"),
    asyncpg.IdleInTransactionSessionTimeoutError("x"),
    asyncpg.PostgresIOError("x"),
    ConnectionResetError(),
    MemoryError(),
]
DOUBTFUL = [
    asyncpg.QueryCanceledError("x"),
    asyncpg.LockNotAvailableError("x"),
    asyncpg.UndefinedTableError("x"),
    asyncpg.UndefinedColumnError("x"),
    asyncpg.InsufficientPrivilegeError("x"),
    asyncpg.InternalServerError("x"),
    asyncpg.InterfaceError("x"),
    TimeoutError(),
]
EVENT = [
    asyncpg.UniqueViolationError("x"),
    asyncpg.CheckViolationError("x"),
    asyncpg.ExclusionViolationError("x"),
    asyncpg.NumericValueOutOfRangeError("x"),
    asyncpg.RaiseError("x"),
    ArgumentError("x"),
    KeyError("x"),
    ValueError("x"),
]


@pytest.mark.parametrize("error", DATABASE, ids=lambda error: type(error).__name__)
def test_the_databases_own_failures_are_tried_again(error: Exception) -> None:
    assert blame(error) is Blame.DATABASE


@pytest.mark.parametrize("error", DOUBTFUL, ids=lambda error: type(error).__name__)
def test_what_may_be_a_slow_moment_or_half_a_deployment_is_in_doubt(error: Exception) -> None:
    assert blame(error) is Blame.DOUBTFUL


@pytest.mark.parametrize("error", EVENT, ids=lambda error: type(error).__name__)
def test_all_else_is_the_events_fault(error: Exception) -> None:
    assert blame(error) is Blame.EVENT


def test_g28_a_description_names_kind_and_place_and_no_value() -> None:
    """G-28: neither the message nor the detail of a database error."""
    error = asyncpg.UniqueViolationError("Key (name)=(Sanne) already exists")
    error.constraint_name = "pupils_key"
    try:
        raise error
    except asyncpg.UniqueViolationError as raised:
        said = describe(raised)
    assert said.startswith("UniqueViolationError 23505 pupils_key at test_failures:")
    assert "Sanne" not in said
