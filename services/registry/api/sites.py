"""Sites of schools (*onderwijslocaties*), by BRIN and site number."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.hints import whole_site
from services.registry.api.naming import former
from services.registry.codes import Hours, MunicipalityCode, SchoolType, SiteReference
from services.registry.kept import SITES
from services.registry.known import Known
from services.registry.refusals import unknown
from services.registry.school import Rename
from services.registry.site import (
    AddSite,
    ChangeMunicipality,
    ChangeType,
    CloseSite,
    Function,
    PlaceInPartnership,
    RecordTeachersHours,
    SetFunction,
    SetHolidayRegion,
    Site,
    SiteCommand,
    SiteEvent,
    decide,
)
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.school_holidays import HolidayRegion
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["sites"])


class SiteView(Shown):
    """A site, with its name and type on the day."""

    site: str
    school: str
    name: str
    school_type: SchoolType
    municipality: str
    sub_region: str | None
    former_names: list[str]
    function: Function | None
    partnership: str | None
    holiday_region: HolidayRegion | None
    teachers_hours_per_week: Hours | None


def view(state: Site, on: date) -> SiteView:
    """A site with its name and type on the day."""
    day = nearest(on, state.valid_from, state.valid_to)
    return SiteView(
        site=state.site,
        school=state.school,
        name=state.names.at(day) or "",
        school_type=state.types.at(day) or state.types.steps[0][1],
        municipality=state.place(day)[0],
        sub_region=state.place(day)[1],
        former_names=former(state.names, day),
        function=state.functions.at(day),
        partnership=state.partnerships.at(day),
        holiday_region=state.holiday_regions.at(day),
        teachers_hours_per_week=state.teachers_hours.at(day),
        valid_from=state.valid_from,
        valid_to=state.valid_to,
    )


async def _act(
    acting: Acting, site: str, command: SiteCommand, *others: str, location: str | None = None
) -> Done[SiteView]:
    site = whole_site(site, "/path/site", acting.running.directory)
    named = [streams.municipality(command.municipality)] if isinstance(command, AddSite | ChangeMunicipality) else []

    def decided(state: Site | None, known: Known) -> list[SiteEvent]:
        region, partnership = known.region(), False
        if isinstance(command, AddSite | ChangeMunicipality) and not known.stands(
            command.municipality, command.valid_from
        ):
            raise unknown("municipality", "/municipality", "deze gemeente", "this municipality")
        if isinstance(command, PlaceInPartnership):
            partnership = known.partnership(command.partnership)
        return decide(command, state, region, known.school(site[:4]), partnership)

    return await acting.do_known(
        SITES,
        streams.site(site),
        command,
        decided,
        view,
        others=[streams.region(acting.caller.region or ""), *named, *others],
        location=location,
    )


@routes.post("/sites", dependencies=[REGISTRY_ADMIN], status_code=201)
async def add_site(body: AddSite, acting: Act) -> Done[SiteView]:
    """Leg een vestiging van een school in uw regio vast."""
    return await _act(acting, body.site, body, streams.school(body.site[:4]), location=f"/sites/{body.site}")


@routes.post("/sites/{site}/names", dependencies=[REGISTRY_ADMIN], status_code=201)
async def rename_site(site: SiteReference, body: Rename, acting: Act) -> Done[SiteView]:
    """Geef een vestiging een andere naam vanaf een dag."""
    return await _act(acting, site, body)


@routes.post("/sites/{site}/types", dependencies=[REGISTRY_ADMIN], status_code=201)
async def change_type(site: SiteReference, body: ChangeType, acting: Act) -> Done[SiteView]:
    """Geef een vestiging een andere schoolsoort vanaf een dag."""
    return await _act(acting, site, body)


@routes.post("/sites/{site}/closure", dependencies=[REGISTRY_ADMIN], status_code=201)
async def close_site(site: SiteReference, body: CloseSite, acting: Act) -> Done[SiteView]:
    """Sluit een vestiging na haar laatste dag."""
    return await _act(acting, site, body)


@routes.post("/sites/{site}/functions", dependencies=[REGISTRY_ADMIN], status_code=201)
async def set_function(site: SiteReference, body: SetFunction, acting: Act) -> Done[SiteView]:
    """Leg vast of een vestiging een regionale of een lokale functie heeft vanaf een dag."""
    return await _act(acting, site, body)


@routes.post("/sites/{site}/partnerships", dependencies=[REGISTRY_ADMIN], status_code=201)
async def place_in_partnership(site: SiteReference, body: PlaceInPartnership, acting: Act) -> Done[SiteView]:
    """Leg vast bij welk samenwerkingsverband een vestiging hoort vanaf een dag."""
    return await _act(acting, site, body, streams.partnership(body.partnership))


@routes.post("/sites/{site}/holiday-regions", dependencies=[REGISTRY_ADMIN], status_code=201)
async def set_holiday_region(site: SiteReference, body: SetHolidayRegion, acting: Act) -> Done[SiteView]:
    """Leg vast van welke vakantieregio een vestiging de vakanties houdt vanaf een dag."""
    return await _act(acting, site, body)


@routes.post("/sites/{site}/municipalities", dependencies=[REGISTRY_ADMIN], status_code=201)
async def change_municipality(site: SiteReference, body: ChangeMunicipality, acting: Act) -> Done[SiteView]:
    """Leg vast dat een vestiging vanaf een dag in een andere gemeente van uw regio staat."""
    return await _act(acting, site, body)


@routes.post("/sites/{site}/teachers-hours", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_teachers_hours(site: SiteReference, body: RecordTeachersHours, acting: Act) -> Done[SiteView]:
    """Leg vast hoeveel uur per week de docenten van een vestiging er zijn vanaf een dag."""
    return await _act(acting, site, body)


@routes.get("/sites", dependencies=[ANYONE])
async def list_sites(
    listing: Lists,
    municipality: Annotated[MunicipalityCode | None, Query()] = None,
    school_type: Annotated[SchoolType | None, Query(alias="schoolType")] = None,
) -> Page[SiteView]:
    """De vestigingen, op volgorde van code."""
    return await listing.page(
        SITES,
        "site",
        view,
        lambda site: municipality in (None, site.municipality) and school_type in (None, site.school_type),
    )


@routes.get("/sites/{site}", dependencies=[ANYONE])
async def read_site(site: SiteReference, reading: Read) -> SiteView:
    """Eén vestiging."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.one(SITES, streams.site(code), view)


@routes.get("/sites/{site}/history", dependencies=[ANYONE])
async def site_history(site: SiteReference, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een vestiging is vastgelegd."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(SITES, streams.site(code))
