"""Teams of schools (*jeugd- en schoolteams, zorgteams*)."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from services.registry import streams
from services.registry.api.acting import PLAN_WRITER, Act, Acting, Done
from services.registry.api.at_school import rests_on, sees_school, within
from services.registry.api.hints import whole_site
from services.registry.codes import ProgrammeCode, SiteReference, TeamRole
from services.registry.kept import TEAMS
from services.registry.team import (
    AddMember,
    FormTeam,
    RemoveMember,
    Team,
    TeamCommand,
    TeamKind,
    decide,
)
from shared.administration.reading import HistoryEntry, Lists, Read, Shown
from shared.auth.require import require
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["teams"])

TEAM_READER = Depends(
    require("registry-admin", "programme-admin", "school", "support-coordinator", "municipal-account-holder")
)
"""Who may ask for teams: the administrators, and a school or municipality for its own."""


class MemberView(Shown):
    """A role in the team, and who has it."""

    role: TeamRole
    provider: str | None
    staff: str | None


class TeamView(Shown):
    """A team with who is in it on the day, and everybody who ever was."""

    programme: str
    site: str
    kind: TeamKind
    roles: list[TeamRole]
    members: list[MemberView]


def view(state: Team, on: date) -> TeamView:
    """A team."""
    members = [
        MemberView(
            role=one.role, provider=one.provider, staff=one.staff, valid_from=one.span.start, valid_to=one.span.end
        )
        for one in state.members
    ]
    return TeamView(
        programme=state.programme,
        site=state.site,
        kind=state.kind,
        roles=sorted(state.roles(on)),
        members=members,
        valid_from=state.valid_from,
    )


async def _act(
    acting: Acting, programme: str, site: str, kind: TeamKind, command: TeamCommand, location: str | None = None
) -> Done[TeamView]:
    code = whole_site(site, "/path/site", acting.running.directory)
    provider, staff = (getattr(command, name, None) for name in ("provider", "staff"))
    workers = [(provider, staff)] if provider and staff else []
    return await acting.do_known(
        TEAMS,
        streams.team(programme, code, kind),
        command,
        lambda state, known: decide(command, state, known.at_school(programme, code, provider, staff)),
        view,
        others=rests_on(acting.caller, programme, code, *workers),
        location=location,
    )


@routes.post("/teams", dependencies=[PLAN_WRITER], status_code=201)
async def form_team(body: FormTeam, acting: Act) -> Done[TeamView]:
    """Leg vast dat een school een team heeft."""
    path = f"/teams/{body.programme}/{body.site}/{body.kind}"
    return await _act(acting, body.programme, body.site, body.kind, body, path)


@routes.post("/teams/{programme}/{site}/{kind}/members", dependencies=[PLAN_WRITER], status_code=201)
async def add_member(
    programme: ProgrammeCode, site: SiteReference, kind: TeamKind, body: AddMember, acting: Act
) -> Done[TeamView]:
    """Voeg een rol toe aan een team."""
    return await _act(acting, programme, site, kind, body)


@routes.post("/teams/{programme}/{site}/{kind}/departures", dependencies=[PLAN_WRITER], status_code=201)
async def remove_member(
    programme: ProgrammeCode, site: SiteReference, kind: TeamKind, body: RemoveMember, acting: Act
) -> Done[TeamView]:
    """Geef een lid van een team een laatste dag."""
    return await _act(acting, programme, site, kind, body)


@routes.get("/teams", dependencies=[TEAM_READER])
async def list_teams(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
) -> Page[TeamView]:
    """De teams die u mag zien."""
    return await listing.page(
        TEAMS,
        "team",
        view,
        lambda one: (
            (site is None or one.site.startswith(site)) and sees_school(listing.reading, one.programme, one.site)
        ),
        within=within(programme, site),
    )


@routes.get("/teams/{programme}/{site}/{kind}", dependencies=[TEAM_READER])
async def read_team(programme: ProgrammeCode, site: SiteReference, kind: TeamKind, reading: Read) -> TeamView:
    """Eén team."""
    await reading.ready()
    if not sees_school(reading, programme, site):
        raise nowhere()
    return await reading.one(TEAMS, streams.team(programme, site, kind), view)


@routes.get("/teams/{programme}/{site}/{kind}/history", dependencies=[TEAM_READER])
async def team_history(
    programme: ProgrammeCode, site: SiteReference, kind: TeamKind, reading: Read
) -> Page[HistoryEntry]:
    """Alles wat over een team is vastgelegd."""
    await reading.ready()
    if not sees_school(reading, programme, site):
        raise nowhere()
    return await reading.history(TEAMS, streams.team(programme, site, kind))
