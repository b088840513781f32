"""Records that were not believed: noted with place and reason, never with what they hold (bad-input K-01 to K-21)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import structlog

from shared.feeds.kafka.measured import REFUSED
from shared.feeds.kafka.record import Reason

_logger = structlog.get_logger("jos.feeds.kafka")

# A run that touches or overlaps one that was noted for the same reason becomes part of it, so that records read again
# after a restart, and a flood of neighbours, give one row.
_NOTE = """
    with grown as (
        update kafka.refused set last_offset = greatest(last_offset, $5), noted_at = $7
        where reader = $1 and topic = $2 and partition = $3 and reason = $6
          and $4 between first_offset and last_offset + 1
        returning 1)
    insert into kafka.refused (reader, topic, partition, first_offset, last_offset, reason, noted_at)
    select $1, $2, $3, $4, $5, $6, $7 where not exists (select from grown)
    on conflict (reader, topic, partition, first_offset)
    do update set last_offset = excluded.last_offset, reason = excluded.reason, noted_at = excluded.noted_at"""

_LIST = "select * from kafka.refused order by reader, topic, partition, first_offset"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring records of a partition that were refused for one reason."""

    reader: str
    topic: str
    partition: int
    first_offset: int
    last_offset: int
    reason: str
    noted_at: datetime


class Refusals:
    """What one reader refused of one topic and has not noted yet; `pool` is that of the service that reads."""

    def __init__(self, reader: str, log: str, topic: str, pool: asyncpg.Pool) -> None:
        self._names = (reader, log)
        self._topic = topic
        self._pool = pool
        self._runs: list[tuple[int, int, int, Reason]] = []

    def add(self, partition: int, offset: int, reason: Reason) -> None:
        """One more record."""
        REFUSED.labels(*self._names, reason.value).inc()
        if self._runs:
            same, first, last, why = self._runs[-1]
            if (same, last + 1, why) == (partition, offset, reason):
                self._runs[-1] = (partition, first, offset, reason)
                return
        self._runs.append((partition, offset, offset, reason))

    async def note(self, now: datetime) -> None:
        """Write them down, before anything is read past them. Raises what the database raises; then they stay."""
        reader, log = self._names
        while self._runs:
            partition, first, last, reason = self._runs[0]
            await self._pool.execute(_NOTE, reader, self._topic, partition, first, last, reason.value, now)
            del self._runs[0]
            _logger.error("records refused", reader=reader, log=log, reason=reason.value, count=last - first + 1)


async def list_refused(pool: asyncpg.Pool) -> Iterable[Run]:
    """All that was refused by the readers of this service."""
    return [Run(**dict(row)) for row in await pool.fetch(_LIST)]
