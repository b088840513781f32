"""The outermost layer of a service, as plain ASGI: what holds for every request and every answer."""

import asyncio
import re
from collections.abc import Collection

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth.rates import Standing
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

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?")
_log = structlog.get_logger()


class Edge:
    """Checks what comes in before anyone looks at it, and dresses what goes out.

    `hosts` are the names this service answers to; probes (`/livez`, `/readyz`) may use any. `slow` are paths whose
    bodies may take longer than `BODY_SECONDS`.
    """

    def __init__(
        self, app: ASGIApp, *, version: str, base: str, hosts: Collection[str], slow: Collection[str] = ()
    ) -> None:
        self._app = app
        self._version = version
        self._base = base
        self._hosts = frozenset(hosts)
        self._slow = frozenset(slow)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = begin(scope)
        passage = _Passage(scope, receive, send, exchange, self._version)
        try:
            self._check(scope)
            if scope["method"] == "HEAD":
                passage.body = False
                scope["method"] = "GET"
            await self._app(scope, self._receive(passage), passage.send)
        except Exception as exception:
            await self._fail(exception, passage)

    def _receive(self, passage: "_Passage") -> Receive:
        return passage.receive if passage.scope["path"] in self._slow else passage.receive_in_time

    def _check(self, scope: Scope) -> None:
        headers = scope["headers"]
        if len(headers) > MAX_HEADERS or sum(len(key) + len(value) for key, value in headers) > MAX_HEADER_BYTES:
            raise Problem(None, "headers-too-large")
        if scope["path"] not in ("/livez", "/readyz") and not self._known(header(scope, b"host")):
            raise Problem(None, "host", [error("host")])
        if scope["method"] not in METHODS:
            raise Problem(None, "method-not-allowed", headers={"Allow": ", ".join(sorted(METHODS))})
        if header(scope, b"content-encoding").lower() not in (b"", b"identity"):
            raise Problem(None, "content-encoding")
        if header(scope, b"expect").lower() not in (b"", b"100-continue"):
            raise Problem(None, "expectation")

    def _known(self, host: bytes) -> bool:
        found = _HOST.fullmatch(host.decode("latin-1").lower())
        return found is not None and found[1].strip("[]") in self._hosts

    async def _fail(self, exception: Exception, passage: "_Passage") -> None:
        """Answer an exception that nobody handled; one that nobody foresaw is noted by its kind and place alone."""
        problem = passage.late or problem_for(exception, passage.scope)
        if problem is None:
            _log.error("request.failed", trace_id=passage.exchange.trace_id, **_where(exception))
            problem = Problem(None, "internal")
        if passage.started:
            raise exception
        await render(problem, passage.scope, self._base)(passage.scope, passage.receive, passage.send)


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

    def __init__(self, scope: Scope, receive: Receive, send: Send, exchange: Exchange, version: str) -> None:
        self.scope = scope
        self.receive = receive
        self.exchange = exchange
        self.started = False
        self.body = True
        self.late: Problem | None = None
        self._send = send
        self._version = version
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
            self._dress(MutableHeaders(scope=message), message["status"])
        elif not self.body and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _dress(self, headers: MutableHeaders, status: int) -> None:
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        headers["api-version"] = self._version
        headers["traceparent"] = self.exchange.traceparent
        standing = self.scope.get("jos.rate")
        if isinstance(standing, Standing):
            headers["ratelimit-policy"] = f'"client";q={standing.limit};w=1'
            headers["ratelimit"] = f'"client";r={standing.remaining};t={standing.reset}'
        if status in (429, 503, 507):
            headers.setdefault("retry-after", "1")
