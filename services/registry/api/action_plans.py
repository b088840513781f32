"""Action plans of schools (*plannen van aanpak*): thirteen sections, each with its state and where it is written."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.action_plan import (
    ActionPlan,
    ActionPlanCommand,
    AgreePlan,
    CompleteSection,
    Director,
    DraftPlan,
    Goal,
    Party,
    RevisePlan,
    SectionState,
    TargetGroup,
    decide,
)
from services.registry.api.acting import PLAN_WRITER, Act, Acting, Done
from services.registry.api.at_school import rests_on, within
from services.registry.api.hints import whole_site
from services.registry.codes import SECTIONS, ProgrammeCode, Section, SiteReference
from services.registry.configuration import Kind
from services.registry.kept import ACTION_PLANS
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["action-plans"])


class SectionView(Shown):
    """A section as it stands on the day."""

    section: Section
    state: SectionState
    document: str | None
    document_hash: str | None


class ActionPlanView(Shown):
    """A plan as it stands on the day; `agreedBy` is empty when it was revised after the last agreement."""

    programme: str
    site: str
    director: Director | None
    target_group: TargetGroup | None
    goals: list[Goal]
    planned_kinds: list[Kind]
    sections: list[SectionView]
    missing: list[Section]
    agreed_by: list[Party]
    agreed_on: date | None


def view(state: ActionPlan, on: date) -> ActionPlanView:
    """A plan as it stands on the day."""
    outline, agreed = state.outline(on), state.agreed(on)
    stands = [one for section in SECTIONS if (one := state.section(section, on))]
    return ActionPlanView(
        programme=state.programme,
        site=state.site,
        director=outline.director,
        target_group=outline.target_group,
        goals=list(outline.goals),
        planned_kinds=list(outline.planned_kinds),
        sections=[SectionView.model_validate(one.model_dump(exclude={"programme", "site"})) for one in stands],
        missing=[section for section in SECTIONS if section not in state.completed(on)],
        agreed_by=list(agreed.agreed_by) if agreed else [],
        agreed_on=agreed.valid_from if agreed else None,
        valid_from=state.valid_from,
    )


async def _act(
    acting: Acting, programme: str, site: str, command: ActionPlanCommand, location: str | None = None
) -> Done[ActionPlanView]:
    code = whole_site(site, "/path/site", acting.running.directory)
    return await acting.do_known(
        ACTION_PLANS,
        streams.action_plan(programme, code),
        command,
        lambda state, known: decide(command, state, known.at_school(programme, code)),
        view,
        others=rests_on(acting.caller, programme, code),
        location=location,
    )


@routes.post("/action-plans", dependencies=[PLAN_WRITER], status_code=201)
async def draft_plan(body: DraftPlan, acting: Act) -> Done[ActionPlanView]:
    """Begin een plan van aanpak voor een school."""
    return await _act(acting, body.programme, body.site, body, f"/action-plans/{body.programme}/{body.site}")


@routes.post("/action-plans/{programme}/{site}/sections", dependencies=[PLAN_WRITER], status_code=201)
async def complete_section(
    programme: ProgrammeCode, site: SiteReference, body: CompleteSection, acting: Act
) -> Done[ActionPlanView]:
    """Leg vast hoe een onderdeel (A1 tot en met D4) ervoor staat."""
    return await _act(acting, programme, site, body)


@routes.post("/action-plans/{programme}/{site}/agreements", dependencies=[PLAN_WRITER], status_code=201)
async def agree_plan(
    programme: ProgrammeCode, site: SiteReference, body: AgreePlan, acting: Act
) -> Done[ActionPlanView]:
    """Leg vast wie met het plan instemt."""
    return await _act(acting, programme, site, body)


@routes.post("/action-plans/{programme}/{site}/revisions", dependencies=[PLAN_WRITER], status_code=201)
async def revise_plan(
    programme: ProgrammeCode, site: SiteReference, body: RevisePlan, acting: Act
) -> Done[ActionPlanView]:
    """Herzie het plan vanaf een dag; daarna wordt opnieuw ingestemd."""
    return await _act(acting, programme, site, body)


@routes.get("/action-plans", dependencies=[ANYONE])
async def list_action_plans(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
) -> Page[ActionPlanView]:
    """De plannen van aanpak, op de dag."""
    return await listing.page(
        ACTION_PLANS,
        "action-plan",
        view,
        lambda one: site is None or one.site.startswith(site),
        within=within(programme, site),
    )


@routes.get("/action-plans/{programme}/{site}", dependencies=[ANYONE])
async def read_action_plan(programme: ProgrammeCode, site: SiteReference, reading: Read) -> ActionPlanView:
    """Het plan van aanpak van één school."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.one(ACTION_PLANS, streams.action_plan(programme, code), view)


@routes.get("/action-plans/{programme}/{site}/history", dependencies=[ANYONE])
async def action_plan_history(programme: ProgrammeCode, site: SiteReference, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over het plan van een school is vastgelegd."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(ACTION_PLANS, streams.action_plan(programme, code))
