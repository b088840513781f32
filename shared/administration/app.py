"""The application of a service of administrators: who may call, its log, its copy in memory, its routes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from shared.administration import errors as _errors  # noqa: F401  (registers the codes of administration)
from shared.administration.running import start_running
from shared.auth.keys import Keys
from shared.auth.remote import RemoteKeys
from shared.auth.verifier import Verifier
from shared.clock import Clock
from shared.domain.texts import Text
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Settings
from shared.web.app import create_service_app

NOTHING_IS_OVERWRITTEN = Text(
    "Wat is vastgelegd wordt niet overschreven of gewist: leg met POST vast wat er vanaf welke dag verandert.",
    "What is recorded is neither overwritten nor deleted: record with POST what changes from which day on.",
)

Started = Callable[[FastAPI, AsyncExitStack], Awaitable[None]]
"""What a service starts beside its log and copy; the stack closes it."""


def create_administration_app(
    service: str,
    settings: Settings,
    clock: Clock,
    keys: Keys | None,
    *,
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    started: Started | None = None,
) -> FastAPI:
    """The application; `keys` of its own are for tests, whose databases may do without fsync."""
    client = httpx.AsyncClient()
    remote = RemoteKeys(f"{settings.issuer}/jwks", client)
    verifier = Verifier(keys or remote, settings.issuer, settings.audience, clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(client)
            if keys is None:
                await remote.start()
            pool = await stack.enter_async_context(await open_pool(settings, service))
            await check_safety(pool, throwaway=keys is not None)
            app.state.running = await start_running(app, service, pool, clock, stack)
            if started:
                await started(app, stack)
            yield

    return create_service_app(
        service,
        settings,
        clock,
        lifespan=lifespan,
        verifier=verifier,
        title=title,
        description=description,
        routers=routers,
        lessons=_lessons(service, routers),
    )


def _lessons(service: str, routers: Sequence[APIRouter]) -> dict[str, Text]:
    """What to do instead, where somebody would overwrite or delete."""
    paths = [route.path for routes in routers for route in routes.routes if isinstance(route, APIRoute)]
    return {f"/{service}/v1{path}": NOTHING_IS_OVERWRITTEN for path in paths}
