"""What a process tells about itself: log lines as JSON, metrics for Prometheus, the trace that a request belongs to.

None of it may hold personal data, a token or a key (G-28): a log line keeps the fields of one list and nothing else,
and an exception is its kind and the places it came through, never its text.
"""

import asyncio
import logging
import re
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO

import orjson
import stamina.instrumentation
import structlog
import uvicorn
from prometheus_client import make_asgi_app

from shared.clock import Clock

_ALWAYS = ("event", "level", "time", "service", "logger", "trace_id")
_WRONG = ("kind", "places", "template", "error", "reason", "why", "code", "setting", "dropped")
_LOGS = ("log", "shard", "position", "epoch", "rowHash", "at", "reader", "state", "head", "callers", "count")
_WORK = ("held", "errors", "work", "attempts")
_WEB = ("method", "route", "status", "milliseconds", "port", "pid", "version")

FIELDS = frozenset((*_ALWAYS, *_WRONG, *_LOGS, *_WORK, *_WEB))
"""The fields that a log line may have. Numbers and names that the code itself gave; never what somebody sent."""

LONGEST = 500
"""Characters of a field's text."""

OFTEN, WINDOW = 10, 60.0
"""So many lines from one place of a library within so many seconds; what it says beyond that is counted."""


def configure_logging(service: str, clock: Clock, stream: BinaryIO | None = None, level: int = logging.INFO) -> None:
    """Send this process's log lines, those of libraries too, as JSON to `stream` (standard error), one a line."""

    def stamp(_: object, __: str, line: MutableMapping[str, object]) -> MutableMapping[str, object]:
        line["time"] = clock.now().isoformat()
        line["service"] = service
        return line

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            stamp,
            _without_text_of_exceptions,
            _only_known_fields,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(stream or sys.stderr.buffer),
        cache_logger_on_first_use=stream is None,
    )
    # stamina would log the text of every exception that it retries after.
    stamina.instrumentation.set_on_retry_hooks([])
    logging.basicConfig(handlers=[_Libraries()], level=max(level, logging.INFO), force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would note every request that it makes


class _Libraries(logging.Handler):
    """Turns a library's log record into a line: its template without the arguments, and where it was logged.

    The next line from a place that said too much tells by `count` how often: while brokers are away their client alone
    would fill a disk.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int], tuple[float, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        place = (record.pathname, record.lineno)
        since, said = self._said.get(place, (0.0, 0))
        fresh = abs(record.created - since) > WINDOW
        self._said[place] = (record.created, 1) if fresh else (since, said + 1)
        if not fresh and said >= OFTEN:
            return
        line: dict[str, object] = {"logger": record.name, "places": f"{record.module}:{record.lineno}"}
        if record.args and isinstance(record.msg, str):
            line["template"] = record.msg
        if record.exc_info:
            line["exc_info"] = record.exc_info
        if fresh and said > OFTEN:
            line["count"] = said - OFTEN
        structlog.get_logger().log(record.levelno, "library", **line)


def places(trace: TracebackType | None) -> str:
    """The last functions and lines of a traceback, outermost first."""
    found = []
    while trace is not None:
        found.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(found[-8:])


def _without_text_of_exceptions(_: object, __: str, line: MutableMapping[str, object]) -> MutableMapping[str, object]:
    given = line.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line.update(kind=type(error).__qualname__, places=places(error.__traceback__))
    return line


def _only_known_fields(_: object, __: str, line: MutableMapping[str, object]) -> Mapping[str, object]:
    kept = {key: _short(value) for key, value in line.items() if key in FIELDS}
    unknown = sorted(line.keys() - FIELDS)
    return kept | {"dropped": unknown} if unknown else kept


def _short(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return value[:LONGEST] if isinstance(value, str) else type(value).__qualname__


class _Metrics(uvicorn.Server):
    """A server beside the service's own, which leaves the process's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve_metrics(port: int, host: str = "127.0.0.1") -> AsyncIterator[None]:
    """Serve `/metrics` on a port of its own as long as the context lasts; port 0 switches it off.

    Raises `OSError` when the port is taken.
    """
    if port == 0:
        yield
        return
    config = uvicorn.Config(
        make_asgi_app(), host=host, port=port, log_config=None, access_log=False, lifespan="off", server_header=False
    )
    server = _Metrics(config)
    with socket.create_server((host, port)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="metrics")
        try:
            yield
        finally:
            server.should_exit = True
            await serving


_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a W3C trace: ids in lower-case hexadecimal (32 and 16 digits), flags in two digits."""

    trace_id: str
    span_id: str
    flags: str = "01"

    def header(self) -> str:
        """The value of a `traceparent` header."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    def child(self) -> "Trace":
        """A new span of the same trace."""
        return Trace(self.trace_id, secrets.token_hex(8), self.flags)


def new_trace() -> Trace:
    """The beginning of a trace."""
    return Trace(secrets.token_hex(16), secrets.token_hex(8))


def parse_traceparent(value: str | None) -> Trace | None:
    """The place that a `traceparent` header names; None for a missing or wrong one, which starts a trace of its own."""
    found = _TRACEPARENT.fullmatch(value or "")
    return Trace(*found.groups()) if found else None
