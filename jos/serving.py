"""Runs a service as this process; only the service that is asked for is imported."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from typing import cast

import asyncpg
from fastapi import FastAPI

from jos.exits import Exit, Stop
from shared.auth.errors import KeysUnavailable
from shared.clock import SystemClock
from shared.log.errors import Unavailable
from shared.settings import Misconfigured, Settings
from shared.telemetry import configure_logging, serve_metrics
from shared.tracing import switch_on
from shared.web.serve import run

MODULES = {
    "registry": "services.registry.app",
    "interventions": "services.interventions.app",
    "contracts": "services.contracts.app",
    "kpi": "services.kpi.app",
    "gateway": "services.kpi.gateway.app",
}
"""Where each service's `create_app(settings, clock)` is."""

ABSENT = (KeysUnavailable, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable)
"""What a start raises when the issuer or the database is not there."""


def run_service(service: str, settings: Settings) -> None:
    """Serve until SIGTERM, with metrics on a port of their own and log lines on standard error (G-28).

    Raises `Misconfigured`, also when that shows only once the database is reached, and `Stop` (69) when what the
    service needs is not there.
    """
    configure_logging(service, SystemClock())
    end_traces = switch_on(service, settings, SystemClock())

    app = application(service, settings)
    wrong = _watched(app, settings)
    try:
        run(app, settings.host, settings.port)
    except SystemExit:
        if not wrong:
            raise
        if isinstance(wrong[0], Misconfigured):
            raise wrong[0] from None
        raise Stop(Exit.UNAVAILABLE, f"{service} does not start: {type(wrong[0]).__name__}") from None
    finally:
        end_traces()


def application(service: str, settings: Settings) -> "FastAPI":
    """The application of `service`, opening and closing what it needs in its lifespan."""
    if service == "issuer":
        from shared.issuer.app import create_issuer_app

        return create_issuer_app(settings, SystemClock(), settings.data_dir / "clients.json")
    return cast("FastAPI", import_module(MODULES[service]).create_app(settings, SystemClock()))


def _watched(app: FastAPI, settings: Settings) -> list[Exception]:
    """Give the application its metrics, and note what keeps it from starting: the line about that is then the last."""
    wrong: list[Exception] = []
    start = app.router.lifespan_context

    @asynccontextmanager
    async def watched(app: "FastAPI") -> AsyncIterator[None]:
        try:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(start(app))
                await stack.enter_async_context(_metrics(settings))
                yield
        except (Misconfigured, *ABSENT) as error:
            wrong.append(error)
            logging.disable()
            raise

    app.router.lifespan_context = watched
    return wrong


@asynccontextmanager
async def _metrics(settings: Settings) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(serve_metrics(settings.metrics_port, settings.host))
        except OSError:
            raise Misconfigured("JOS_METRICS_PORT", "the port is taken or not allowed") from None
        yield
