"""The interventions service as an application: its log, its vault, its copy of the facts, its loops and its routes."""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Protocol

from fastapi import FastAPI

from services.interventions import lessons as _lessons  # noqa: F401  (registers the codes of this service)
from services.interventions.api import catalogue, events, findings, held, pushing
from services.interventions.api.documents import LESSONS, describe
from services.interventions.facts import Facts
from services.interventions.findings import note_findings
from services.interventions.held import HeldEvents
from services.interventions.intake import Intake
from services.interventions.learning import learn
from services.interventions.means import Means
from services.interventions.receipts import Receipts
from services.interventions.rejudging import Changes, Rejudging
from services.interventions.running import SERVICE, Running
from services.interventions.vault.sweeping import Sweeping, note_use
from services.interventions.vault.vault import Vault
from shared.application import create_application
from shared.auth.keys import Keys
from shared.clock import Clock
from shared.feeds.consumer import Consumer
from shared.feeds.follower import Follower
from shared.feeds.opening import carry, open_feed
from shared.feeds.postgres import PostgresFeed
from shared.log.heads import HeadKeeper
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.postgres.safety import check_safety
from shared.settings import Settings
from shared.web.health import register_check
from shared.web.tokens import Tokens

DESCRIPTION = """Gebeurtenissen van aanbieders: groeps- en individuele interventies, ouderondersteuning, crisis,
coaching en trajecten. Wat is opgeslagen verandert niet; corrigeren en intrekken zijn zelf gebeurtenissen."""

READY_SECONDS = 30.0
"""How long a start waits for the facts; after that the service runs, and refuses until they are there."""

PAUSE = 0.2
"""Seconds between two readings of the own log in a burst: findings are in no hurry, and events by the hundred cost a
fifth of what they cost one by one. A lone event is met at once."""

PIECE = 200
"""Events of the own log that the sweeping of the vault reads at once, so that others get their turn in between."""

ROUTERS = (events.routes, held.routes, findings.routes, catalogue.routes)


def create_app(settings: Settings, clock: Clock, keys: Keys | None = None) -> FastAPI:
    """The interventions service; `keys` other than the issuer's own are for tests."""

    async def open_(app: FastAPI, stack: AsyncExitStack) -> None:
        app.state.running = await _open(app, settings, clock, stack)

    return create_application(
        SERVICE,
        settings,
        clock,
        keys,
        open_,
        title="JOS: interventies",
        description=DESCRIPTION,
        routers=ROUTERS,
        first=[pushing.route],
        lessons=LESSONS,
        describe=describe,
    )


async def _open(app: FastAPI, settings: Settings, clock: Clock, stack: AsyncExitStack) -> Running:
    """Open everything, to be closed in reverse order; ready once the facts were read to their end."""
    pool = await stack.enter_async_context(await open_pool(settings, SERVICE))
    vault_pool = await stack.enter_async_context(await open_pool(settings, "vault", max_size=4, sessions_change=False))
    for one in (pool, vault_pool):
        await check_safety(one)
    log = Log(SERVICE, pool, clock)
    await _start(log, stack)
    await _start(HeadKeeper(log, settings, clock), stack)
    facts, changes = Facts(), Changes()
    await carry(SERVICE, pool, settings, clock, stack)
    feeds = [
        open_feed(name, settings, clock, reader="interventions-facts", pool=pool, group=False)
        for name in ("registry", "contracts")
    ]

    def learnt() -> None:
        changes.tell(facts.take_changed())

    follower = Follower(
        "facts", feeds, lambda _, events: learn(facts, events), on_change=learnt, reset=facts.reset, clock=clock
    )
    held_events, receipts = HeldEvents(pool), Receipts(pool)
    await held_events.start()
    vault = Vault(vault_pool, settings.secret("vault.key").get_secret_value(), clock)
    means = Means(log, vault, facts, follower.vector, clock)
    intake = Intake(means, held_events, changes.tell)
    rejudging = Rejudging(means, intake, held_events, receipts, pool, changes)
    own = open_feed(SERVICE, settings, clock, reader="findings", pool=pool)
    finder = Consumer("findings", [own], pool, note_findings, clock, pause=PAUSE)
    # What is used is asked of the log itself, just before a sweep: no mapping goes because a broker is late.
    user = Consumer("vault-use", [PostgresFeed(SERVICE, settings)], vault_pool, note_use, clock, batch=PIECE)
    await _start(follower, stack)
    await _start(finder, stack)
    sweeping = Sweeping(vault_pool, clock, user, held_events.subjects)
    await _start(sweeping, stack)
    with suppress(TimeoutError):
        async with asyncio.timeout(READY_SECONDS):
            await follower.ready.wait()
    await _start(rejudging, stack)

    async def database() -> str | None:
        await log.head()
        await vault_pool.fetchval("select 1")
        return None

    register_check(app, "database", database)
    register_check(app, "facts", follower.problem)
    register_check(app, "findings", finder.problem)
    tokens = Tokens(settings.secret("token.key").get_secret_value())
    return Running(pool, means, intake, held_events, receipts, follower, finder, sweeping, tokens)


class _Startable(Protocol):
    async def start(self) -> None: ...
    async def close(self) -> None: ...


async def _start(one: _Startable, stack: AsyncExitStack) -> None:
    await one.start()
    stack.push_async_callback(one.close)
