"""The application of a service of administrators: who may call, its log, its copy in memory, its routes."""

from collections.abc import Sequence
from contextlib import AsyncExitStack

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from shared.administration import errors as _errors  # noqa: F401  (registers the codes of administration)
from shared.administration.running import start_running
from shared.application import Open, create_application
from shared.auth.keys import Keys
from shared.clock import Clock
from shared.domain.texts import Text
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Settings

NOTHING_IS_OVERWRITTEN = Text(
    "Wat is vastgelegd wordt niet overschreven of gewist: leg met POST vast wat er vanaf welke dag verandert.",
    "What is recorded is neither overwritten nor deleted: record with POST what changes from which day on.",
)


def create_administration_app(
    service: str,
    settings: Settings,
    clock: Clock,
    keys: Keys | None,
    *,
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    started: Open | None = None,
) -> FastAPI:
    """The application; `keys` of its own are for tests."""

    async def open_(app: FastAPI, stack: AsyncExitStack) -> None:
        pool = await stack.enter_async_context(await open_pool(settings, service))
        await check_safety(pool)
        app.state.running = await start_running(app, service, pool, clock, stack)
        if started:
            await started(app, stack)

    return create_application(
        service,
        settings,
        clock,
        keys,
        open_,
        title=title,
        description=description,
        routers=routers,
        lessons=_lessons(service, routers),
    )


def _lessons(service: str, routers: Sequence[APIRouter]) -> dict[str, Text]:
    """What to do instead, where somebody would overwrite or delete."""
    paths = [route.path for routes in routers for route in routes.routes if isinstance(route, APIRoute)]
    return {f"/{service}/v1{path}": NOTHING_IS_OVERWRITTEN for path in paths}
