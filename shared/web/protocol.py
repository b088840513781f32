"""uvicorn's HTTP protocol with the bounds it leaves open: how large and how slow a head may be, and what follows it."""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

HEAD_SECONDS = 10.0
"""Seconds in which a request line and its headers must have come."""
MAX_HEAD = 64 * 1024
"""Bytes of a request line and its headers; what is larger than the edge takes gets its 431 there."""
MAX_AFTER_ANSWER = 1024 * 1024
"""Bytes that are still taken of a body after it was answered (a 413), so that the answer arrives."""

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """One connection. A timer runs only while a head is incomplete, so that a normal request costs none."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = False
        self._in_body = False
        self._ended = False
        self._head = 0
        self._after = 0
        self._timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Start waiting for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes where nobody else counts."""
        if self._in_body and self.cycle is not None and self.cycle.response_complete:
            self._after += len(data)
            if self._after > MAX_AFTER_ANSWER:
                self.transport.abort()
                return
        self._ended = False
        super().data_received(data)
        if self._in_head:
            # Behind the end of another request nobody knows where this head began: counted from the next bytes on.
            self._head += 0 if self._ended else len(data)
            if self._head > MAX_HEAD:
                self.transport.write(_TOO_LARGE)
                self.transport.close()
            elif self._timer is None:
                self._wait_for_head()

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there; what follows is the body."""
        self._in_head, self._in_body, self._after = False, True, 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is there; the next head may follow."""
        self._in_body, self._ended = False, True
        super().on_message_complete()

    def _wait_for_head(self) -> None:
        self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
