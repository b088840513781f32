"""Youth-help regions (*jeugdhulpregio's*) with their sub-regions and municipalities."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.codes import RegionCode
from services.registry.kept import REGIONS
from services.registry.refusals import region_not_yours
from services.registry.region import DefineRegion, Region, SubRegion, decide
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["regions"])


class RegionView(Shown):
    """A region; `validFrom` is the day from which this definition holds."""

    region: str
    name: str
    sub_regions: list[SubRegion]
    municipalities: list[str]


def view(state: Region, on: date) -> RegionView:
    """The region as it is defined on the day."""
    defined = state.definitions.at(on) or state.definitions.steps[0][1]
    return RegionView(
        region=defined.region,
        name=defined.name,
        sub_regions=list(defined.sub_regions),
        municipalities=list(defined.municipalities),
        valid_from=defined.valid_from,
    )


@routes.post("/regions", dependencies=[REGISTRY_ADMIN], status_code=201)
async def define_region(body: DefineRegion, acting: Act) -> Done[RegionView]:
    """Leg uw regio vast, of leg haar opnieuw vast vanaf een dag. Alleen de eigen regio."""
    if body.region != acting.caller.region:
        raise region_not_yours()
    return await acting.do_known(
        REGIONS,
        streams.region(body.region),
        body,
        lambda state, known: decide(body, state, [code for code in body.municipalities if known.municipality(code)]),
        view,
        others=[streams.municipality(code) for code in body.municipalities],
        location=f"/regions/{body.region}",
    )


@routes.get("/regions", dependencies=[ANYONE])
async def list_regions(listing: Lists) -> Page[RegionView]:
    """De regio's, op volgorde van code."""
    return await listing.page(REGIONS, "region", view)


@routes.get("/regions/{region}", dependencies=[ANYONE])
async def read_region(region: RegionCode, reading: Read) -> RegionView:
    """Eén regio."""
    return await reading.one(REGIONS, streams.region(region), view)


@routes.get("/regions/{region}/history", dependencies=[ANYONE])
async def region_history(region: RegionCode, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een regio is vastgelegd."""
    return await reading.history(REGIONS, streams.region(region))
