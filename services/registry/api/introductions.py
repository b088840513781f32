"""Introduction meetings (*kennismakingsgesprekken*) of workers with schools."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.api.at_school import rests_on, within
from services.registry.api.hints import whole_site
from services.registry.api.people import STAFF_READER, sees
from services.registry.codes import ProgrammeCode, ProviderCode, SiteReference, StaffKey
from services.registry.introduction import Introduction, RecordIntroduction, WithdrawIntroduction, decide
from services.registry.kept import INTRODUCTIONS
from shared.administration.reading import HistoryEntry, Lists, Read, Shown
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["introductions"])


class IntroductionView(Shown):
    """The meetings of a worker with a school; `validFrom` is the first. Empty when all were withdrawn."""

    programme: str
    site: str
    provider: str
    staff: str
    held_on: list[date]


def view(state: Introduction, on: date) -> IntroductionView:
    """The meetings."""
    return IntroductionView(
        programme=state.programme,
        site=state.site,
        provider=state.provider,
        staff=state.staff,
        held_on=list(state.days),
        valid_from=state.days[0] if state.days else on,
    )


@routes.post("/introductions", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_introduction(body: RecordIntroduction, acting: Act) -> Done[IntroductionView]:
    """Leg vast dat school en medewerker kennismaakten."""
    ids = (body.programme, body.site, body.provider, body.staff)
    return await acting.do_known(
        INTRODUCTIONS,
        streams.introduction(*ids),
        body,
        lambda state, known: decide(body, state, known.at_school(*ids)),
        view,
        others=rests_on(acting.caller, body.programme, body.site, (body.provider, body.staff)),
        location=f"/introductions/{'/'.join(ids)}",
    )


@routes.post(
    "/introductions/{programme}/{site}/{provider}/{staff}/withdrawals", dependencies=[REGISTRY_ADMIN], status_code=201
)
async def withdraw_introduction(
    programme: ProgrammeCode,
    site: SiteReference,
    provider: ProviderCode,
    staff: StaffKey,
    body: WithdrawIntroduction,
    acting: Act,
) -> Done[IntroductionView]:
    """Neem een gesprek terug dat er niet was."""
    ids = (programme, whole_site(site, "/path/site", acting.running.directory), provider, staff)
    return await acting.do_known(
        INTRODUCTIONS,
        streams.introduction(*ids),
        body,
        lambda state, known: decide(body, state, known.at_school(*ids)),
        view,
        others=rests_on(acting.caller, programme, ids[1]),
    )


@routes.get("/introductions", dependencies=[STAFF_READER])
async def list_introductions(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
) -> Page[IntroductionView]:
    """De kennismakingen die u mag zien, tot en met de dag."""
    return await listing.page(
        INTRODUCTIONS,
        "introduction",
        view,
        lambda one: (site is None or one.site.startswith(site)) and sees(listing.reading, one.programme, one.provider),
        within=within(programme, site),
    )


@routes.get("/introductions/{programme}/{site}/{provider}/{staff}", dependencies=[STAFF_READER])
async def read_introduction(
    programme: ProgrammeCode, site: SiteReference, provider: ProviderCode, staff: StaffKey, reading: Read
) -> IntroductionView:
    """De kennismakingen van één medewerker met één school."""
    await reading.ready()
    if not sees(reading, programme, provider):
        raise nowhere()
    return await reading.one(INTRODUCTIONS, streams.introduction(programme, site, provider, staff), view)


@routes.get("/introductions/{programme}/{site}/{provider}/{staff}/history", dependencies=[STAFF_READER])
async def introduction_history(
    programme: ProgrammeCode, site: SiteReference, provider: ProviderCode, staff: StaffKey, reading: Read
) -> Page[HistoryEntry]:
    """Alles wat over deze kennismaking is vastgelegd."""
    await reading.ready()
    if not sees(reading, programme, provider):
        raise nowhere()
    return await reading.history(INTRODUCTIONS, streams.introduction(programme, site, provider, staff))
