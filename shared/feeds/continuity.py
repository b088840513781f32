"""What a reader refuses to believe of a feed, whatever carries it.

BrokenFeed
├── HoleInFeed       the next record is missing: asked for again, never skipped (G-06)
├── Starved          there are more events, and the carrier does not bring them: waited for, visible as lag
├── LostTimeline     the carrier has events that the log does not have: nothing more is applied (K-08)
└── RebuildNeeded    this is another history than the one that was read before: everything made of it must go
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.feeds.feed import Feed
from shared.log.events import Position, StoredEvent


class BrokenFeed(Exception):
    """A feed gives what it promised not to give."""


class HoleInFeed(BrokenFeed):
    """A record is missing between what was read and what came: it is asked for again until it is there."""

    def __init__(self, log: str, missing: Position) -> None:
        super().__init__(f"{log}: shard {missing.shard} lacks position {missing.number}")
        self.missing = missing


class Starved(BrokenFeed):
    """The log goes on to `head`, and what carries it brings nothing: tried again, and visible as lag until then."""

    def __init__(self, log: str, after: Position, head: int) -> None:
        super().__init__(f"{log}: nothing comes after position {after.number} of shard {after.shard}, which has {head}")
        self.head = head


class LostTimeline(BrokenFeed):
    """An authentic record stands beyond the head of the log: the log was set back without a new epoch."""

    def __init__(self, log: str, beyond: Position, head: int) -> None:
        super().__init__(
            f"{log}: shard {beyond.shard} ends at {head}, and there is a record of position {beyond.number}"
        )
        self.beyond = beyond


class RebuildNeeded(BrokenFeed):
    """The log is not the one that was read before: it was restored (another epoch) or lost its tail.

    Nothing more is applied until the copy and its checkpoints are thrown away and filled again (`jos rebuild`).
    """

    def __init__(self, log: str, why: str) -> None:
        super().__init__(f"{log}: {why}")
        self.log = log


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a shard of a log was read: the position, its row hash (None at 0) and the log's epoch."""

    log: str
    shard: int
    epoch: str
    number: int = 0
    row_hash: bytes | None = None

    def after(self, event: StoredEvent) -> "Mark":
        """The mark once this event was read as well."""
        return Mark(self.log, self.shard, self.epoch, event.position.number, event.row_hash)


def dense(mark: Mark, events: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
    """What of `events` follows on the mark without a hole; what was read before is left out.

    Raises `HoleInFeed` when the next record is missing from its front, `RebuildNeeded` for a record of another epoch.
    """
    following: list[StoredEvent] = []
    expected = mark.number + 1
    for event in events:
        if event.epoch != mark.epoch:
            raise RebuildNeeded(mark.log, "restored: its epoch is another one")
        number = event.position.number
        if number > expected:
            break
        if number == expected:
            following.append(event)
            expected += 1
    if not following and any(event.position.number > mark.number for event in events):
        raise HoleInFeed(mark.log, Position(mark.shard, expected))
    return following


async def verify_epoch(feed: Feed, mark: Mark) -> None:
    """Raises `RebuildNeeded` when the log's epoch is no longer the mark's."""
    if await feed.epoch() != mark.epoch:
        raise RebuildNeeded(mark.log, "restored: its epoch is another one")


async def verify_history(feed: Feed, mark: Mark) -> None:
    """Prove that the log still is the one in which the mark was set. Raises `RebuildNeeded` when it is not.

    Its epoch must be the mark's, its head not below the mark, and the row at the mark the one that was read: so a
    lost tail that was written anew is noticed even where a restore forgot to change the epoch (K-08).
    """
    await verify_epoch(feed, mark)
    if mark.number == 0:
        return
    if await feed.head(mark.shard) < mark.number:
        raise RebuildNeeded(mark.log, f"shard {mark.shard} ends before position {mark.number}")
    event = await feed.at(mark.shard, mark.number)
    if event is None:
        raise HoleInFeed(mark.log, Position(mark.shard, mark.number))
    if event.row_hash != mark.row_hash:
        raise RebuildNeeded(mark.log, f"shard {mark.shard} has another event at position {mark.number}")
