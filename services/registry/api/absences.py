"""Absences and replacements (*afwezigheid en vervanging*); why somebody is absent is never asked."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.absence import (
    Absence,
    AbsenceCommand,
    ArrangeReplacement,
    EndAbsence,
    ReportAbsence,
    decide,
)
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.at_school import rests_on
from services.registry.api.own_ids import check_own_id, own_id
from services.registry.api.people import STAFF_READER, sees
from services.registry.codes import AssignmentId, ProgrammeCode, SiteReference
from services.registry.kept import ABSENCES
from shared.administration.reading import HistoryEntry, Lists, Read, Shown
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["absences"])


class ReplacementView(Shown):
    """Who takes the place; `knownToSchool`: somebody whom the school knew already."""

    replacement: str
    known_to_school: bool


class AbsenceView(Shown):
    """An absence; `replaced` says whether somebody takes the place on the day."""

    absence: str
    programme: str
    site: str
    provider: str
    staff: str
    known_to_school: bool
    replaced: bool
    replacements: list[ReplacementView]


def view(state: Absence, on: date) -> AbsenceView:
    """An absence with its replacements."""
    replacements = [
        ReplacementView(
            replacement=one.staff,
            known_to_school=one.known_to_school,
            valid_from=one.span.start,
            valid_to=one.span.end,
        )
        for one in state.replacements
    ]
    return AbsenceView(
        **state.ids(),
        known_to_school=state.known_to_school,
        replaced=state.replaced(on),
        replacements=replacements,
        valid_from=state.span.start,
        valid_to=state.span.end,
    )


async def _existing(acting: Acting, id_: str, command: AbsenceCommand) -> Done[AbsenceView]:
    """An act on an absence; whose it is follows from its stream."""
    found = await acting.running.acts.state(ABSENCES, streams.absence(id_))
    if found is None:
        raise nowhere()
    staff = command.replacement if isinstance(command, ArrangeReplacement) else found.staff
    return await acting.do_known(
        ABSENCES,
        streams.absence(id_),
        command,
        lambda state, known: decide(
            command, state, known.at_school(found.programme, found.site, found.provider, staff), id_
        ),
        view,
        others=rests_on(acting.caller, found.programme, found.site, (found.provider, staff)),
    )


@routes.post("/absences", dependencies=[REGISTRY_ADMIN], status_code=201)
async def report_absence(body: ReportAbsence, acting: Act) -> Done[AbsenceView]:
    """Meld dat een medewerker afwezig is, zonder reden."""
    check_own_id(body.absence, acting.caller.region, "absence")
    id_ = body.absence or own_id(acting, "absences")
    return await acting.do_known(
        ABSENCES,
        streams.absence(id_),
        body,
        lambda state, known: decide(
            body, state, known.at_school(body.programme, body.site, body.provider, body.staff), id_
        ),
        view,
        others=rests_on(acting.caller, body.programme, body.site, (body.provider, body.staff)),
        location=f"/absences/{id_}",
    )


@routes.post("/absences/{absence}/replacements", dependencies=[REGISTRY_ADMIN], status_code=201)
async def arrange_replacement(absence: AssignmentId, body: ArrangeReplacement, acting: Act) -> Done[AbsenceView]:
    """Leg vast wie vervangt."""
    return await _existing(acting, absence, body)


@routes.post("/absences/{absence}/end", dependencies=[REGISTRY_ADMIN], status_code=201)
async def end_absence(absence: AssignmentId, body: EndAbsence, acting: Act) -> Done[AbsenceView]:
    """Geef een afwezigheid een (andere) laatste dag."""
    return await _existing(acting, absence, body)


@routes.get("/absences", dependencies=[STAFF_READER])
async def list_absences(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
) -> Page[AbsenceView]:
    """De afwezigheid die u mag zien, op de dag."""
    return await listing.page(
        ABSENCES,
        "absence",
        view,
        lambda one: (
            programme in (None, one.programme)
            and (site is None or one.site.startswith(site))
            and sees(listing.reading, one.programme, one.provider)
        ),
    )


@routes.get("/absences/{absence}", dependencies=[STAFF_READER])
async def read_absence(absence: AssignmentId, reading: Read) -> AbsenceView:
    """Eén afwezigheid."""
    shown = await reading.one(ABSENCES, streams.absence(absence), view)
    if not sees(reading, shown.programme, shown.provider):
        raise nowhere()
    return shown


@routes.get("/absences/{absence}/history", dependencies=[STAFF_READER])
async def absence_history(absence: AssignmentId, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een afwezigheid is vastgelegd."""
    await reading.ready()
    state = reading.running.directory.state(ABSENCES, streams.absence(absence))
    if state is None or not sees(reading, state.programme, state.provider):
        raise nowhere()
    return await reading.history(ABSENCES, streams.absence(absence))
