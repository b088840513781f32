"""A feed: one way to follow a log, whatever carries it.

Nothing here knows PostgreSQL or Kafka. An implementation promises: the records of a shard come in order and without a
hole, from any position, as often as they are asked for (G-06).
"""

from collections.abc import Sequence
from typing import Protocol

from shared.log.events import StoredEvent


class Feed(Protocol):
    """A log of one service, to be followed."""

    log: str
    """The service whose log this is: `registry`, `interventions`, `contracts` or `kpi`."""

    async def shards(self) -> Sequence[int]:
        """The shards that are this reader's to follow, ascending; normally `[1]`. Empty when others follow them all."""
        ...

    async def epoch(self) -> str:
        """The log's epoch: another one than a checkpoint's means that the log was restored, and a rebuild."""
        ...

    async def head(self, shard: int) -> int:
        """The number of the last event, 0 for none."""
        ...

    async def read(self, shard: int, after: int, limit: int) -> Sequence[StoredEvent]:
        """At most `limit` events after `after`, dense and in order; empty when there are none yet.

        Raises `Starved` when there are, and the carrier does not bring them.
        """
        ...

    async def at(self, shard: int, number: int) -> StoredEvent | None:
        """The event at this position, from the log itself: for proofs, whatever else is being read."""
        ...

    async def wait(self, timeout: float) -> None:
        """Return when something may have been appended, or after `timeout` seconds."""
        ...

    async def close(self) -> None:
        """Give back what the feed holds."""
        ...
