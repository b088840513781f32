"""Runs a service as this process; only the service that is asked for is imported."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import cast

from fastapi import FastAPI

from shared.clock import SystemClock
from shared.settings import Misconfigured, Settings
from shared.web.serve import run

MODULES = {
    "registry": "services.registry.app",
    "interventions": "services.interventions.app",
    "contracts": "services.contracts.app",
    "kpi": "services.kpi.app",
    "gateway": "services.kpi.gateway.app",
}
"""Where each service's `create_app(settings, clock)` is."""


def run_service(service: str, settings: Settings) -> None:
    """Serve until SIGTERM. Raises `Misconfigured`, also when that shows only once the database is reached."""
    app = application(service, settings)
    wrong = _what_is_wrong(app)
    try:
        run(app, settings.host, settings.port)
    except SystemExit:
        if wrong:
            raise wrong[0] from None
        raise


def application(service: str, settings: Settings) -> FastAPI:
    """The application of `service`, opening and closing what it needs in its lifespan."""
    if service == "issuer":
        from shared.auth.issuer import create_issuer_app

        return create_issuer_app(settings, SystemClock(), settings.data_dir / "clients.json")
    return cast("FastAPI", import_module(MODULES[service]).create_app(settings, SystemClock()))


def _what_is_wrong(app: FastAPI) -> list[Misconfigured]:
    """Filled when the application does not start because of a setting; the one line is then the only one."""
    wrong: list[Misconfigured] = []
    start = app.router.lifespan_context

    @asynccontextmanager
    async def watched(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with start(app):
                yield
        except Misconfigured as error:
            wrong.append(error)
            logging.disable()
            raise

    app.router.lifespan_context = watched
    return wrong
