"""The gateway as an application: GraphQL over kpi's tables, as a role that can only read them."""

from contextlib import AsyncExitStack
from functools import partial

import asyncpg
from fastapi import FastAPI
from starlette.routing import Route

from services.kpi import catalogue
from services.kpi import errors as _errors  # noqa: F401  (registers the codes of kpi)
from services.kpi.gateway.gateway import Gateway
from services.kpi.gateway.operation import describe
from services.kpi.gateway.route import graphql
from shared.application import create_application
from shared.auth.keys import Keys
from shared.clock import Clock
from shared.domain.texts import Text
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Settings
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
    """The gateway; `keys` of its own are for tests."""

    async def open_(app: FastAPI, stack: AsyncExitStack) -> None:
        pool = await stack.enter_async_context(await open_pool(settings, "kpi", "gateway"))
        await check_safety(pool)
        tokens = Tokens(settings.secret("token.key").get_secret_value())
        app.state.gateway = Gateway(pool, tokens, clock, settings.statement_timeout_ms / 1000)
        _register(app, pool)

    app = create_application(
        "graphql",
        settings,
        clock,
        keys,
        open_,
        title="JOS: cijfers lezen",
        description=DESCRIPTION,
        prefix=PATH,
        lessons={PATH: LESSON},
        describe=partial(describe, PATH),
    )
    app.router.routes.append(Route(PATH, graphql, methods=["POST"], name="graphql"))
    return app


def _register(app: FastAPI, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    async def definitions() -> str | None:
        """Without definitions there is nothing to answer: kpi applies them when it starts."""
        async with pool.acquire() as connection:
            return None if await catalogue.kpis(connection) else "none yet"

    register_check(app, "definitions", definitions)
