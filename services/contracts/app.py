"""Contracts as an application."""

from contextlib import AsyncExitStack

from fastapi import FastAPI

from services.contracts import errors as _errors  # noqa: F401  (registers the codes of contracts)
from services.contracts.api import ROUTERS
from services.contracts.learning import Learner
from services.contracts.rounds import Delivered
from shared.administration.app import create_administration_app
from shared.auth.keys import Keys
from shared.clock import Clock
from shared.feeds.follower import Follower
from shared.feeds.opening import open_feed
from shared.settings import Settings
from shared.web.health import register_check

DESCRIPTION = """Overeenkomsten tussen een regio en een aanbieder: opstellen, tekenen, scholen erbij, verlengen,
opzeggen, beëindigen; de contractkalender en de signalen die daaruit volgen. Bij ondertekening staat alles vast wat
later meetelt; niets hoeft wakker te worden als een contract begint of eindigt."""


def create_app(settings: Settings, clock: Clock, keys: Keys | None = None) -> FastAPI:
    """Contracts; `keys` of its own are for tests, whose databases may do without fsync."""

    async def follow_registry(app: FastAPI, stack: AsyncExitStack) -> None:
        learner = Learner()
        pool = app.state.running.pool
        feed = open_feed("registry", settings, clock, reader="contracts-facts", pool=pool, group=False)
        follower = Follower("facts", [feed], learner.apply, reset=learner.reset, clock=clock)
        await follower.start()
        stack.push_async_callback(follower.close)
        register_check(app, "facts", follower.problem)
        app.state.running.others["registry"] = follower
        app.state.learner = learner
        await follow_deliveries(app, stack)

    async def follow_deliveries(app: FastAPI, stack: AsyncExitStack) -> None:
        """For alerts alone: nothing else waits for kpi."""
        delivered = app.state.delivered = Delivered()
        feed = open_feed("kpi", settings, clock, reader="contracts-alerts", pool=app.state.running.pool, group=False)
        follower = Follower("deliveries", [feed], delivered.apply, reset=delivered.reset, clock=clock)
        await follower.start()
        stack.push_async_callback(follower.close)
        app.state.deliveries = follower

    return create_administration_app(
        "contracts",
        settings,
        clock,
        keys,
        title="JOS: contracten",
        description=DESCRIPTION,
        routers=ROUTERS,
        started=follow_registry,
    )
