"""The registry as an application."""

from fastapi import FastAPI

from services.registry import errors as _errors  # noqa: F401  (registers the codes of the registry)
from services.registry.api import ROUTERS
from shared.administration.app import create_administration_app
from shared.auth.keys import Keys
from shared.clock import Clock
from shared.settings import Settings

DESCRIPTION = """Wie en wat er is: gemeenten, regio's, scholen en vestigingen, aanbieders, medewerkers, programma's met
hun regels, wie meedoet, welke aanbieder een school koos en wie waar is ingezet. Alles op elke dag (`validOn`), zoals
het op elk moment bekend was (`knownAt`)."""


def create_app(settings: Settings, clock: Clock, keys: Keys | None = None) -> FastAPI:
    """The registry; `keys` of its own are for tests, whose databases may do without fsync."""
    return create_administration_app(
        "registry",
        settings,
        clock,
        keys,
        title="JOS: registratie",
        description=DESCRIPTION,
        routers=ROUTERS,
    )
