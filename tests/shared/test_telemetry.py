"""Log lines hold names and numbers that the code gave, and nothing that somebody sent."""

import logging
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO

import httpx
import orjson
import pytest
import stamina
import structlog
from prometheus_client import Counter

from shared.clock import FrozenClock
from shared.telemetry import Trace, configure_logging, new_trace, parse_traceparent, serve_metrics

SECRET = "Sanne de Vries, 999991772"
PLACED = Counter("jos_test_telemetry", "Something that a test counts")

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged since, line by line."""
    stream = BytesIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    configure_logging("kpi", FrozenClock(datetime(2022, 7, 5, 10, tzinfo=UTC)), stream)
    yield lambda: [orjson.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], _ = before
    root.setLevel(before[1])
    structlog.reset_defaults()
    stamina.instrumentation.set_on_retry_hooks(None)


def fail() -> None:
    raise ValueError(SECRET)


def test_a_line_is_json_with_the_clocks_time_and_the_service(lines: Lines) -> None:
    structlog.get_logger().warning("notify failed", log="registry", position=12)
    assert lines() == [
        {
            "event": "notify failed",
            "level": "warning",
            "log": "registry",
            "position": 12,
            "service": "kpi",
            "time": "2022-07-05T10:00:00+00:00",
        }
    ]


def test_g28_a_field_that_is_not_on_the_list_is_dropped_and_named(lines: Lines) -> None:
    """G-28: nobody has to remember what may not be logged."""
    structlog.get_logger().info("pushed", pupil_ref=SECRET, body={"name": SECRET}, count=1)
    [line] = lines()
    assert line["dropped"] == ["body", "pupil_ref"]
    assert SECRET not in str(line)


def test_g28_an_exception_is_its_kind_and_its_places(lines: Lines) -> None:
    """G-28: the text of an exception may quote what was sent."""
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("request failed")
    [line] = lines()
    assert line["kind"] == "ValueError"
    assert str(line["places"]).split(" > ")[-1].startswith("fail:")
    assert SECRET not in str(line)


def test_g28_a_value_that_is_no_text_or_number_is_named_by_its_type(lines: Lines) -> None:
    """G-28: an object under an allowed name does not slip through either."""
    structlog.get_logger().info("odd", error=ValueError(SECRET), count=[SECRET])
    [line] = lines()
    assert (line["error"], line["count"]) == ("ValueError", "list")


def test_g28_libraries_log_their_template_without_the_arguments(lines: Lines) -> None:
    """G-28: a library does not know what is personal."""
    library = logging.getLogger("somebody.elses")
    library.warning("cannot read %s", SECRET)
    library.warning(f"cannot read {SECRET}")
    try:
        fail()
    except ValueError:
        library.exception("failed")
    assert [line.get("template") for line in lines()] == ["cannot read %s", None, None]
    assert lines()[2]["kind"] == "ValueError"
    assert SECRET not in str(lines())


def test_what_a_library_says_again_and_again_is_counted(lines: Lines) -> None:
    """While brokers are away their client says so thousands of times."""
    library = logging.getLogger("somebody.elses")

    def say(times: int, created: float) -> None:
        for _ in range(times):
            record = library.makeRecord(library.name, logging.ERROR, "client.py", 435, "nobody at %s", ("9092",), None)
            record.created = created
            library.handle(record)

    say(1000, 1_000_000.0)
    library.error("something else")
    say(1000, 1_000_059.0)
    assert [line["template"] for line in lines() if "template" in line] == ["nobody at %s"] * 10
    assert len(lines()) == 11
    say(3, 1_000_061.0)
    assert [line.get("count") for line in lines()[11:]] == [1990, None, None]
    say(100, 900_000.0)  # a clock that was set back
    assert len(lines()) == 11 + 3 + 10


def test_g28_retries_do_not_log_what_they_retry_after(lines: Lines) -> None:
    """G-28: the retrying library would print the exception."""
    attempts = stamina.retry_context(on=ValueError, attempts=2, wait_initial=0, wait_jitter=0)
    with pytest.raises(ValueError, match="Sanne"):
        for attempt in attempts:
            with attempt:
                fail()
    assert lines() == []


def test_what_is_bound_to_the_context_is_on_every_line(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(trace_id="a" * 32):
        structlog.get_logger().info("within")
    structlog.get_logger().info("without")
    assert [line.get("trace_id") for line in lines()] == ["a" * 32, None]


async def test_metrics_are_served_on_a_port_of_their_own_and_gone_afterwards() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    PLACED.inc()
    async with httpx.AsyncClient(trust_env=False) as client:
        async with serve_metrics(port):
            answer = await client.get(f"http://127.0.0.1:{port}/metrics")
            assert answer.status_code == 200
            assert "jos_test_telemetry_total" in answer.text
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/metrics")


async def test_port_0_serves_nothing() -> None:
    async with serve_metrics(0):
        pass


def test_a_traceparent_is_read_and_written_back() -> None:
    value = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    trace = parse_traceparent(value)
    assert trace == Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "01")
    assert trace.header() == value
    child = trace.child()
    assert (child.trace_id, child.span_id != trace.span_id) == (trace.trace_id, True)
    assert parse_traceparent(new_trace().header()) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
    ],
)
def test_a_wrong_traceparent_is_none_at_all(wrong: str | None) -> None:
    assert parse_traceparent(wrong) is None
