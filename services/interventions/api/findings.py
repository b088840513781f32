"""Findings: what rules said of an organisation's events."""

from uuid import UUID

from services.interventions import findings
from services.interventions.api import shown
from services.interventions.api.asking import OWN, Ask
from services.interventions.api.shown import ListedFinding
from services.interventions.held import FIRST
from shared.web.paging import AtLeast, Page
from shared.web.routing import router

routes = router(tags=["findings"])


@routes.get("/findings", dependencies=[OWN])
async def list_findings(ask: Ask, at_least: AtLeast = None) -> Page[ListedFinding]:
    """De bevindingen over eigen gebeurtenissen, oudste eerst."""
    await ask.caught_up(at_least)
    after = FIRST if ask.after is None else UUID(str(ask.after))
    found = await findings.own(ask.here.pool, ask.organisation, after, ask.limit + 1)
    return ask.page(found, lambda one: str(one.id), shown.listed)
