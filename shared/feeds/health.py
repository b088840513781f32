"""How a reader is doing: its state and its lag, as an object for the process and as metrics for the outside."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog
from prometheus_client import Counter, Gauge

from shared.clock import Clock
from shared.feeds.continuity import RebuildNeeded, Starved
from shared.feeds.failures import describe
from shared.log.events import StoredEvent
from shared.telemetry import parse_traceparent

FAILING = Gauge("jos_reader_failing", "1 while the reader of this log fails and tries again", ["reader", "log"])
REBUILD = Gauge("jos_reader_rebuild_needed", "1 while the log is another one than was read", ["reader", "log"])
FAILURES = Counter("jos_reader_failures", "Failed attempts to read or apply", ["reader", "log"])
PASSED = Counter("jos_reader_passed", "Events applied or parked", ["reader", "log"])
LAG_EVENTS = Gauge("jos_reader_lag_events", "Events in the log that are not applied", ["reader", "log", "shard"])
LAG_SECONDS = Gauge("jos_reader_lag_seconds", "Age of the oldest event not applied", ["reader", "log", "shard"])
PARKED = Counter("jos_reader_parked", "Events parked since the start of the process", ["reader", "log"])

_logger = structlog.get_logger("jos.feeds")


class State(StrEnum):
    """What a reader is doing with one log.

    `BEHIND`: it was read to its end once, and now its carrier brings nothing; what was read still holds.
    """

    CATCHING_UP = "CATCHING_UP"
    FOLLOWING = "FOLLOWING"
    BEHIND = "BEHIND"
    FAILING = "FAILING"
    REBUILD_NEEDED = "REBUILD_NEEDED"


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind the log: `events` not applied, and `seconds` since the oldest of these was recorded."""

    events: int
    seconds: float


class Health:
    """State and lag of one reader, per log; nothing but reporting depends on it."""

    def __init__(self, reader: str, logs: Iterable[str], clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._states = dict.fromkeys(sorted(logs), State.CATCHING_UP)
        self._behind: dict[tuple[str, int], tuple[int, datetime]] = {}
        self._failures: Tally[str] = Tally()

    def state(self, log: str) -> State:
        """What the reader is doing with this log."""
        return self._states[log]

    def problem(self) -> str | None:
        """A sentence for readiness when a log is not being followed, else None."""
        bad = [f"{log} {state}" for log, state in self._states.items() if state not in (State.FOLLOWING, State.BEHIND)]
        return f"{self._reader}: {', '.join(bad)}" if bad else None

    def lag(self) -> dict[tuple[str, int], Lag]:
        """The lag per (log, shard)."""
        now = self._clock.now()
        return {
            place: Lag(count, max(0.0, (now - since).total_seconds()) if count else 0.0)
            for place, (count, since) in self._behind.items()
        }

    def behind(self, log: str, shard: int, count: int, since: datetime) -> None:
        """Say that `count` events wait to be applied, the oldest of them recorded at `since`."""
        self._behind[log, shard] = (count, since)
        self._publish(log)

    def let_go(self, log: str, shard: int) -> None:
        """Say that somebody else follows this shard from now on, and tells its lag."""
        if self._behind.pop((log, shard), None) is not None:
            LAG_EVENTS.remove(self._reader, log, str(shard))
            LAG_SECONDS.remove(self._reader, log, str(shard))

    def passed(self, log: str, shard: int, count: int) -> None:
        """Say that `count` of the waiting events were dealt with."""
        waiting, since = self._behind[log, shard]
        self._behind[log, shard] = (waiting - count, since)
        PASSED.labels(self._reader, log).inc(count)
        self._publish(log)

    def parked(self, log: str, event: StoredEvent, reason: str) -> None:
        """Say that an event could not be applied, loudly, with the trace of the request that sent it."""
        PARKED.labels(self._reader, log).inc()
        trace = parse_traceparent(event.traceparent)
        line = {"log": log, "shard": event.position.shard, "position": event.position.number}
        line |= {"trace_id": trace.trace_id} if trace else {}
        _logger.error("event parked", reader=self._reader, reason=reason, **line)

    def succeeded(self, log: str, more: bool) -> None:
        """Say that an attempt went well, and whether there is more to read."""
        if more and self._states[log] in (State.FOLLOWING, State.BEHIND):
            return
        self._failures[log] = 0
        self._turn(log, State.CATCHING_UP if more else State.FOLLOWING)

    def failed(self, log: str, error: Exception) -> None:
        """Say that an attempt failed; the first of a row and every tenth after it are logged."""
        state = self._after(log, error)
        FAILURES.labels(self._reader, log).inc()
        if self._failures[log] % 10 == 0:
            _logger.error("reader failed", reader=self._reader, log=log, state=state.value, reason=describe(error))
        self._failures[log] += 1
        self._turn(log, state)
        self._publish(log)

    def _after(self, log: str, error: Exception) -> State:
        if isinstance(error, RebuildNeeded):
            return State.REBUILD_NEEDED
        if isinstance(error, Starved):
            caught_up = self._states[log] in (State.FOLLOWING, State.BEHIND)
            return State.BEHIND if caught_up else State.CATCHING_UP
        return State.FAILING

    def _turn(self, log: str, state: State) -> None:
        if self._states[log] is not state:
            _logger.info("reader turned", reader=self._reader, log=log, state=state.value)
        self._states[log] = state
        FAILING.labels(self._reader, log).set(state is State.FAILING)
        REBUILD.labels(self._reader, log).set(state is State.REBUILD_NEEDED)

    def _publish(self, log: str) -> None:
        for (name, shard), lag in self.lag().items():
            if name == log:
                LAG_EVENTS.labels(self._reader, log, str(shard)).set(lag.events)
                LAG_SECONDS.labels(self._reader, log, str(shard)).set(lag.seconds)
