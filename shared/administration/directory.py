"""A log in memory, at every moment it has known: filled by a follower, rebuilt at every start.

Two times: `known_at` (when we knew it, by `recordedAt`) chooses which events count; `on` (on which day it holds) is
asked of the state that they give.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import cast

from shared.aggregate import Aggregate, E, State
from shared.log.events import StoredEvent


class Directory:
    """Every stream of one log, by name."""

    def __init__(self) -> None:
        self._streams: dict[str, list[StoredEvent]] = {}
        self._names: dict[str, list[str]] = {}
        self._states: dict[str, tuple[int, object]] = {}

    def apply(self, _log: str, events: Sequence[StoredEvent]) -> None:
        """Take in events, in order; those that are known already change nothing."""
        for event in events:
            history = self._streams.get(event.stream)
            if history is None:
                history = self._streams[event.stream] = []
                insort(self._names.setdefault(_kind(event.stream), []), event.stream)
            if event.stream_version == len(history) + 1:
                history.append(event)

    def reset(self) -> None:
        """Forget everything: the log was restored and will be read again."""
        self._streams.clear()
        self._names.clear()
        self._states.clear()

    def history(self, stream: str, known_at: datetime | None = None) -> Sequence[StoredEvent]:
        """The events of a stream, those that were recorded at or before `known_at`."""
        history = self._streams.get(stream, [])
        return history if known_at is None else [event for event in history if event.recorded_at <= known_at]

    def state(self, aggregate: Aggregate[State, E], stream: str, known_at: datetime | None = None) -> State:
        """The state of a stream as it is known now, or was known at a moment."""
        history = self.history(stream, known_at)
        if known_at is not None:
            return aggregate.fold(history)
        version, state = self._states.get(stream, (0, None))
        if version != len(history):
            state = aggregate.fold(history)
            self._states[stream] = (len(history), state)
        return cast("State", state) if history else aggregate.initial

    def names(self, beginning: str, after: str = "") -> Iterator[str]:
        """The streams whose names begin so (`site/`), in order, after a name."""
        names = self._names.get(_kind(beginning), [])
        first = max(bisect_left(names, beginning), bisect_right(names, after))
        for place in range(first, len(names)):
            if not names[place].startswith(beginning):
                return
            yield names[place]

    def codes(self, kind: str) -> list[str]:
        """The codes that are known of a kind, for hints."""
        return [name.partition("/")[2] for name in self._names.get(kind, [])]


def _kind(stream: str) -> str:
    return stream.partition("/")[0]
