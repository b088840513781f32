"""One trace id from the POST through the broker to the posting, as a collector hears it over OTLP/HTTP."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from services.kpi.ledger import CONSUMER, apply
from services.registry.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.feeds.consumer import Consumer
from shared.feeds.kafka.feed import KafkaFeed
from shared.postgres.pool import open_pool
from shared.settings import Settings
from shared.tracing import switch_on, tracing
from tests.fixtures.auth import Mint
from tests.fixtures.services import Serve

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
LEIDEN = {"municipality": "GM0546", "name": "Leiden", "validFrom": "2022-01-01"}
COLLECTED_WITHIN = 20.0


class Collector:
    """Keeps the spans that it is sent."""

    def __init__(self) -> None:
        spans = self.spans = list[Span]()

        class Receive(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                export = ExportTraceServiceRequest.FromString(body)
                spans.extend(span for one in export.resource_spans for scope in one.scope_spans for span in scope.spans)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Receive)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}/v1/traces"

    def of_trace(self) -> dict[str, Span]:
        """The spans of the caller's trace, by name."""
        return {span.name: span for span in self.spans if span.trace_id.hex() == TRACE}


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    """A collector that listens on a free port."""
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    await asyncio.to_thread(made.server.shutdown)
    made.server.server_close()
    thread.join()


async def test_one_trace_id_from_the_post_through_the_broker_to_the_posting(
    by_kafka: Settings, clock: FrozenClock, keys: StaticKeys, mint: Mint, serve: Serve, collector: Collector
) -> None:
    end = switch_on("registry", by_kafka.model_copy(update={"traces_endpoint": collector.endpoint}), clock)
    async with AsyncExitStack() as stack:
        client = await serve(create_app(by_kafka, clock, keys))
        pool = await stack.enter_async_context(await open_pool(by_kafka, "kpi"))
        feed = KafkaFeed("registry", by_kafka, clock, reader=CONSUMER, pool=pool)
        consumer = Consumer(CONSUMER, [feed], pool, apply, clock)
        await consumer.start()
        stack.push_async_callback(consumer.close)
        token = mint(organisation="region:HR", roles=["registry-admin"], region="HR")
        headers = {"Authorization": f"Bearer {token}", "traceparent": f"00-{TRACE}-{CALLER}-01"}
        answer = await client.post("/registry/v1/municipalities", json=LEIDEN, headers=headers)
        assert answer.status_code == 201
        assert await consumer.reached({("registry", 1): 1}, COLLECTED_WITHIN)
        async with asyncio.timeout(COLLECTED_WITHIN):  # the relay tells of it once the bookmark is saved
            while not await asyncio.to_thread(_published, collector):
                pass
    await asyncio.to_thread(end)
    spans = collector.of_trace()
    request = spans["POST /municipalities"]
    assert request.parent_span_id.hex() == CALLER
    assert {span.name for span in spans.values() if span.parent_span_id == request.span_id} == {
        "publish registry",
        "apply registry",
    }
    told = {one.key for span in spans.values() for one in span.attributes}
    assert told == {"http.response.status_code", "jos.shard", "jos.position", "jos.reader"}


def _published(collector: Collector) -> bool:
    traced = tracing()
    assert traced is not None
    traced.flush()
    return "publish registry" in collector.of_trace()


def test_without_a_collector_nothing_of_it_is_loaded() -> None:
    code = "import services.registry.app, sys; assert not [n for n in sys.modules if n.startswith('opentelemetry.sdk')]"
    subprocess.run([sys.executable, "-c", code], check=True)
