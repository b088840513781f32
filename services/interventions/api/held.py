"""Held events: what is missing, and taking one back."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.interventions.api import shown
from services.interventions.api.asking import OWN, SENDER, Ask, IdQuery, SourceQuery, nowhere
from services.interventions.api.shown import HeldView
from services.interventions.held import FIRST
from shared.log.events import Key
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["held-events"])


@routes.get("/held-events", dependencies=[OWN])
async def list_held_events(ask: Ask, source: SourceQuery = None, source_id: IdQuery = None) -> Page[HeldView]:
    """De eigen gebeurtenissen die nog niet tellen, met wat er ontbreekt en tot wanneer wij wachten."""
    after = FIRST if ask.after is None else UUID(str(ask.after))
    found = await ask.here.held.own(ask.organisation, after, ask.limit + 1, source, source_id)
    return ask.page(found, lambda one: str(one.id), shown.held)


@routes.get("/held-events/{held_id}", dependencies=[OWN])
async def read_held_event(held_id: UUID, ask: Ask) -> HeldView:
    """Eén vastgehouden gebeurtenis."""
    found = await ask.here.held.one(ask.organisation, held_id)
    if found is None:
        raise nowhere()
    return shown.held(found, ask.language)


@routes.delete("/held-events", dependencies=[SENDER], status_code=204)
async def withdraw_by_key(
    ask: Ask,
    source: Annotated[str, Query(max_length=200, description="Bron")],
    source_id: Annotated[str, Query(alias="id", max_length=400, description="Id bij de bron")],
) -> Response:
    """Neem een vastgehouden gebeurtenis terug, bij haar bron en id."""
    if not await ask.here.held.withdraw(Key(ask.organisation, source, source_id)):
        raise nowhere()
    return Response(status_code=204)


@routes.delete("/held-events/{held_id}", dependencies=[SENDER], status_code=204)
async def withdraw(held_id: UUID, ask: Ask) -> Response:
    """Neem een vastgehouden gebeurtenis terug."""
    found = await ask.here.held.one(ask.organisation, held_id)
    if found is None or not await ask.here.held.withdraw(found.key):
        raise nowhere()
    return Response(status_code=204)
