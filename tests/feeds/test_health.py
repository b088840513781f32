"""How a reader is doing can be asked, and is measured."""

from datetime import UTC, datetime, timedelta

import structlog
from prometheus_client import REGISTRY

from shared.clock import FrozenClock
from shared.feeds.continuity import HoleInFeed, RebuildNeeded
from shared.feeds.health import Health, Lag, State
from shared.log.events import Position
from shared.telemetry import FIELDS
from tests.feeds.given import stored

NOW = datetime(2022, 7, 5, 10, tzinfo=UTC)


def health(reader: str) -> Health:
    """A reader of two logs, just begun."""
    return Health(reader, ["registry", "contracts"], FrozenClock(NOW))


def measured(name: str, **labels: str) -> float | None:
    """What Prometheus would read."""
    return REGISTRY.get_sample_value(name, labels)


def test_a_reader_is_not_well_before_every_log_was_read_to_its_end() -> None:
    begun = health("h1")
    assert begun.problem() == "h1: contracts CATCHING_UP, registry CATCHING_UP"
    begun.succeeded("registry", more=False)
    assert begun.problem() == "h1: contracts CATCHING_UP"
    begun.succeeded("contracts", more=True)
    assert begun.state("contracts") is State.CATCHING_UP
    begun.succeeded("contracts", more=False)
    assert begun.problem() is None


def test_a_busy_follower_is_still_following() -> None:
    busy = health("h2")
    busy.succeeded("registry", more=False)
    busy.succeeded("registry", more=True)
    assert busy.state("registry") is State.FOLLOWING


def test_failing_and_needing_a_rebuild_are_told_apart_and_measured() -> None:
    failing = health("h3")
    failing.failed("registry", HoleInFeed("registry", Position(1, 5)))
    failing.failed("contracts", RebuildNeeded("contracts", "restored"))
    assert failing.problem() == "h3: contracts REBUILD_NEEDED, registry FAILING"
    assert measured("jos_reader_failing", reader="h3", log="registry") == 1
    assert measured("jos_reader_rebuild_needed", reader="h3", log="contracts") == 1
    assert measured("jos_reader_failures_total", reader="h3", log="registry") == 1
    failing.succeeded("registry", more=False)
    assert measured("jos_reader_failing", reader="h3", log="registry") == 0


def test_the_lag_counts_events_and_the_age_of_the_oldest() -> None:
    behind = health("h4")
    behind.behind("registry", 1, 30, NOW - timedelta(seconds=12))
    assert behind.lag() == {("registry", 1): Lag(30, 12.0)}
    assert measured("jos_reader_lag_events", reader="h4", log="registry", shard="1") == 30
    assert measured("jos_reader_lag_seconds", reader="h4", log="registry", shard="1") == 12
    behind.passed("registry", 1, 30)
    assert behind.lag() == {("registry", 1): Lag(0, 0.0)}
    assert measured("jos_reader_lag_seconds", reader="h4", log="registry", shard="1") == 0


def test_g12_parked_events_are_measured() -> None:
    """G-12: visible in a metric."""
    parked = health("h5")
    parked.parked("registry", stored(5), "ValueError")
    assert measured("jos_reader_parked_total", reader="h5", log="registry") == 1


def test_the_line_of_a_parked_event_leads_to_the_request_that_sent_it() -> None:
    event = stored(5)._replace(traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    with structlog.testing.capture_logs() as lines:
        health("h7").parked("registry", event, "ValueError at ledger:12 in post")
        health("h7").parked("registry", stored(6), "ValueError at ledger:12 in post")
    assert [line.get("trace_id") for line in lines] == ["4bf92f3577b34da6a3ce929d0e0e4736", None]
    assert [line["position"] for line in lines] == [5, 6]
    assert all(line.keys() - {"log_level"} <= FIELDS for line in lines)


def test_g18_a_clock_that_runs_behind_gives_no_negative_lag() -> None:
    """G-18: nothing but displayed times depends on it."""
    ahead = health("h6")
    ahead.behind("registry", 1, 1, NOW + timedelta(days=3650))
    assert ahead.lag() == {("registry", 1): Lag(1, 0.0)}
