"""How many pupils a site has (*leerlingaantallen*), per school year."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.api.hints import whole_site
from services.registry.codes import SchoolYear, SiteReference
from services.registry.kept import PUPIL_COUNTS
from services.registry.pupil_count import CountSource, PupilCount, RecordPupilCount, decide
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["pupil-counts"])


class PupilCountView(Shown):
    """The count of a site for a school year, which is `validFrom` to `validTo`."""

    site: str
    school_year: str
    reference_date: date
    count: int
    source: CountSource


def view(state: PupilCount, _on: date) -> PupilCountView:
    """A count."""
    return PupilCountView(
        site=state.site,
        school_year=state.school_year,
        reference_date=state.reference_date,
        count=state.count,
        source=state.source,
        valid_from=state.valid_from,
        valid_to=state.valid_to,
    )


@routes.post("/pupil-counts", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_pupil_count(body: RecordPupilCount, acting: Act) -> Done[PupilCountView]:
    """Leg een leerlingaantal vast; een tweede telling van hetzelfde schooljaar vervangt de eerste."""
    return await acting.do_known(
        PUPIL_COUNTS,
        streams.pupil_count(body.site, body.school_year),
        body,
        lambda state, known: decide(body, state, known.site(body.site) is not None),
        view,
        others=[streams.site(body.site), streams.region(acting.caller.region or "")],
        location=f"/pupil-counts/{body.site}/{body.school_year}",
    )


@routes.get("/pupil-counts", dependencies=[ANYONE])
async def list_pupil_counts(
    listing: Lists, site: Annotated[SiteReference | None, Query()] = None
) -> Page[PupilCountView]:
    """De leerlingaantallen van het schooljaar van de dag."""
    return await listing.page(PUPIL_COUNTS, "pupil-count", view, within=site or "")


@routes.get("/pupil-counts/{site}/{schoolYear}", dependencies=[ANYONE])
async def read_pupil_count(site: SiteReference, schoolYear: SchoolYear, reading: Read) -> PupilCountView:
    """Het leerlingaantal van een vestiging in een schooljaar."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.one(PUPIL_COUNTS, streams.pupil_count(code, schoolYear), view)


@routes.get("/pupil-counts/{site}/{schoolYear}/history", dependencies=[ANYONE])
async def pupil_count_history(site: SiteReference, schoolYear: SchoolYear, reading: Read) -> Page[HistoryEntry]:
    """Alle tellingen van een vestiging in een schooljaar."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(PUPIL_COUNTS, streams.pupil_count(code, schoolYear))
