"""Municipalities (*gemeenten*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.naming import former
from services.registry.codes import MunicipalityCode
from services.registry.kept import MUNICIPALITIES
from services.registry.known import Known
from services.registry.municipality import (
    MergeMunicipality,
    Municipality,
    MunicipalityEvent,
    RegisterMunicipality,
    RenameMunicipality,
    decide,
)
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["municipalities"])


class MunicipalityView(Shown):
    """A municipality, by its CBS code."""

    municipality: str
    name: str
    former_names: list[str]
    successor: str | None


def view(state: Municipality, on: date) -> MunicipalityView:
    """A municipality with its name on the day; `successor` is what it went on as after its last day."""
    day = nearest(on, state.valid_from, state.valid_to)
    return MunicipalityView(
        municipality=state.municipality,
        name=state.names.at(day) or "",
        former_names=former(state.names, day),
        successor=state.successor,
        valid_from=state.valid_from,
        valid_to=state.valid_to,
    )


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


def _own(acting: Acting, known: Known, municipality: str) -> None:
    """A municipality is changed by the region that it belongs to. Raises `Refused` (404) for any other."""
    region = known.region()
    if region is None or municipality not in region.municipalities or region.region != acting.caller.region:
        raise nowhere()


async def _change(
    acting: Acting, municipality: str, command: RenameMunicipality | MergeMunicipality
) -> Done[MunicipalityView]:
    successor = command.successor if isinstance(command, MergeMunicipality) else None

    def decided(state: Municipality | None, known: Known) -> list[MunicipalityEvent]:
        _own(acting, known, municipality)
        return decide(command, state, successor is not None and known.municipality(successor))

    others = [streams.region(acting.caller.region or ""), *([streams.municipality(successor)] if successor else [])]
    return await acting.do_known(
        MUNICIPALITIES, streams.municipality(municipality), command, decided, view, others=others
    )


@routes.post("/municipalities/{municipality}/names", dependencies=[REGISTRY_ADMIN], status_code=201)
async def rename_municipality(
    municipality: MunicipalityCode, body: RenameMunicipality, acting: Act
) -> Done[MunicipalityView]:
    """Geef een gemeente van uw regio een andere naam vanaf een dag."""
    return await _change(acting, municipality, body)


@routes.post("/municipalities/{municipality}/merger", dependencies=[REGISTRY_ADMIN], status_code=201)
async def merge_municipality(
    municipality: MunicipalityCode, body: MergeMunicipality, acting: Act
) -> Done[MunicipalityView]:
    """Leg vast dat een gemeente van uw regio opging in een andere; haar code blijft en wijst de weg."""
    return await _change(acting, municipality, body)


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
