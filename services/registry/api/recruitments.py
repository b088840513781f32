"""The school's part in recruiting its workers (*werving*)."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.api.at_school import rests_on, within
from services.registry.api.people import STAFF_READER, sees
from services.registry.codes import ProgrammeCode, ProviderCode, SiteReference, StaffKey
from services.registry.kept import RECRUITMENTS
from services.registry.recruitment import RecordInvolvement, Recruitment, SchoolRole, decide
from shared.administration.reading import HistoryEntry, Lists, Read, Shown
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["recruitment-involvements"])


class RecruitmentView(Shown):
    """Which roles of the school took part in choosing a worker, and when."""

    programme: str
    site: str
    provider: str
    staff: str
    roles: list[SchoolRole]


def view(state: Recruitment, _on: date) -> RecruitmentView:
    """The latest record."""
    return RecruitmentView(
        programme=state.programme,
        site=state.site,
        provider=state.provider,
        staff=state.staff,
        roles=list(state.roles),
        valid_from=state.held_on,
    )


@routes.post("/recruitment-involvements", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_involvement(body: RecordInvolvement, acting: Act) -> Done[RecruitmentView]:
    """Leg vast wie van de school betrokken was bij de werving van een medewerker."""
    ids = (body.programme, body.site, body.provider, body.staff)
    return await acting.do_known(
        RECRUITMENTS,
        streams.recruitment(*ids),
        body,
        lambda state, known: decide(body, state, known.at_school(*ids)),
        view,
        others=rests_on(acting.caller, body.programme, body.site, (body.provider, body.staff)),
        location=f"/recruitment-involvements/{'/'.join(ids)}",
    )


@routes.get("/recruitment-involvements", dependencies=[STAFF_READER])
async def list_involvements(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
) -> Page[RecruitmentView]:
    """De betrokkenheid bij werving die u mag zien, tot en met de dag."""
    return await listing.page(
        RECRUITMENTS,
        "recruitment",
        view,
        lambda one: (site is None or one.site.startswith(site)) and sees(listing.reading, one.programme, one.provider),
        within=within(programme, site),
    )


@routes.get("/recruitment-involvements/{programme}/{site}/{provider}/{staff}", dependencies=[STAFF_READER])
async def read_involvement(
    programme: ProgrammeCode, site: SiteReference, provider: ProviderCode, staff: StaffKey, reading: Read
) -> RecruitmentView:
    """De betrokkenheid van één school bij de werving van één medewerker."""
    await reading.ready()
    if not sees(reading, programme, provider):
        raise nowhere()
    return await reading.one(RECRUITMENTS, streams.recruitment(programme, site, provider, staff), view)


@routes.get("/recruitment-involvements/{programme}/{site}/{provider}/{staff}/history", dependencies=[STAFF_READER])
async def involvement_history(
    programme: ProgrammeCode, site: SiteReference, provider: ProviderCode, staff: StaffKey, reading: Read
) -> Page[HistoryEntry]:
    """Alles wat hierover is vastgelegd."""
    await reading.ready()
    if not sees(reading, programme, provider):
        raise nowhere()
    return await reading.history(RECRUITMENTS, streams.recruitment(programme, site, provider, staff))
