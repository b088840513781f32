"""Cuts (*peilmomenten*): what the ledger had applied at a moment. `asKnownOn` names one; its answer never changes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import orjson

from shared.domain.findings import refuse
from shared.domain.texts import Text
from shared.log.events import Vector

if TYPE_CHECKING:
    from asyncpg import Record

    from shared.feeds.checkpoints import Connection

Place = tuple[str, int, int]
"""Log, shard and position of an event."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A position per log and shard, and the events that had been set aside by then."""

    name: str
    positions: Vector
    parked: tuple[Place, ...]
    recorded_at: datetime


_COLUMNS = "cut, positions::text as positions, parked::text as parked, recorded_at"

_BY_NAME = f"select {_COLUMNS} from app.cut where cut = $1"

# The last midnight cut of a day up to $1, but only when a cut of that day or a later one is there: until then another
# might still come in between, and the answer would change.
_BY_DAY = f"""
select {_COLUMNS} from app.cut
where day <= $1 and exists (select from app.cut later where later.day >= $1)
order by day desc limit 1"""


async def find(connection: "Connection", known_on: date | str) -> Cut:
    """The cut of this name, or the one that closed this day.

    Raises `Refused` (`cut-unknown`, invalid) when there is no such cut, or no cut has closed that day yet.
    """
    query = _BY_DAY if isinstance(known_on, date) else _BY_NAME
    row = await connection.fetchrow(query, known_on)
    if row is None:
        raise refuse(
            "cut-unknown",
            "/asKnownOn",
            "op dit moment is niets vastgelegd",
            "nothing was recorded as of then",
            Text(
                "een dag kan worden gevraagd zodra hij voorbij is; laat asKnownOn weg voor de stand van nu",
                "a day can be asked for once it is over; leave asKnownOn out for the state of now",
            ),
            kind="invalid",
        )
    return read(row)


def read(row: "Record") -> Cut:
    """A cut from its row."""
    positions = {(place["log"], place["shard"]): place["position"] for place in orjson.loads(row["positions"])}
    parked = tuple((place["log"], place["shard"], place["position"]) for place in orjson.loads(row["parked"]))
    return Cut(row["cut"], positions, parked, row["recorded_at"])


def as_payload(positions: Vector, parked: tuple[Place, ...]) -> dict[str, list[dict[str, object]]]:
    """Positions and parked events as they stand in a `cut-recorded` event."""
    return {
        "positions": [_place(log, shard, number) for (log, shard), number in sorted(positions.items())],
        "parked": [_place(*place) for place in sorted(parked)],
    }


def _place(log: str, shard: int, position: int) -> dict[str, object]:
    return {"log": log, "shard": shard, "position": position}
