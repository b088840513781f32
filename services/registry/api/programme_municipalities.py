"""Which municipalities take part in a programme (*deelnemende gemeenten*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import PROGRAMME_ADMIN, Act, Done
from services.registry.codes import MunicipalityCode, ProgrammeCode
from services.registry.kept import MUNICIPALITY_PARTICIPATIONS
from services.registry.known import Known
from services.registry.municipality_participation import (
    JoinMunicipality,
    Leave,
    MunicipalityParticipation,
    MunicipalityParticipationEvent,
    decide,
)
from services.registry.refusals import unknown
from services.registry.timeline import Span
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["programmes"])


class ProgrammeMunicipalityView(Shown):
    """The period in which a municipality takes part on the day, or the latest one."""

    programme: str
    municipality: str
    assumed: bool


def view(state: MunicipalityParticipation, on: date) -> ProgrammeMunicipalityView:
    """The period that holds on the day, else the latest."""
    span = next((span for span in state.spans if span.holds(on)), Span(state.valid_from, state.valid_to))
    return ProgrammeMunicipalityView(
        programme=state.programme,
        municipality=state.municipality,
        assumed=state.assumed,
        valid_from=span.start,
        valid_to=span.end,
    )


def _decide(
    programme: str, command: JoinMunicipality | Leave, state: MunicipalityParticipation | None, known: Known
) -> list[MunicipalityParticipationEvent]:
    if known.programme(programme) is None:
        raise nowhere()
    if isinstance(command, JoinMunicipality):
        region = known.region()
        if region is None or command.municipality not in region.municipalities:
            raise unknown(
                "municipality", "/municipality", "deze gemeente van uw regio", "this municipality of your region"
            )
    return decide(command, state, programme)


@routes.post("/programmes/{programme}/municipalities", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def join_municipality(
    programme: ProgrammeCode, body: JoinMunicipality, acting: Act
) -> Done[ProgrammeMunicipalityView]:
    """Leg vast dat een gemeente van uw regio meedoet."""
    return await acting.do_known(
        MUNICIPALITY_PARTICIPATIONS,
        streams.municipality_participation(programme, body.municipality),
        body,
        lambda state, known: _decide(programme, body, state, known),
        view,
        others=[streams.programme(programme), streams.region(acting.caller.region or "")],
        location=f"/programmes/{programme}/municipalities/{body.municipality}",
    )


@routes.post(
    "/programmes/{programme}/municipalities/{municipality}/departure", dependencies=[PROGRAMME_ADMIN], status_code=201
)
async def leave_municipality(
    programme: ProgrammeCode, municipality: MunicipalityCode, body: Leave, acting: Act
) -> Done[ProgrammeMunicipalityView]:
    """Leg vast dat een gemeente niet meer meedoet."""
    return await acting.do_known(
        MUNICIPALITY_PARTICIPATIONS,
        streams.municipality_participation(programme, municipality),
        body,
        lambda state, known: _decide(programme, body, state, known),
        view,
        others=[streams.programme(programme)],
    )


@routes.get("/programmes/{programme}/municipalities", dependencies=[ANYONE])
async def list_programme_municipalities(programme: ProgrammeCode, listing: Lists) -> Page[ProgrammeMunicipalityView]:
    """De gemeenten die meedoen."""
    return await listing.page(MUNICIPALITY_PARTICIPATIONS, "municipality-participation", view, within=f"{programme}/")


@routes.get("/programmes/{programme}/municipalities/{municipality}", dependencies=[ANYONE])
async def read_programme_municipality(
    programme: ProgrammeCode, municipality: MunicipalityCode, reading: Read
) -> ProgrammeMunicipalityView:
    """Eén deelnemende gemeente."""
    stream = streams.municipality_participation(programme, municipality)
    return await reading.one(MUNICIPALITY_PARTICIPATIONS, stream, view)


@routes.get("/programmes/{programme}/municipalities/{municipality}/history", dependencies=[ANYONE])
async def programme_municipality_history(
    programme: ProgrammeCode, municipality: MunicipalityCode, reading: Read
) -> Page[HistoryEntry]:
    """Alles wat over de deelname van een gemeente is vastgelegd."""
    stream = streams.municipality_participation(programme, municipality)
    return await reading.history(MUNICIPALITY_PARTICIPATIONS, stream)
