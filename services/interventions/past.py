"""What the own log says about the records that a request touches, and what the request adds to it so far."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

import orjson

from services.interventions.chains import Chain, Entry, chains
from services.interventions.pushed import Pushed, trajectory_stream
from shared.log.events import Columns, Key, NewEvent, StoredEvent


class History(Protocol):
    """The part of the log that is read to decide."""

    async def find(self, keys: Sequence[Key]) -> dict[Key, StoredEvent]:
        """The events that have these keys."""
        ...

    async def streams(self, names: Sequence[str]) -> dict[str, list[StoredEvent]]:
        """The events of these streams, oldest first."""
        ...


class Past:
    """Streams as read at the head of the log, by name; only those that an event needs are read."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._streams: dict[str, list[Entry]] = {}
        self._places: dict[Key, tuple[str, UUID]] = {}

    async def load(self, pushed: Iterable[Pushed]) -> None:
        """Read what these events need: nothing for most, the stream of a trajectory or of the original for some."""
        pushed = list(pushed)
        wanted = {one.refers_to for one in pushed if one.refers_to} - self._places.keys()
        originals = await self._history.find(list(wanted)) if wanted else {}
        names = {event.stream for event in originals.values()}
        self._places |= {event.key: (event.stream, event.id) for event in originals.values()}
        names |= {stream for one in pushed if (stream := self.trajectory(one))}
        names -= self._streams.keys()
        if names:
            for name, events in (await self._history.streams(list(names))).items():
                self._streams[name] = [self._entry(event) for event in events]

    def entries(self, stream: str) -> list[Entry]:
        """The events of a stream that was loaded, oldest first."""
        return self._streams.get(stream, [])

    def version(self, stream: str) -> int:
        """The version of a stream that was loaded."""
        return len(self.entries(stream))

    def trajectory(self, pushed: Pushed) -> str | None:
        """The stream of the trajectory that an event belongs to; a correction's is that of its original's source."""
        if pushed.content is None or pushed.content.trajectory is None:
            return None
        place = self._places.get(pushed.refers_to) if pushed.refers_to else None
        source = place[0].split("/")[2] if place else pushed.key.source
        return trajectory_stream(pushed.key.organisation, source, pushed.content.trajectory)

    def place(self, key: Key) -> tuple[str, UUID] | None:
        """The stream and id of an event in the streams that were loaded."""
        return self._places.get(key)

    def original(self, key: Key) -> tuple[str, Chain] | None:
        """The stream and the chain that an event belongs to, be it the original or a correction of it."""
        place = self._places.get(key)
        if place is None:
            return None
        stream, id_ = place
        root = next(entry.root for entry in self.entries(stream) if entry.id == id_)
        return stream, next(chain for chain in chains(self.entries(stream)) if chain.root.id == root)

    def remember(self, events: Iterable[NewEvent]) -> None:
        """Take events into account that this request will store, if it stores anything."""
        for event in events:
            self._streams.setdefault(event.stream, []).append(self._entry(event))

    def _entry(self, event: StoredEvent | NewEvent) -> Entry:
        columns: Columns = event.columns
        self._places[event.key] = (event.stream, event.id)
        return Entry(event.id, event.key, event.type, orjson.loads(event.payload), columns.root or event.id)
