"""Alerts (*signalen*) and their acknowledgement."""

from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from services.contracts import alerts as telling
from services.contracts.acknowledgement import ALERT_ID, Acknowledge, Acknowledged, acknowledge
from services.contracts.alerts import Alert, AlertKind
from services.contracts.api.acting import MANAGER, KnownFacts, facts_of
from services.contracts.api.region import contracts_of
from services.contracts.api.shown import MANAGERS
from services.contracts.facts import Facts
from services.contracts.kept import ALERTS, alert_stream
from services.contracts.rounds import Delivered
from shared.administration.acting import Acting, Done
from shared.administration.reading import Read, Reading
from shared.administration.running import reached
from shared.auth.require import require
from shared.clock import today
from shared.domain.findings import nowhere
from shared.feeds.follower import Follower
from shared.web.exchange import language_of
from shared.web.paging import AtLeast, Page
from shared.web.routing import router

routes = router(tags=["alerts"])

READER = Depends(require(*MANAGERS))
AlertId = Annotated[str, Path(pattern=ALERT_ID)]


class AlertView(BaseModel):
    """An alert; `months` is how long before its day it is told; `acknowledgedOn` null: nobody has seen it yet."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    id: str
    kind: AlertKind
    programme: str
    raised_on: date
    due_on: date
    months: int | None
    text: str
    contract: str | None
    provider: str | None
    site: str | None
    staff: str | None
    acknowledged_on: date | None
    action: str | None


class AcknowledgementView(BaseModel):
    """What was said about an alert."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    alert: str
    acknowledged_on: date
    action: str


@routes.get("/alerts", dependencies=[READER])
async def list_alerts(
    request: Request,
    reading: Read,
    facts: KnownFacts,
    kind: Annotated[AlertKind | None, Query()] = None,
    acknowledged: Annotated[bool | None, Query(description="Alleen (niet) geziene signalen.")] = None,
    at_least: AtLeast = None,
) -> Page[AlertView]:
    """Wat er te doen is, op de dag: het dringendste eerst."""
    delivered = await _delivered(request, reading, at_least)
    found = [one for one in await _standing(reading, facts, reading.on, delivered) if kind in (None, one.kind)]
    shown = [_shown(one, _word(reading, one.id), language_of(request.scope)) for one in found]
    return Page(items=[one for one in shown if acknowledged in (None, one.acknowledged_on is not None)])


@routes.post("/alerts/{alert}/acknowledgement", dependencies=[MANAGER], status_code=201)
async def acknowledge_alert(
    alert: AlertId,
    body: Acknowledge,
    request: Request,
    acting: Annotated[Acting, Depends()],
    reading: Read,
    at_least: AtLeast = None,
) -> Done[AcknowledgementView]:
    """Zeg dat een signaal gezien is, en wat eraan gedaan wordt."""
    await acting.running.caught_up(at_least)
    day = today(acting.running.clock)
    delivered = await _delivered(request, reading, at_least)
    standing = await _standing(reading, facts_of(request), day, delivered)
    found = next((one for one in standing if one.id == alert), None)
    if found is None:
        raise nowhere()
    return await acting.do(
        ALERTS,
        alert_stream(alert),
        body,
        lambda state, _: acknowledge(alert, found.programme, body, state, day),
        _acknowledgement,
    )


async def _standing(reading: Reading, facts: Facts, day: date, delivered: Delivered) -> list[Alert]:
    """Every alert of the caller's region on a day."""
    contracts = await contracts_of(reading, facts)
    return telling.alerts(day, contracts, facts, list(facts.programmes_of(reading.caller.region)), delivered)


async def _delivered(request: Request, reading: Reading, at_least: str | None) -> Delivered:
    """The deliveries, as new as was asked: an empty list would look like schools that did not deliver."""
    asked = reading.running.tokens.at_least(at_least)
    follower = cast("Follower", request.app.state.deliveries)
    await reached(follower, {place: number for place, number in asked.items() if place[0] == "kpi"})
    return cast("Delivered", request.app.state.delivered)


def _word(reading: Reading, alert: str) -> Acknowledged | None:
    return reading.running.directory.state(ALERTS, alert_stream(alert), reading.known_at)


def _shown(alert: Alert, word: Acknowledged | None, language: str) -> AlertView:
    names = [name for name in AlertView.model_fields if name not in ("text", "acknowledged_on", "action")]
    return AlertView(
        **{name: getattr(alert, name) for name in names},
        text=alert.text.in_(language),
        acknowledged_on=word.acknowledged_on if word else None,
        action=word.action if word else None,
    )


def _acknowledgement(state: Acknowledged, _on: date) -> AcknowledgementView:
    return AcknowledgementView(alert=state.alert, acknowledged_on=state.acknowledged_on, action=state.action)
