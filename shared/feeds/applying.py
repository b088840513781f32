"""Applying a batch: all of it, or all of it but the events that cannot be applied (G-12)."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from shared.feeds.checkpoints import Connection
from shared.feeds.failures import Blame, blame, describe
from shared.log.events import StoredEvent

Apply = Callable[[Connection, str, Sequence[StoredEvent]], Awaitable[None]]
"""Writes what follows from a log's events on a connection inside a transaction; keeps no state outside it."""

PATIENCE = 5
"""How often a failure that may not be the event's fault is tried again before the event is parked."""


@dataclass(frozen=True, slots=True)
class Unappliable:
    """An event that could not be applied, and why, without any value."""

    event: StoredEvent
    reason: str


class Doubts:
    """How often each event has failed in a way that may pass; kept while its shard makes no progress."""

    def __init__(self) -> None:
        self._failures: Counter[tuple[str, int, int]] = Counter()

    def give_up(self, log: str, event: StoredEvent) -> bool:
        """Note one more failure; whether it is enough to blame the event."""
        place = (log, event.position.shard, event.position.number)
        self._failures[place] += 1
        return self._failures[place] > PATIENCE

    def forget(self, log: str, shard: int) -> None:
        """The shard made progress: whatever was in doubt is behind it."""
        for place in [place for place in self._failures if place[:2] == (log, shard)]:
            del self._failures[place]


async def apply_or_set_aside(
    connection: Connection, apply: Apply, log: str, events: Sequence[StoredEvent], doubts: Doubts
) -> list[Unappliable]:
    """Apply the events inside the caller's transaction and return those that cannot be applied.

    A batch that fails is undone to its savepoint and halved until the failing event stands alone. Raises what the
    database's own failures raise: then nothing of the batch holds, and it is to be tried again.
    """
    try:
        async with connection.transaction():
            await apply(connection, log, events)
    except Exception as error:
        if connection.is_closed() or blame(error) is Blame.DATABASE:
            raise
        if len(events) == 1:
            if blame(error) is Blame.DOUBTFUL and not doubts.give_up(log, events[0]):
                raise
            return [Unappliable(events[0], describe(error))]
        middle = len(events) // 2
        first = await apply_or_set_aside(connection, apply, log, events[:middle], doubts)
        return first + await apply_or_set_aside(connection, apply, log, events[middle:], doubts)
    return []
