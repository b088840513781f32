"""Reading back: an organisation's own events and receipts."""

from typing import Any, cast
from uuid import UUID

from services.interventions.answers import single
from services.interventions.api import shown
from services.interventions.api.asking import OWN, SENDER, Ask, IdQuery, SourceQuery, nowhere
from services.interventions.api.shown import EventView
from services.interventions.verdicts import Result, Verdict
from shared.log.events import Key, StoredEvent
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["events"])


@routes.get("/events", dependencies=[OWN])
async def list_events(ask: Ask, source: SourceQuery = None, source_id: IdQuery = None) -> Page[EventView]:
    """De eigen gebeurtenissen, op volgorde van aanname; met `source` en `id` één, met haar correcties."""
    if source is not None and source_id is not None:
        found = await _with_corrections(ask, Key(ask.organisation, source, source_id))
        return Page(items=[shown.event(one, ask.language) for one in found])
    after = _places(ask.after)
    log = ask.here.means.log
    own = await log.own(ask.organisation, after, ask.limit + 1, source=source, source_id=source_id)
    shown_to = {**after} | {one.position.shard: one.position.number for one in own[: ask.limit]}
    return ask.page(own, lambda _: sorted(shown_to.items()), shown.event)


@routes.get("/events/{event_id}", dependencies=[OWN])
async def read_event(event_id: UUID, ask: Ask) -> EventView:
    """Eén eigen gebeurtenis."""
    found = await _own(ask, event_id)
    if found is None:
        raise nowhere()
    return shown.event(found, ask.language)


@routes.get("/receipts/{receipt_id}", dependencies=[SENDER])
async def read_receipt(receipt_id: UUID, ask: Ask) -> dict[str, Any]:
    """Wat er van een eerder verzoek geworden is: van een batch 90 dagen, van één gebeurtenis zolang zij bestaat."""
    event = await _own(ask, receipt_id)
    if event is not None:
        created = Result(Verdict.CREATED, 201, event.key.source_id, event.id, event.position, event.recorded_at)
        return single(created, ask.here.tokens, ask.language, dry_run=False)
    held = await ask.here.held.one(ask.organisation, receipt_id)
    if held is not None:
        waiting = Result(Verdict.HELD, 202, held.key.source_id, held.id, held_until=held.expires_at, errors=held.errors)
        return single(waiting, ask.here.tokens, ask.language, dry_run=False)
    batch = await ask.here.receipts.one(ask.organisation, receipt_id, ask.here.means.clock.now())
    if batch is None:
        raise nowhere()
    return batch


def _places(cursor: object) -> dict[int, int]:
    """Up to where each shard was shown, as this route sealed it."""
    return dict(cast("list[tuple[int, int]]", cursor or []))


async def _own(ask: Ask, event_id: UUID) -> StoredEvent | None:
    found = (await ask.here.means.log.by_id([event_id])).get(event_id)
    return found if found is not None and found.key.organisation == ask.organisation else None


async def _with_corrections(ask: Ask, key: Key) -> list[StoredEvent]:
    """The original that a key belongs to, with everything that corrects it, in order."""
    log = ask.here.means.log
    found = (await log.find([key])).get(key)
    if found is None:
        return []
    root = found.columns.root or found.id
    return [one for one in await log.stream(found.stream) if (one.columns.root or one.id) == root]
