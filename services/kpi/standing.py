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

# Complete up to the moment at which the last of the logs was seen to be read to its end. Set aside are events that may
# belong to a figure of this programme: those of it, and those of which that is unknown.
_STANDING = """
select (select case when count(*) = $1 then min(until) end from app.caught_up) as until,
    (select count(*) from app.parked where consumer = $2 and (programme = $3 or programme is null)) as parked,
    array(select selection from app.kept) as kept"""

_CAUGHT_UP = """
insert into app.caught_up (log, until) values ($1, $2)
on conflict (log) do update set until = greatest(caught_up.until, excluded.until)"""

LOGS = ("registry", "contracts", "interventions", "kpi")
"""The logs that the ledger follows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`as_of`: everything accepted until then is in (None: not known yet); `lag_seconds` ago, of the clock's now.

    `kept` are the selections of which it is kept who has something open (presence.py).
    """

    as_of: datetime | None
    lag_seconds: float | None
    parked: int
    kept: frozenset[str] = frozenset()


async def applied(connection: "Connection") -> Vector:
    """The positions up to which the ledger has applied the logs, as committed."""
    rows = await connection.fetch(_APPLIED, CONSUMER)
    return {(row["log"], row["shard"]): row["position"] for row in rows}


async def standing(connection: "Connection", programme: str, now: datetime) -> Standing:
    """Where the ledger stands for the figures of a programme."""
    row = await connection.fetchrow(_STANDING, len(LOGS), CONSUMER, programme)
    if row is None:
        raise LookupError("a statement without from gives a row")
    until: datetime | None = row["until"]
    lag = max(0.0, (now - until).total_seconds()) if until else None
    return Standing(until, lag, row["parked"], frozenset(row["kept"]))


async def caught_up(connection: "Connection", logs: Sequence[str], moment: datetime) -> None:
    """Note that these logs had been read to their end at this moment."""
    for log in logs:
        await connection.execute(_CAUGHT_UP, log, moment)
