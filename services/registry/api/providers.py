"""Providers of youth help (*jeugdhulpaanbieders*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.codes import ProviderCode
from services.registry.kept import PROVIDERS
from services.registry.provider import Provider, RegisterProvider, decide
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["providers"])


class ProviderView(Shown):
    """A provider; `kvk` is the eight digits of its code."""

    provider: str
    name: str
    kvk: str


def view(state: Provider, _on: date) -> ProviderView:
    """A provider."""
    return ProviderView(provider=state.provider, name=state.name, kvk=state.kvk, valid_from=state.valid_from)


@routes.post("/providers", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_provider(body: RegisterProvider, acting: Act) -> Done[ProviderView]:
    """Leg een aanbieder vast."""
    return await acting.do_known(
        PROVIDERS,
        streams.provider(body.provider),
        body,
        lambda state, _: decide(body, state),
        view,
        location=f"/providers/{body.provider}",
    )


@routes.get("/providers", dependencies=[ANYONE])
async def list_providers(listing: Lists) -> Page[ProviderView]:
    """De aanbieders, op volgorde van code."""
    return await listing.page(PROVIDERS, "provider", view)


@routes.get("/providers/{provider}", dependencies=[ANYONE])
async def read_provider(provider: ProviderCode, reading: Read) -> ProviderView:
    """Eén aanbieder."""
    return await reading.one(PROVIDERS, streams.provider(provider), view)


@routes.get("/providers/{provider}/history", dependencies=[ANYONE])
async def provider_history(provider: ProviderCode, reading: Read) -> list[HistoryEntry]:
    """Alles wat over een aanbieder is vastgelegd."""
    return await reading.history(PROVIDERS, streams.provider(provider))
