"""The registry as an application: its log, its copy in memory, its routes."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.registry import errors as _errors  # noqa: F401  (registers the codes of the registry)
from services.registry.api import ROUTERS
from services.registry.directory import Directory
from services.registry.running import SERVICE, SOURCE, Running
from shared.acts import Acts
from shared.auth.keys import Keys
from shared.auth.remote import RemoteKeys
from shared.auth.verifier import Verifier
from shared.clock import Clock
from shared.domain.texts import Text
from shared.feeds.follower import Follower
from shared.feeds.postgres import PostgresFeed
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Settings
from shared.web.app import create_service_app
from shared.web.health import register_check
from shared.web.tokens import Tokens

DESCRIPTION = """Wie en wat er is: gemeenten, regio's, scholen en vestigingen, aanbieders, medewerkers, programma's met
hun regels, wie meedoet, welke aanbieder een school koos en wie waar is ingezet. Alles op elke dag (`validOn`), zoals
het op elk moment bekend was (`knownAt`)."""


NOTHING_IS_OVERWRITTEN = Text(
    "Wat is vastgelegd wordt niet overschreven of gewist: leg met POST vast wat er vanaf welke dag verandert.",
    "What is recorded is neither overwritten nor deleted: record with POST what changes from which day on.",
)
LESSONS = {
    f"/{SERVICE}/v1{route.path}": NOTHING_IS_OVERWRITTEN
    for routes in ROUTERS
    for route in routes.routes
    if isinstance(route, APIRoute)
}


def create_app(settings: Settings, clock: Clock, keys: Keys | None = None) -> FastAPI:
    """The registry; `keys` of its own are for tests, whose databases may do without fsync."""
    client = httpx.AsyncClient()
    remote = RemoteKeys(f"{settings.issuer}/jwks", client)
    verifier = Verifier(keys or remote, settings.issuer, settings.audience, clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(client)
            if keys is None:
                await remote.start()
            pool = await stack.enter_async_context(await open_pool(settings, SERVICE))
            await check_safety(pool, throwaway=keys is not None)
            app.state.running = await _open(app, Log(SERVICE, pool, clock), clock, stack)
            yield

    return create_service_app(
        SERVICE,
        settings,
        clock,
        lifespan=lifespan,
        verifier=verifier,
        title="JOS: registratie",
        description=DESCRIPTION,
        routers=ROUTERS,
        lessons=LESSONS,
    )


async def _open(app: FastAPI, log: Log, clock: Clock, stack: AsyncExitStack) -> Running:
    """Start the log and the copy in memory, to be closed in reverse order."""
    settings: Settings = app.state.settings
    await log.start()
    stack.push_async_callback(log.close)
    directory = Directory()
    feed = PostgresFeed(SERVICE, settings)
    follower = Follower("directory", [feed], directory.apply, reset=directory.reset, clock=clock)
    await follower.start()
    stack.push_async_callback(follower.close)

    async def database() -> str | None:
        await log.head()
        return None

    register_check(app, "database", database)
    register_check(app, "directory", follower.problem)
    tokens = Tokens(settings.secret("token.key").get_secret_value())
    return Running(Acts(log, clock, SOURCE), directory, follower, tokens, clock)
