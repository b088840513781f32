"""Partnerships of school boards (*samenwerkingsverbanden*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.api.naming import former
from services.registry.kept import PARTNERSHIPS
from services.registry.partnership import (
    Partnership,
    PartnershipCode,
    RegisterPartnership,
    RenamePartnership,
    Sector,
    decide,
)
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["partnerships"])


class PartnershipView(Shown):
    """A partnership with its name on the day."""

    partnership: str
    name: str
    former_names: list[str]
    sector: Sector


def view(state: Partnership, on: date) -> PartnershipView:
    """A partnership with its name on the day."""
    day = nearest(on, state.valid_from)
    return PartnershipView(
        partnership=state.partnership,
        name=state.names.at(day) or "",
        former_names=former(state.names, day),
        sector=state.sector,
        valid_from=state.valid_from,
    )


@routes.post("/partnerships", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_partnership(body: RegisterPartnership, acting: Act) -> Done[PartnershipView]:
    """Leg een samenwerkingsverband vast."""
    return await acting.do_known(
        PARTNERSHIPS,
        streams.partnership(body.partnership),
        body,
        lambda state, _: decide(body, state),
        view,
        location=f"/partnerships/{body.partnership}",
    )


@routes.post("/partnerships/{partnership}/names", dependencies=[REGISTRY_ADMIN], status_code=201)
async def rename_partnership(
    partnership: PartnershipCode, body: RenamePartnership, acting: Act
) -> Done[PartnershipView]:
    """Geef een samenwerkingsverband dat u vastlegde een andere naam vanaf een dag."""
    if not (await acting.reach()).recorded(streams.partnership(partnership)):
        raise nowhere()
    stream = streams.partnership(partnership)
    return await acting.do_known(PARTNERSHIPS, stream, body, lambda state, _: decide(body, state), view)


@routes.get("/partnerships", dependencies=[ANYONE])
async def list_partnerships(listing: Lists) -> Page[PartnershipView]:
    """De samenwerkingsverbanden, op volgorde van nummer."""
    return await listing.page(PARTNERSHIPS, "partnership", view)


@routes.get("/partnerships/{partnership}", dependencies=[ANYONE])
async def read_partnership(partnership: PartnershipCode, reading: Read) -> PartnershipView:
    """Eén samenwerkingsverband."""
    return await reading.one(PARTNERSHIPS, streams.partnership(partnership), view)


@routes.get("/partnerships/{partnership}/history", dependencies=[ANYONE])
async def partnership_history(partnership: PartnershipCode, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een samenwerkingsverband is vastgelegd."""
    return await reading.history(PARTNERSHIPS, streams.partnership(partnership))
