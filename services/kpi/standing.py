"""How far the ledger is: what it has applied, until when that is complete, and what it had to set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.kpi.ledger import CONSUMER
from shared.log.events import Vector

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

_APPLIED = "select log, shard, position from app.checkpoints where consumer = $1"

# Complete up to the moment at which the last of the logs was seen to be read to its end.
_UNTIL = "select case when count(*) = $1 then min(until) end from app.caught_up"

# Events set aside that may belong to a figure of this programme: those of it, and those of which that is unknown.
_PARKED = "select count(*) from app.parked where consumer = $1 and (programme = $2 or programme is null)"

_CAUGHT_UP = """
insert into app.caught_up (log, until) values ($1, $2)
on conflict (log) do update set until = greatest(caught_up.until, excluded.until)"""

LOGS = ("registry", "contracts", "interventions", "kpi")
"""The logs that the ledger follows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`as_of`: everything accepted until then is in (None: not known yet); `lag_seconds` ago, of the clock's now."""

    as_of: datetime | None
    lag_seconds: float | None
    parked: int


async def applied(connection: "Connection") -> Vector:
    """The positions up to which the ledger has applied the logs, as committed."""
    rows = await connection.fetch(_APPLIED, CONSUMER)
    return {(row["log"], row["shard"]): row["position"] for row in rows}


async def standing(connection: "Connection", programme: str, now: datetime) -> Standing:
    """Where the ledger stands for the figures of a programme."""
    until: datetime | None = await connection.fetchval(_UNTIL, len(LOGS))
    parked: int = await connection.fetchval(_PARKED, CONSUMER, programme)
    return Standing(until, max(0.0, (now - until).total_seconds()) if until else None, parked)


async def caught_up(connection: "Connection", logs: Sequence[str], moment: datetime) -> None:
    """Note that these logs had been read to their end at this moment."""
    for log in logs:
        await connection.execute(_CAUGHT_UP, log, moment)
