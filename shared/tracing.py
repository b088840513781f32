"""Traces: the way of an event from the request through the broker to the posting, under one W3C trace id.

A span is told once it is over, with the ids that requests and events carry anyhow (`traceparent`), and exported over
OTLP/HTTP where `JOS_TRACES_ENDPOINT` names a collector. Without it nothing is loaded and nothing is told. A span holds
no personal data (G-28): names that the code gave, a log, a place in it, a status.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from shared.clock import Clock
from shared.log.events import StoredEvent
from shared.settings import Settings
from shared.telemetry import Trace, parse_traceparent

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

Attributes = Mapping[str, str | int]


class Tracing:
    """Where the spans of this process go. `began` of every span is what `now` gave when it began."""

    def __init__(self, service: str, clock: Clock, exporter: "SpanExporter") -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - only where traces are wanted
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        self._clock = clock
        self._resource = Resource.create({"service.name": f"jos-{service}"})
        self._processor = BatchSpanProcessor(exporter)

    def now(self) -> int:
        """The moment in nanoseconds since 1970."""
        return int(self._clock.now().timestamp() * 1_000_000) * 1000

    def served(self, place: Trace, parent: str | None, name: str, status: int, began: int) -> None:
        """A request was answered; `place` is its own, `parent` the span id that the caller named."""
        self._tell(name, "SERVER", place, parent, began, {"http.response.status_code": status})

    def passed(self, name: str, kind: str, events: Iterable[StoredEvent], began: int, more: Attributes) -> None:
        """Each of these events was dealt with: a span below the request that brought it, where that is known."""
        for event in events:
            place = parse_traceparent(event.traceparent)
            if place is not None:
                where = {"jos.shard": event.position.shard, "jos.position": event.position.number}
                self._tell(name, kind, place.child(), place.span_id, began, {**where, **more})

    def flush(self) -> None:
        """Send what was told until now."""
        self._processor.force_flush()

    def close(self) -> None:
        """Send what is left. It waits for the collector, some seconds at most."""
        self._processor.shutdown()  # type: ignore[no-untyped-call]  # the library has no types here

    def _tell(self, name: str, kind: str, place: Trace, parent: str | None, began: int, attributes: Attributes) -> None:
        from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415
        from opentelemetry.trace import SpanContext, SpanKind, TraceFlags  # noqa: PLC0415

        def context(span_id: str) -> SpanContext:
            flags = TraceFlags(int(place.flags, 16))
            return SpanContext(int(place.trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=flags)

        self._processor.on_end(
            ReadableSpan(
                name,
                context(place.span_id),
                context(parent) if parent else None,
                self._resource,
                attributes,
                kind=SpanKind[kind],
                start_time=began,
                end_time=max(began, self.now()),
            )
        )


_tracing: Tracing | None = None


def tracing() -> Tracing | None:
    """Where spans go, None where nobody wants them."""
    return _tracing


def switch_on(service: str, settings: Settings, clock: Clock) -> Callable[[], None]:
    """Export the spans of this process, if a collector is named; gives what ends it."""
    global _tracing  # noqa: PLW0603 - of the process, as its metrics are
    if not settings.traces_endpoint:
        return lambda: None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    _tracing = Tracing(service, clock, OTLPSpanExporter(settings.traces_endpoint, timeout=5))
    return _switch_off


def _switch_off() -> None:
    global _tracing
    ended, _tracing = _tracing, None
    if ended is not None:
        ended.close()
