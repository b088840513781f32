"""Runs an application as a process of its own."""

import gc
from socket import socket

import uvicorn
from starlette.types import ASGIApp

from shared.web.protocol import BoundedProtocol

DRAIN_SECONDS = 25
"""Seconds in which requests under way may end after SIGTERM (G-19)."""
KEEP_ALIVE_SECONDS = 75


class _Server(uvicorn.Server):
    """A server that, once started, leaves what will live for ever out of every garbage collection."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 100)


def run(app: ASGIApp, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then drain for at most 25 s.

    Headers of proxies are not believed, the server does not name itself, and no line is logged per request.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    _Server(config).run()
