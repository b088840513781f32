"""Makes the application of a service: everything that all services have in common."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from starlette.routing import Route

from shared.auth.gate import Gate
from shared.auth.verifier import Verifier
from shared.clock import Clock
from shared.domain.texts import Text
from shared.settings import Settings
from shared.web import catalogue as _catalogue  # noqa: F401  (registers the codes every service answers with)
from shared.web.documents import document_routes, me_routes
from shared.web.edge import Edge
from shared.web.handlers import answer, handled
from shared.web.health import health_routes
from shared.web.openapi import Describe, describe_app
from shared.web.rules import check_routes

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

VERSION = "1.0.0"
"""The version of the interface, as in `API-Version` and OpenAPI (semantic)."""


def create_service_app(
    service: str,
    settings: Settings,
    clock: Clock,
    *,
    lifespan: Lifespan,
    verifier: Verifier | None,
    title: str,
    description: str = "",
    routers: Iterable[APIRouter] = (),
    first: Collection[Route] = (),
    prefix: str | None = None,
    slow: Collection[str] = (),
    lessons: Mapping[str, Text] | None = None,
    describe: Describe | None = None,
) -> FastAPI:
    """The application of a service, with `routers` under its prefix (`/<service>/v1` unless said otherwise).

    `first` are raw routes, with their full paths, that are asked so often that they are called without any detour.
    `verifier` None is for the issuer, which lets anyone ask. `slow` are full paths whose bodies may take long;
    `lessons` tells, per full path template, what to do instead of a method that is not possible there (405);
    `describe` adds the operations of raw routes to the OpenAPI document.
    Routes added later go to `app.include_router(router, prefix=app.state.base)`; every route must carry a rule
    (`shared.auth.require`), or the application does not start.
    """
    base = f"/{service}/v1" if prefix is None else prefix
    app = FastAPI(
        telemetry={"tracing": False, "metrics": False, "logs": False},
        title=title,
        description=description,
        version=VERSION,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        servers=[{"url": settings.public_url or "/"}],
        generate_unique_id_function=lambda route: route.name,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_checked(lifespan),
        exception_handlers=dict.fromkeys(handled(), answer),
    )
    app.state.base = base
    app.state.settings = settings
    app.state.clock = clock
    app.state.checks = {}
    app.state.lessons = dict(lessons or {})
    app.router.routes.extend(first)
    app.include_router(health_routes())
    app.include_router(document_routes(), prefix=base)
    if verifier is not None:
        app.state.gate = Gate(verifier, settings.rate_per_second)
        app.include_router(me_routes(settings.rate_per_second), prefix=base)
    for routes in routers:
        app.include_router(routes, prefix=base)
    describe_app(app, describe, f"{settings.issuer}/token")
    straight = {(method, one.path): one.endpoint for one in first for method in one.methods or ()}
    app.add_middleware(Edge, version=VERSION, base=base, hosts=hosts_of(settings), slow=slow, straight=straight)
    return app


def hosts_of(settings: Settings) -> frozenset[str]:
    """The names by which this service may be addressed."""
    public = urlsplit(settings.public_url).hostname
    return frozenset(filter(None, ("localhost", "127.0.0.1", "::1", settings.host, public)))


def _checked(lifespan: Lifespan) -> Lifespan:
    @asynccontextmanager
    async def started(app: FastAPI) -> AsyncIterator[None]:
        check_routes(app)
        async with lifespan(app):
            yield

    return started
