"""Municipalities (*gemeenten*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.codes import MunicipalityCode
from services.registry.kept import MUNICIPALITIES
from services.registry.municipality import Municipality, RegisterMunicipality, decide
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["municipalities"])


class MunicipalityView(Shown):
    """A municipality, by its CBS code."""

    municipality: str
    name: str


def view(state: Municipality, _on: date) -> MunicipalityView:
    """A municipality."""
    return MunicipalityView(municipality=state.municipality, name=state.name, valid_from=state.valid_from)


@routes.post("/municipalities", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_municipality(body: RegisterMunicipality, acting: Act) -> Done[MunicipalityView]:
    """Leg een gemeente vast."""
    return await acting.do_known(
        MUNICIPALITIES,
        streams.municipality(body.municipality),
        body,
        lambda state, _: decide(body, state),
        view,
        location=f"/municipalities/{body.municipality}",
    )


@routes.get("/municipalities", dependencies=[ANYONE])
async def list_municipalities(listing: Lists) -> Page[MunicipalityView]:
    """De gemeenten, op volgorde van code."""
    return await listing.page(MUNICIPALITIES, "municipality", view)


@routes.get("/municipalities/{municipality}", dependencies=[ANYONE])
async def read_municipality(municipality: MunicipalityCode, reading: Read) -> MunicipalityView:
    """Eén gemeente."""
    return await reading.one(MUNICIPALITIES, streams.municipality(municipality), view)


@routes.get("/municipalities/{municipality}/history", dependencies=[ANYONE])
async def municipality_history(municipality: MunicipalityCode, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een gemeente is vastgelegd."""
    return await reading.history(MUNICIPALITIES, streams.municipality(municipality))
