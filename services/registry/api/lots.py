"""Lots in procurement (*percelen*) of a region."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import PROGRAMME_ADMIN, Act, Done
from services.registry.kept import LOTS
from services.registry.lot import AllowResponsibleAllocation, DefineLot, Lot, LotCode, decide
from services.registry.refusals import region_not_yours
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["lots"])


class LotView(Shown):
    """A lot, with whether it allows *verantwoorde werktoedeling* on the day (2C-35)."""

    lot: str
    region: str
    name: str
    responsible_allocation: bool


def view(state: Lot, on: date) -> LotView:
    """A lot on the day."""
    allowed = state.allowed.at(nearest(on, state.valid_from))
    return LotView(
        lot=state.lot,
        region=state.region,
        name=state.name,
        responsible_allocation=bool(allowed),
        valid_from=state.valid_from,
    )


@routes.post("/lots", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def define_lot(body: DefineLot, acting: Act) -> Done[LotView]:
    """Leg een perceel van uw regio vast; de code begint met die van de regio."""
    region = acting.caller.region
    if region is None or not body.lot.startswith(f"{region}-"):
        raise region_not_yours("/lot")
    return await acting.do_known(
        LOTS,
        streams.lot(body.lot),
        body,
        lambda state, _: decide(body, state, region),
        view,
        location=f"/lots/{body.lot}",
    )


@routes.post("/lots/{lot}/responsible-allocation", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def allow_responsible_allocation(lot: LotCode, body: AllowResponsibleAllocation, acting: Act) -> Done[LotView]:
    """Leg vast of een perceel verantwoorde werktoedeling toestaat vanaf een dag."""
    region = acting.caller.region
    if region is None or not lot.startswith(f"{region}-"):
        raise nowhere()
    return await acting.do_known(LOTS, streams.lot(lot), body, lambda state, _: decide(body, state, region), view)


@routes.get("/lots", dependencies=[ANYONE])
async def list_lots(listing: Lists) -> Page[LotView]:
    """De percelen, op volgorde van code."""
    return await listing.page(LOTS, "lot", view)


@routes.get("/lots/{lot}", dependencies=[ANYONE])
async def read_lot(lot: LotCode, reading: Read) -> LotView:
    """Eén perceel."""
    return await reading.one(LOTS, streams.lot(lot), view)


@routes.get("/lots/{lot}/history", dependencies=[ANYONE])
async def lot_history(lot: LotCode, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een perceel is vastgelegd."""
    return await reading.history(LOTS, streams.lot(lot))
