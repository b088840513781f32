"""Which schools take part in a programme (*deelname*)."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import PROGRAMME_ADMIN, Act, Done
from services.registry.api.hints import whole_site
from services.registry.api.judging import joining, judged
from services.registry.codes import Level, MunicipalityCode, ProgrammeCode, SchoolType, SiteReference
from services.registry.kept import PARTICIPATIONS
from services.registry.known import Known
from services.registry.municipality_participation import Leave
from services.registry.participation import (
    JoinProgramme,
    Participation,
    ParticipationEvent,
    SetLevel,
    join,
    leave,
    set_level,
)
from services.registry.rules import JOINING
from services.registry.rules.rule import judge
from services.registry.timeline import Span
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.asking import Decision
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["participations"])


class ParticipationView(Shown):
    """The period in which a site takes part on the day, or the latest one; type and municipality of its first day."""

    programme: str
    site: str
    municipality: str
    school_type: SchoolType
    level: Level | None


def view(state: Participation, on: date) -> ParticipationView:
    """The period that holds on the day, else the latest."""
    span = next((span for span in state.spans if span.holds(on)), Span(state.valid_from, state.valid_to))
    return ParticipationView(
        programme=state.programme,
        site=state.site,
        municipality=state.municipality,
        school_type=state.school_type,
        level=state.levels.at(nearest(on, span.start, span.end)),
        valid_from=span.start,
        valid_to=span.end,
    )


def _leave(programme: str, command: Leave, state: Participation | None, known: Known) -> list[ParticipationEvent]:
    if known.programme(programme) is None:
        raise nowhere()
    return leave(command, state)


@routes.post("/participations", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def join_programme(body: JoinProgramme, acting: Act) -> Done[ParticipationView]:
    """Laat een school meedoen aan een programma."""

    def decided(state: Participation | None, known: Known) -> Decision[ParticipationEvent]:
        events = join(body, state, known.programme(body.programme), known.site(body.site))
        asked = joining(known, body)
        return judged(events, judge(JOINING, *asked) if asked else [])

    return await acting.do_known(
        PARTICIPATIONS,
        streams.participation(body.programme, body.site),
        body,
        decided,
        view,
        others=[
            streams.programme(body.programme),
            streams.site(body.site),
            streams.school(body.site[:4]),
            streams.region(acting.caller.region or ""),
        ],
        location=f"/participations/{body.programme}/{body.site}",
    )


@routes.post("/participations/{programme}/{site}/departure", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def leave_programme(
    programme: ProgrammeCode, site: SiteReference, body: Leave, acting: Act
) -> Done[ParticipationView]:
    """Leg vast dat een school niet meer meedoet."""
    code = whole_site(site, "/path/site", acting.running.directory)
    return await acting.do_known(
        PARTICIPATIONS,
        streams.participation(programme, code),
        body,
        lambda state, known: _leave(programme, body, state, known),
        view,
        others=[streams.programme(programme)],
    )


@routes.post("/participations/{programme}/{site}/levels", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def set_participation_level(
    programme: ProgrammeCode, site: SiteReference, body: SetLevel, acting: Act
) -> Done[ParticipationView]:
    """Leg vast op welk niveau (pilot of basis) een school meedoet vanaf een dag."""
    code = whole_site(site, "/path/site", acting.running.directory)

    def decided(state: Participation | None, known: Known) -> list[ParticipationEvent]:
        if known.programme(programme) is None:
            raise nowhere()
        return set_level(body, state)

    return await acting.do_known(
        PARTICIPATIONS,
        streams.participation(programme, code),
        body,
        decided,
        view,
        others=[streams.programme(programme)],
    )


@routes.get("/participations", dependencies=[ANYONE])
async def list_participations(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    municipality: Annotated[MunicipalityCode | None, Query()] = None,
) -> Page[ParticipationView]:
    """De deelnemende scholen, op volgorde van programma en code."""
    within = f"{programme}/" if programme else ""
    return await listing.page(
        PARTICIPATIONS, "participation", view, lambda one: municipality in (None, one.municipality), within=within
    )


@routes.get("/participations/{programme}/{site}", dependencies=[ANYONE])
async def read_participation(programme: ProgrammeCode, site: SiteReference, reading: Read) -> ParticipationView:
    """De deelname van één school."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.one(PARTICIPATIONS, streams.participation(programme, code), view)


@routes.get("/participations/{programme}/{site}/history", dependencies=[ANYONE])
async def participation_history(programme: ProgrammeCode, site: SiteReference, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over de deelname van een school is vastgelegd."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(PARTICIPATIONS, streams.participation(programme, code))
