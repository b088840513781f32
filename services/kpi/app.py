"""kpi as an application: its log, the ledger that follows the four logs, its routes. Figures are the gateway's."""

from contextlib import AsyncExitStack

import asyncpg
from fastapi import FastAPI

from services.kpi import errors as _errors  # noqa: F401  (registers the codes of kpi)
from services.kpi import presence
from services.kpi.api import routes
from services.kpi.ledger import CONSUMER, apply
from services.kpi.loops import Loops
from services.kpi.own import SOURCE, Own
from services.kpi.running import SERVICE, Running
from services.kpi.standing import LOGS
from shared.acts import Acts
from shared.application import create_application
from shared.auth.keys import Keys
from shared.clock import Clock
from shared.feeds.consumer import Consumer
from shared.feeds.opening import carry, open_feed
from shared.feeds.postgres import PostgresFeed
from shared.log.heads import HeadKeeper
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Settings
from shared.web.health import register_check
from shared.web.tokens import Tokens

DESCRIPTION = """Cijfers als boekhouding: elke gebeurtenis van de vier logboeken wordt één keer geboekt. Hier leveren
scholen hun gegevens aan; de cijfers zelf leest u in GraphQL."""


def create_app(settings: Settings, clock: Clock, keys: Keys | None = None) -> FastAPI:
    """kpi; `keys` of its own are for tests."""

    async def open_(app: FastAPI, stack: AsyncExitStack) -> None:
        pool = await stack.enter_async_context(await open_pool(settings, SERVICE))
        await check_safety(pool)
        app.state.running = await _open(app, pool, clock, stack)

    return create_application(
        SERVICE,
        settings,
        clock,
        keys,
        open_,
        title="JOS: cijfers",
        description=DESCRIPTION,
        routers=(routes,),
    )


async def _open(app: FastAPI, pool: asyncpg.Pool, clock: Clock, stack: AsyncExitStack) -> Running:
    """Open the log, the ledger's consumer and the loops, to be closed in reverse order."""
    settings: Settings = app.state.settings
    log = Log(SERVICE, pool, clock)
    await log.start()
    stack.push_async_callback(log.close)
    heads = HeadKeeper(log, settings, clock)
    await heads.start()
    stack.push_async_callback(heads.close)
    own = Own(log, pool, clock)
    await carry(SERVICE, pool, settings, clock, stack)
    feeds = [open_feed(name, settings, clock, reader=CONSUMER, pool=pool) for name in LOGS]
    async with pool.acquire() as connection, connection.transaction():
        await presence.keep(connection)
    consumer = Consumer(CONSUMER, feeds, pool, apply, clock)
    loops = Loops(own, consumer, pool, clock)
    stack.push_async_callback(loops.close)
    await loops.start()
    await own.apply_definitions()
    stack.push_async_callback(consumer.close)
    await consumer.start()
    registry = PostgresFeed("registry", settings)
    stack.push_async_callback(registry.close)

    async def database() -> str | None:
        await log.head()
        return None

    register_check(app, "database", database)
    register_check(app, "ledger", consumer.problem)
    tokens = Tokens(settings.secret("token.key").get_secret_value())
    return Running(log, pool, Acts(log, clock, SOURCE), own, consumer, registry, tokens, clock)
