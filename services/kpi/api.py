"""The routes of kpi: deliveries of schools' figures. Figures themselves are read at the gateway."""

from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from services.kpi.deliveries import DELIVERY, STEWARDS, Filter, Kept, active, check_place, history, not_yours, stream
from services.kpi.delivery import DataDeliverySubmitted, Fte, SubmitDelivery, decide
from services.kpi.running import Running
from shared.acts import Asked, fingerprint
from shared.auth.caller import Caller
from shared.auth.require import require
from shared.clock import today
from shared.domain.calendar import Period, period
from shared.domain.findings import Refused
from shared.web.conditional import IdempotencyKey, etag
from shared.web.exchange import exchange_of
from shared.web.paging import DEFAULT_LIMIT, AtLeast, Cursor, Limit, Page, link_next
from shared.web.routing import router

routes = router(tags=["data-deliveries"])

Deliverer = Annotated[Caller, Depends(require("school", "municipal-account-holder", *STEWARDS))]
"""Who delivers and reads back: a school for its own sites, a municipality for those in it, a steward for the region."""

DryRun = Annotated[bool, Query(alias="dryRun", description="Alleen controleren; er wordt niets vastgelegd.")]
Code = Annotated[str | None, Query(max_length=60)]


class DeliveryView(BaseModel):
    """A delivery as it stands. `version` counts the deliveries for this school and period; the last one is active."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    programme: str
    site: str
    period: str
    pupils: int
    recipients: int
    structural: int
    incidental: int
    individual: int
    fte: Fte
    synthetic: bool
    version: int
    delivered_at: datetime | None


class Delivered(BaseModel):
    """The answer to a delivery. `recorded` is false when it said nothing new; `token` is for `atLeast`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    token: str
    recorded: bool
    replaces_earlier: bool
    dry_run: bool
    result: DeliveryView


@routes.post("/data-deliveries", status_code=201)
async def submit_delivery(
    request: Request,
    response: Response,
    body: SubmitDelivery,
    caller: Deliverer,
    key: IdempotencyKey,
    dry_run: DryRun = False,
    at_least: AtLeast = None,
) -> Delivered:
    """Lever de cijfers van een school voor een periode aan; een tweede aanlevering vervangt de eerste."""
    running, covered = _running(request), period(body.period)
    await running.caught_up(at_least)
    await _check_place(running, caller, body, covered)
    asked = Asked(
        organisation=caller.organisation,
        content=fingerprint(request.url.path, body.model_dump(mode="json", by_alias=True)),
        key=key,
        dry_run=dry_run,
        traceparent=exchange_of(request.scope).traceparent,
    )
    name = stream(body.programme, body.site, body.period)
    written = await running.acts.act(DELIVERY, name, asked, lambda state, _: decide(body, state, today(running.clock)))
    if not written.dry_run:
        running.wrote(written.vector)
        response.headers["ETag"] = etag(written.version)
    recorded = bool(written.events) and not written.dry_run
    response.status_code = 201 if recorded else 200
    if recorded:
        place = f"/data-deliveries/{body.programme}/{body.site}/{body.period}"
        response.headers["Location"] = f"{request.app.state.base}{place}"
    state = cast("DataDeliverySubmitted", written.state.submitted if written.state else None)
    return Delivered(
        token=running.tokens.seal(written.vector),
        recorded=recorded,
        replaces_earlier=bool(written.events) and written.version > 1,
        dry_run=written.dry_run,
        result=_view(state, written.version, None),
    )


@routes.get("/data-deliveries")
async def list_deliveries(
    request: Request,
    response: Response,
    caller: Deliverer,
    programme: Code = None,
    site: Code = None,
    period_code: Annotated[str | None, Query(alias="period", max_length=12)] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    at_least: AtLeast = None,
) -> Page[DeliveryView]:
    """De geldende aanleveringen die u mag zien."""
    running = _running(request)
    await running.caught_up(at_least)
    query = f"data-deliveries/{programme}/{site}/{period_code}"
    after = str(running.tokens.open_cursor(caller.organisation, query, cursor)) if cursor else None
    asked = Filter(programme, site, period(period_code).code if period_code else None, after)
    async with running.pool.acquire() as connection:
        found = await active(connection, caller, asked, limit + 1)
    shown = found[:limit]
    more = None
    if len(found) > limit:
        last = shown[-1].submitted
        place = stream(last.programme, last.site, last.period)
        more = running.tokens.seal_cursor(caller.organisation, query, place)
    link_next(request, response, more)
    return Page[DeliveryView](items=[_kept(each) for each in shown], next_cursor=more)


@routes.get("/data-deliveries/{programme}/{site}/{period}")
async def read_delivery(
    request: Request,
    response: Response,
    caller: Deliverer,
    programme: Annotated[str, Path(max_length=60)],
    site: Annotated[str, Path(max_length=6)],
    code: Annotated[str, Path(alias="period", max_length=12)],
    at_least: AtLeast = None,
) -> DeliveryView:
    """De geldende aanlevering van een school voor een periode."""
    *_, last = await _seen(_running(request), caller, programme, site, code, at_least)
    response.headers["ETag"] = etag(last.version)
    return _kept(last)


@routes.get("/data-deliveries/{programme}/{site}/{period}/history")
async def delivery_history(
    request: Request,
    caller: Deliverer,
    programme: Annotated[str, Path(max_length=60)],
    site: Annotated[str, Path(max_length=6)],
    code: Annotated[str, Path(alias="period", max_length=12)],
    at_least: AtLeast = None,
) -> list[DeliveryView]:
    """Alle aanleveringen van een school voor een periode, van de eerste tot de geldende."""
    return [_kept(each) for each in await _seen(_running(request), caller, programme, site, code, at_least)]


async def _seen(
    running: Running, caller: Caller, programme: str, site: str, code: str, at_least: str | None
) -> list[Kept]:
    """The deliveries of a school and period. Raises `Refused` where there are none, or none the caller may see."""
    await running.caught_up(at_least)
    async with running.pool.acquire() as connection:
        if not await active(connection, caller, Filter(programme, site, code), 1):
            raise not_yours()
        return await history(connection, programme, site, code)


async def _check_place(running: Running, caller: Caller, body: SubmitDelivery, covered: Period) -> None:
    """Judge by what kpi knows; before a refusal by all that the registry knows, which may be newer."""
    try:
        async with running.pool.acquire() as connection:
            await check_place(connection, caller, body.programme, body.site, covered)
    except Refused:
        await running.knows_the_registry()
        async with running.pool.acquire() as connection:
            await check_place(connection, caller, body.programme, body.site, covered)


def _kept(kept: Kept) -> DeliveryView:
    return _view(kept.submitted, kept.version, kept.delivered_at)


def _view(submitted: DataDeliverySubmitted, version: int, delivered_at: datetime | None) -> DeliveryView:
    content = submitted.model_dump(exclude={"period_start", "period_end"})
    return DeliveryView(**content, version=version, delivered_at=delivered_at)


def _running(request: Request) -> Running:
    running: Running = request.app.state.running
    return running
