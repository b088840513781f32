"""The registry as an application."""

from contextlib import AsyncExitStack

from fastapi import FastAPI

from services.registry import errors as _errors  # noqa: F401  (registers the codes of the registry)
from services.registry.api import ROUTERS
from services.registry.elsewhere import Elsewhere
from shared.administration.app import create_administration_app
from shared.auth.keys import Keys
from shared.clock import Clock
from shared.feeds.follower import Follower
from shared.feeds.opening import open_feed
from shared.settings import Settings

DESCRIPTION = """Wie en wat er is: gemeenten, regio's, scholen en vestigingen, aanbieders, medewerkers, programma's met
hun regels, wie meedoet, welke aanbieder een school koos en wie waar is ingezet. Alles op elke dag (`validOn`), zoals
het op elk moment bekend was (`knownAt`)."""


def create_app(settings: Settings, clock: Clock, keys: Keys | None = None) -> FastAPI:
    """The registry; `keys` of its own are for tests, whose databases may do without fsync."""

    async def look_elsewhere(app: FastAPI, stack: AsyncExitStack) -> None:
        """For the work list alone: no other answer waits for a neighbour."""
        elsewhere = app.state.elsewhere = Elsewhere()
        app.state.elsewhere_followers = {}
        followed = (
            ("contracts", elsewhere.contracts, elsewhere.forget_contracts),
            ("kpi", elsewhere.kpi, elsewhere.forget_kpi),
        )
        for log, apply, reset in followed:
            feed = open_feed(log, settings, clock, reader="work-list", pool=app.state.running.pool, group=False)
            follower = Follower("work-list", [feed], apply, reset=reset, clock=clock)
            await follower.start()
            stack.push_async_callback(follower.close)
            app.state.elsewhere_followers[log] = follower

    return create_administration_app(
        "registry",
        settings,
        clock,
        keys,
        title="JOS: registratie",
        description=DESCRIPTION,
        routers=ROUTERS,
        started=look_elsewhere,
    )
