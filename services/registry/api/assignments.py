"""Assignments of workers to schools (*inzet*)."""

from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.amount import FULL_TIME
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.judging import deploying, judged, replaces, rests_on_rules
from services.registry.api.own_ids import check_own_id, own_id
from services.registry.api.people import STAFF_READER, sees
from services.registry.assignment import (
    Assignment,
    AssignmentCommand,
    AssignmentEvent,
    AssignWorker,
    ChangeHours,
    EndAssignment,
    Surroundings,
    decide,
)
from services.registry.codes import (
    AllocationReason,
    AssignmentId,
    Fte,
    Hours,
    ProgrammeCode,
    ProviderCode,
    SiteReference,
)
from services.registry.kept import ASSIGNMENTS, PROFESSIONALS
from services.registry.known import Known
from services.registry.rules import DEPLOYING
from services.registry.rules.facts import Deployment
from services.registry.rules.rule import judge
from shared.administration.directory import Directory
from shared.administration.reading import HistoryEntry, Lists, Read, Shown, nearest
from shared.asking import Decision
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.problems import Problem
from shared.web.routing import router

routes = router(tags=["assignments"])


class AssignmentView(Shown):
    """An assignment with its fte on the day; `hoursPerWeek` only when hours were stated."""

    assignment: str
    programme: str
    site: str
    provider: str
    staff: str
    fte: Fte
    hours_per_week: Hours | None
    fixed_face: bool
    allocation: AllocationReason | None
    lot: str | None


def view(state: Assignment, on: date) -> AssignmentView:
    """An assignment with its fte on the day."""
    amount = state.amount(nearest(on, state.valid_from, state.valid_to))
    return AssignmentView(
        **state.ids(),
        fte=amount.fte,
        hours_per_week=amount.hours,
        fixed_face=state.fixed_face,
        allocation=state.allocation,
        lot=state.lot,
        valid_from=state.valid_from,
        valid_to=state.valid_to,
    )


async def _act(acting: Acting, id_: str, command: AssignmentCommand, others: list[str]) -> Done[AssignmentView]:
    directory = acting.running.directory
    location = f"/assignments/{id_}" if isinstance(command, AssignWorker) else None
    return await acting.do_known(
        ASSIGNMENTS,
        streams.assignment(id_),
        command,
        lambda state, known: decided(command, state, known, directory, id_),
        view,
        others=others,
        location=location,
    )


def decided(
    command: AssignmentCommand, state: Assignment | None, known: Known, directory: Directory, id_: str
) -> Decision[AssignmentEvent]:
    """The decision, with what the programme's rules say of a worker who is to come."""
    events = decide(command, state, _surroundings(command, state, known), id_)
    if not isinstance(command, AssignWorker):
        return events
    deployment = _deployment(command)
    facts = deploying(known, deployment, replaces=replaces(directory, deployment))
    return judged(events, judge(DEPLOYING, deployment, facts) if facts else [])


def _deployment(command: AssignWorker) -> Deployment:
    return Deployment(
        command.programme,
        command.site,
        command.provider,
        command.staff,
        command.valid_from,
        command.allocation,
        command.lot,
    )


def _surroundings(command: AssignmentCommand, state: Assignment | None, known: Known) -> Surroundings:
    """What is known at the head of the school, the provider and the worker that are named."""
    named = command if isinstance(command, AssignWorker) else state
    if named is None:
        raise nowhere()
    day = command.valid_to if isinstance(command, EndAssignment) else command.valid_from
    programme, participation = known.programme(named.programme), known.participation(named.programme, named.site)
    return Surroundings(
        programme_known=programme is not None,
        site_known=known.site(named.site) is not None,
        participates=participation is not None and participation.holds(day),
        provider_known=known.provider(named.provider),
        professional=known.professional(named.provider, named.staff),
        full_time=programme.configuration(day).full_time_hours if programme else FULL_TIME,
    )


def rests_on(command: AssignWorker, region: str | None, directory: Directory) -> list[str]:
    """The streams that an assignment is decided and judged by."""
    worker = streams.professional(region or "", command.provider, command.staff)
    known = directory.state(PROFESSIONALS, worker)
    supervisor = known.supervisor(command.valid_from) if known else None
    return [
        streams.programme(command.programme),
        streams.participation(command.programme, command.site),
        streams.site(command.site),
        streams.region(region or ""),
        streams.provider(command.provider),
        worker,
        *rests_on_rules(region, _deployment(command), supervisor),
    ]


async def _existing(acting: Acting, id_: str, command: ChangeHours | EndAssignment) -> Done[AssignmentView]:
    state = await acting.running.acts.state(ASSIGNMENTS, streams.assignment(id_))
    return await _act(acting, id_, command, [streams.programme(state.programme)] if state else [])


@routes.post("/assignments", dependencies=[REGISTRY_ADMIN], status_code=201)
async def assign_worker(body: AssignWorker, acting: Act) -> Done[AssignmentView]:
    """Zet een medewerker in op een school, voor een aantal fte of uren per week."""
    check_own_id(body.assignment, acting.caller.region, "assignment")
    # Who supervises, and who is replaced, is found through the copy: let it hold what was recorded here just now.
    with suppress(Problem):
        await acting.running.caught_up(None)
    others = rests_on(body, acting.caller.region, acting.running.directory)
    return await _act(acting, body.assignment or own_id(acting, "assignments"), body, others)


@routes.post("/assignments/{assignment}/hours", dependencies=[REGISTRY_ADMIN], status_code=201)
async def change_hours(assignment: AssignmentId, body: ChangeHours, acting: Act) -> Done[AssignmentView]:
    """Wijzig de fte of de uren vanaf een dag."""
    return await _existing(acting, assignment, body)


@routes.post("/assignments/{assignment}/end", dependencies=[REGISTRY_ADMIN], status_code=201)
async def end_assignment(assignment: AssignmentId, body: EndAssignment, acting: Act) -> Done[AssignmentView]:
    """Geef een inzet een (andere) laatste dag."""
    return await _existing(acting, assignment, body)


@routes.get("/assignments", dependencies=[STAFF_READER])
async def list_assignments(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
    provider: Annotated[ProviderCode | None, Query()] = None,
) -> Page[AssignmentView]:
    """De inzet die u mag zien, op de dag."""
    return await listing.page(
        ASSIGNMENTS,
        "assignment",
        view,
        lambda one: (
            programme in (None, one.programme)
            and (site is None or one.site.startswith(site))
            and provider in (None, one.provider)
            and sees(listing.reading, one.programme, one.provider)
        ),
    )


@routes.get("/assignments/{assignment}", dependencies=[STAFF_READER])
async def read_assignment(assignment: AssignmentId, reading: Read) -> AssignmentView:
    """Eén inzet."""
    shown = await reading.one(ASSIGNMENTS, streams.assignment(assignment), view)
    if not sees(reading, shown.programme, shown.provider):
        raise nowhere()
    return shown


@routes.get("/assignments/{assignment}/history", dependencies=[STAFF_READER])
async def assignment_history(assignment: AssignmentId, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een inzet is vastgelegd."""
    await reading.ready()
    state = reading.running.directory.state(ASSIGNMENTS, streams.assignment(assignment))
    if state is None or not sees(reading, state.programme, state.provider):
        raise nowhere()
    return await reading.history(ASSIGNMENTS, streams.assignment(assignment))
