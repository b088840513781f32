"""The outermost layer of a service, as plain ASGI: what holds for every request and every answer."""

import asyncio
import re
from collections.abc import Collection, Mapping
from itertools import chain
from urllib.parse import unquote_plus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth.rates import Standing
from shared.auth.require import Endpoint
from shared.strict_json import has_forbidden_character
from shared.telemetry import Trace
from shared.tracing import Tracing, tracing
from shared.web.exchange import Exchange, begin, header
from shared.web.problems import Problem, error
from shared.web.translation import problem_for, render

BODY_SECONDS = 10.0
"""Seconds in which a whole body must have come; a route that streams bodies sets its own."""
MAX_HEADERS = 100
MAX_HEADER_BYTES = 32 * 1024
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}

Fields = list[tuple[bytes, bytes]]
"""Headers as ASGI has them."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?")
_log = structlog.get_logger()


class Edge:
    """Checks what comes in before anyone looks at it, and dresses what goes out.

    `hosts` are the names this service answers to; probes (`/livez`, `/readyz`) may use any. `slow` are paths whose
    bodies may take longer than `BODY_SECONDS`. `straight` are raw endpoints, with their own rule, by method and path:
    they are called from here, past the layers of the framework, which do nothing for them.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        version: str,
        base: str,
        hosts: Collection[str],
        slow: Collection[str] = (),
        straight: Mapping[tuple[str, str], Endpoint] | None = None,
    ) -> None:
        self._app = app
        headers = SECURITY_HEADERS | {"api-version": version}
        self._fixed = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._base = base
        self._hosts = frozenset(hosts)
        self._slow = frozenset(slow)
        self._straight = dict(straight or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        scope = {**scope, "method": "GET"} if head else scope
        passage = _Passage(scope, receive, send, begin(scope), self._fixed, with_body=not head)
        traced = tracing()
        began = traced.now() if traced else 0
        try:
            self._check(scope)
            endpoint, receive = self._straight.get((scope["method"], scope["path"])), self._receive(passage)
            if endpoint is None:
                await self._app(scope, receive, passage.send)
            else:
                passage.straight = scope["path"]
                answer = await endpoint(Request(scope, receive, passage.send))
                await answer(scope, receive, passage.send)
        except Exception as exception:
            await self._fail(exception, passage)
        finally:
            if traced:
                _tell(traced, passage, began)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket to another host is closed before it is open."""
        begin(scope)
        if self._known(header(scope, b"host")):
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _receive(self, passage: "_Passage") -> Receive:
        return passage.receive if passage.scope["path"] in self._slow else passage.receive_in_time

    def _check(self, scope: Scope) -> None:
        headers = scope["headers"]
        if len(headers) > MAX_HEADERS or sum(map(len, chain.from_iterable(headers))) > MAX_HEADER_BYTES:
            raise Problem(None, "headers-too-large")
        if scope["path"] not in ("/livez", "/readyz") and not self._known(header(scope, b"host")):
            raise Problem(None, "host", [error("host")])
        if scope["method"] not in METHODS:
            raise Problem(None, "method-not-allowed", headers={"Allow": ", ".join(sorted(METHODS))})
        if has_forbidden_character(scope["path"]) or has_forbidden_character(_decoded(scope["query_string"])):
            raise Problem(None, "character", [error("character")])
        if header(scope, b"content-encoding").lower() not in (b"", b"identity"):
            raise Problem(None, "content-encoding")
        if header(scope, b"expect").lower() not in (b"", b"100-continue"):
            raise Problem(None, "expectation")

    def _known(self, host: bytes) -> bool:
        found = _HOST.fullmatch(host.decode("latin-1").lower())
        return found is not None and found[1].strip("[]") in self._hosts

    async def _fail(self, exception: Exception, passage: "_Passage") -> None:
        """Answer an exception that nobody handled.

        One that nobody foresaw is noted by its kind and place alone (G-28). After the answer has begun it is only cut
        off: an exception that left here would be logged with its text.
        """
        if isinstance(exception, ClientDisconnect):
            return
        problem = passage.late or problem_for(exception, passage.scope)
        if problem is None:
            _log.error("request.failed", trace_id=passage.exchange.trace_id, **_where(exception))
            problem = Problem(None, "internal")
        if not passage.started:
            await render(problem, passage.scope, self._base)(passage.scope, passage.receive, passage.send)


def _tell(traced: Tracing, passage: "_Passage", began: int) -> None:
    """The span of a request: named after its route, since a path may hold what somebody sent."""
    exchange, route = passage.exchange, passage.scope.get("route")
    name = f"{passage.scope['method']} {getattr(route, 'path', passage.straight or 'no route')}"
    place = Trace(exchange.trace_id, exchange.span_id, exchange.flags)
    traced.served(place, exchange.parent, name, passage.status, began)


def _decoded(query: bytes) -> str:
    """The query as routes will read it, names and values alike."""
    text = query.decode("latin-1")
    return unquote_plus(text) if "%" in text else text


def _where(exception: BaseException) -> dict[str, str]:
    """The kind of an exception and the places it came through; its text may hold what was sent, and stays out."""
    places, trace = [], exception.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"kind": type(exception).__name__, "places": " > ".join(places[-12:])}


class _Passage:
    """One request on its way in and its answer on its way out."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, exchange: Exchange, fixed: Fields, with_body: bool
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.exchange = exchange
        self.started = False
        self.status = 0
        self.straight = ""
        self._with_body = with_body
        self.late: Problem | None = None
        self._send = send
        self._fixed = fixed
        self._deadline = asyncio.get_running_loop().time() + BODY_SECONDS
        self._whole = False

    async def receive_in_time(self) -> Message:
        """The next message; the last one of the body must have come by the deadline."""
        if self._whole:
            return await self.receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self.receive()
        except TimeoutError:
            self.late = Problem(None, "timeout", headers={"Connection": "close"})
            raise self.late from None
        self._whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send on, with the headers of every answer; without a body for HEAD."""
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            self._dress(message)
        elif not self._with_body and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _dress(self, message: Message) -> None:
        """Add the headers that the answer does not have yet."""
        given = list(message.get("headers", ()))
        names = {name.lower() for name, _ in given}
        added = [pair for pair in self._fixed if pair[0] not in names]
        added.append((b"traceparent", self.exchange.traceparent.encode()))
        standing = self.scope.get("jos.rate")
        if isinstance(standing, Standing):
            added.append((b"ratelimit-policy", b'"client";q=%d;w=1' % standing.limit))
            added.append((b"ratelimit", b'"client";r=%d;t=%d' % (standing.remaining, standing.reset)))
        if message["status"] in (429, 503, 507) and b"retry-after" not in names:
            added.append((b"retry-after", b"1"))
        message["headers"] = given + added
