"""The gateway as an application: GraphQL over kpi's tables, as a role that can only read them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import httpx
from fastapi import FastAPI
from starlette.routing import Route

from services.kpi import catalogue
from services.kpi import errors as _errors  # noqa: F401  (registers the codes of kpi)
from services.kpi.gateway.gateway import Gateway
from services.kpi.gateway.route import graphql
from shared.auth.keys import Keys
from shared.auth.remote import RemoteKeys
from shared.auth.verifier import Verifier
from shared.clock import Clock
from shared.domain.texts import Text
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Settings
from shared.web.app import create_service_app
from shared.web.health import register_check
from shared.web.tokens import Tokens

PATH = "/graphql"
DESCRIPTION = """Cijfers lezen met GraphQL: `POST /graphql` met `{query, variables}`. Het schema staat in
`docs/schema.graphql` en is op te vragen met introspectie."""

LESSON = Text(
    "Stel vragen met POST en een JSON-object met query; GraphQL verandert hier niets.",
    'Ask with POST and a JSON object with query: {"query": "{ programmes { code } }"}; GraphQL changes nothing here.',
)


def create_app(settings: Settings, clock: Clock, keys: Keys | None = None) -> FastAPI:
    """The gateway; `keys` of its own are for tests, whose databases may do without fsync."""
    client = httpx.AsyncClient()
    remote = RemoteKeys(f"{settings.issuer}/jwks", client)
    verifier = Verifier(keys or remote, settings.issuer, settings.audience, clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(client)
            if keys is None:
                await remote.start()
            pool = await stack.enter_async_context(await open_pool(settings, "kpi", "gateway"))
            await check_safety(pool, throwaway=keys is not None)
            tokens = Tokens(settings.secret("token.key").get_secret_value())
            app.state.gateway = Gateway(pool, tokens, clock, settings.statement_timeout_ms / 1000)
            _register(app, pool)
            yield

    app = create_service_app(
        "graphql",
        settings,
        clock,
        lifespan=lifespan,
        verifier=verifier,
        title="JOS: cijfers lezen",
        description=DESCRIPTION,
        prefix=PATH,
        lessons={PATH: LESSON},
    )
    app.router.routes.append(Route(PATH, graphql, methods=["POST"], name="graphql"))
    return app


def _register(app: FastAPI, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    async def definitions() -> str | None:
        """Without definitions there is nothing to answer: kpi applies them when it starts."""
        async with pool.acquire() as connection:
            return None if await catalogue.kpis(connection) else "none yet"

    register_check(app, "definitions", definitions)
