"""What kpi itself writes to its log without anyone asking: the definitions of this installation, and cuts."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import asyncpg
import orjson

from services.kpi import cuts
from services.kpi.definitions import Definition, shipped
from services.kpi.ledger import CONSUMER
from services.kpi.recorded import CutRecorded, KpiDefined
from shared.clock import AMSTERDAM, Clock
from shared.domain.events import Event
from shared.log.canonical import canonical, content_hash
from shared.log.events import Key, NewEvent, Outcome, Unit
from shared.log.ids import uuid7
from shared.log.log import Log

if TYPE_CHECKING:
    from collections.abc import Mapping

ORGANISATION = "jos:kpi"
"""The organisation of what no organisation sent."""
SOURCE = "urn:jos:kpi"

MIDNIGHT = "MIDNIGHT"

# Both in one statement, and so as of one moment.
_APPLIED = """
select 'applied' as what, log, shard, position from app.checkpoints where consumer = $1
union all
select 'parked', log, shard, position from app.parked where consumer = $1"""

_CLOSED = "select exists (select from app.cut where day >= $1)"


class Own:
    """Writes kpi's own events; every one of them can be asked for again and happens once."""

    def __init__(self, log: Log, pool: "asyncpg.Pool[asyncpg.Record]", clock: Clock) -> None:
        self._log = log
        self._pool = pool
        self._clock = clock

    async def apply_definitions(self, definitions: "Mapping[str, Definition] | None" = None) -> int:
        """Append a version of each definition that differs from its latest one; gives how many there were."""
        wanted = shipped() if definitions is None else definitions
        known = await self._log.streams([_stream(kpi) for kpi in wanted])
        appended = 0
        for kpi, definition in wanted.items():
            history = known.get(_stream(kpi), [])
            content = definition.model_dump(mode="json", by_alias=True)
            if history and orjson.loads(history[-1].payload)["definition"] == content:
                continue
            version = len(history) + 1
            event = KpiDefined(kpi=kpi, version=version, definition=definition, valid_from=definition.valid_from)
            appended += await self._append(event, _stream(kpi), f"{kpi}/v{version}", version - 1)
        return appended

    async def record_cut(self, reason: str, day: date | None = None) -> str:
        """Record what the ledger has applied by now, and give the cut's name.

        A midnight cut names the day it closes and is recorded once; others (the closing of a period, a publication) get
        a name of their own.
        """
        name = day.isoformat() if day else str(uuid7(self._clock))
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_APPLIED, CONSUMER)
        places: dict[str, list[cuts.Place]] = {"applied": [], "parked": []}
        for row in rows:
            places[row["what"]].append((row["log"], row["shard"], row["position"]))
        positions = {(log, shard): number for log, shard, number in places["applied"]}
        listed = cuts.as_payload(positions, tuple(places["parked"]))
        event = CutRecorded.model_validate_json(orjson.dumps({"cut": name, "reason": reason, "day": day, **listed}))
        await self._append(event, f"cut/{name}", f"cut/{name}", 0)
        return name

    async def close_day(self) -> str | None:
        """Record the midnight cut of yesterday (in the Netherlands) unless it is there, and give its name.

        On the very first day that of the day before is empty: a restart must not take for known then what came today.
        """
        yesterday = self._clock.now().astimezone(AMSTERDAM).date() - timedelta(days=1)
        async with self._pool.acquire() as connection:
            closed: bool = await connection.fetchval(_CLOSED, yesterday)
        return None if closed else await self.record_cut(MIDNIGHT, yesterday)

    async def _append(self, event: Event, stream: str, source_id: str, version: int) -> bool:
        now = self._clock.now()
        text = canonical(event.model_dump(mode="json", by_alias=True))
        type_ = event.full_type()
        entry = NewEvent(
            id=uuid7(self._clock),
            key=Key(ORGANISATION, SOURCE, source_id),
            type=type_,
            stream=stream,
            time=now,
            recorded_at=now,
            payload=text,
            content_hash=content_hash(type_, now, text),
            expected_version=version,
        )
        [answer] = await self._log.append(Unit((entry,)))
        return answer.outcome is Outcome.CREATED


def next_midnight(now: datetime) -> datetime:
    """The next midnight in the Netherlands."""
    tomorrow = now.astimezone(AMSTERDAM).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=AMSTERDAM)


def _stream(kpi: str) -> str:
    return f"kpi/{kpi}"
