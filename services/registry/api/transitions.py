"""Transitions of schools (*fusies, splitsingen, omnummeringen*)."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.own_ids import check_own_id, own_id
from services.registry.codes import AssignmentId, SiteCode
from services.registry.kept import TRANSITIONS
from services.registry.known import Known
from services.registry.transition import (
    ConfirmTransition,
    PlanTransition,
    Transition,
    TransitionCommand,
    TransitionEvent,
    TransitionKind,
    TransitionState,
    WithdrawTransition,
    decide,
)
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["transitions"])


class TransitionView(Shown):
    """A transition: from `validFrom` on the sources go on as the targets."""

    transition: str
    kind: TransitionKind
    sources: list[str]
    targets: list[str]
    state: TransitionState

    def holds(self, day: date) -> bool:
        """A plan for later is shown today already."""
        return day is not None


def view(state: Transition, _on: date) -> TransitionView:
    """A transition as it stands."""
    return TransitionView(
        transition=state.transition,
        kind=state.kind,
        sources=list(state.sources),
        targets=list(state.targets),
        state=state.state,
        valid_from=state.valid_from,
    )


async def _act(
    acting: Acting, id_: str, command: TransitionCommand, sites: list[str], location: str | None = None
) -> Done[TransitionView]:
    def decided(state: Transition | None, known: Known) -> list[TransitionEvent]:
        return decide(command, state, frozenset(site for site in sites if known.site(site)), id_)

    return await acting.do_known(
        TRANSITIONS,
        streams.transition(id_),
        command,
        decided,
        view,
        others=[streams.region(acting.caller.region or ""), *(streams.site(site) for site in sites)],
        location=location,
    )


async def _existing(acting: Acting, id_: str, command: TransitionCommand) -> Done[TransitionView]:
    found = await acting.running.acts.state(TRANSITIONS, streams.transition(id_))
    if found is None:
        raise nowhere()
    return await _act(acting, id_, command, [*found.sources, *found.targets])


@routes.post("/transitions", dependencies=[REGISTRY_ADMIN], status_code=201)
async def plan_transition(body: PlanTransition, acting: Act) -> Done[TransitionView]:
    """Leg vast dat vestigingen van uw regio vanaf een dag als andere verdergaan."""
    check_own_id(body.transition, acting.caller.region, "transition")
    id_ = body.transition or own_id(acting, "transitions")
    return await _act(acting, id_, body, [*body.sources, *body.targets], f"/transitions/{id_}")


@routes.post("/transitions/{transition}/confirmation", dependencies=[REGISTRY_ADMIN], status_code=201)
async def confirm_transition(transition: AssignmentId, body: ConfirmTransition, acting: Act) -> Done[TransitionView]:
    """Bevestig een overgang: vanaf nu tellen cijfers naar de stand van vandaag de bronnen bij het doel."""
    return await _existing(acting, transition, body)


@routes.post("/transitions/{transition}/withdrawal", dependencies=[REGISTRY_ADMIN], status_code=201)
async def withdraw_transition(transition: AssignmentId, body: WithdrawTransition, acting: Act) -> Done[TransitionView]:
    """Trek een geplande overgang in."""
    return await _existing(acting, transition, body)


@routes.get("/transitions", dependencies=[ANYONE])
async def list_transitions(
    listing: Lists,
    site: Annotated[SiteCode | None, Query(description="Een bron of een doel: beide blijven vindbaar.")] = None,
    state: Annotated[TransitionState | None, Query()] = None,
) -> Page[TransitionView]:
    """De overgangen van vestigingen."""
    return await listing.page(
        TRANSITIONS,
        "transition",
        view,
        lambda one: (site is None or site in (*one.sources, *one.targets)) and state in (None, one.state),
    )


@routes.get("/transitions/{transition}", dependencies=[ANYONE])
async def read_transition(transition: AssignmentId, reading: Read) -> TransitionView:
    """Eén overgang."""
    return await reading.one(TRANSITIONS, streams.transition(transition), view)


@routes.get("/transitions/{transition}/history", dependencies=[ANYONE])
async def transition_history(transition: AssignmentId, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een overgang is vastgelegd."""
    return await reading.history(TRANSITIONS, streams.transition(transition))
