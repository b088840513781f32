"""Programmes (*programma's*): applied from their files, with their rules, and the municipalities that take part."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, JsonValue

from services.registry import streams
from services.registry.api.acting import PROGRAMME_ADMIN, Act, Done
from services.registry.codes import ProgrammeCode
from services.registry.configuration import Programme, Title
from services.registry.kept import PROGRAMMES
from services.registry.known import Known
from services.registry.programme import Applied, ProgrammeEvent, confirmed, decide
from services.registry.switchboard import RULES
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.findings import Severity
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["programmes"])


class ProgrammeView(Shown):
    """A programme; `configuration` is the file that holds on the day, `version` counts what was applied.

    `proposed`: how many changes wait for a second account, where the programme asks for one.
    """

    programme: str
    title: Title
    region: str
    status: str
    start: date
    version: int
    configuration: dict[str, JsonValue]
    proposed: int


def view(state: Applied, on: date) -> ProgrammeView:
    """A programme as its file describes it on the day."""
    defined = state.configurations.at(nearest(on, state.valid_from)) or state.configurations.steps[0][1]
    return ProgrammeView(
        programme=defined.programme,
        title=defined.title,
        region=defined.region,
        status=defined.status,
        start=defined.start,
        version=defined.version,
        configuration=defined.configuration,
        proposed=len(state.proposed),
        valid_from=state.valid_from,
    )


class RuleView(BaseModel):
    """How the programme takes a rule on the day; an empty `source` is our default, not the source's word."""

    rule: str
    title: Title
    severity: Severity
    parameters: dict[str, JsonValue]
    source: list[str]
    validFrom: date | None


class RulesView(Shown):
    """The whole switchboard on the day."""

    programme: str
    rules: list[RuleView]


def rules_view(state: Applied, on: date) -> RulesView:
    """The switchboard on the day, in the order of the catalogue."""
    day = nearest(on, state.valid_from)
    return RulesView(
        programme=state.programme, rules=[_rule(state, rule, day) for rule in RULES], valid_from=state.valid_from
    )


def _rule(state: Applied, rule: str, day: date) -> RuleView:
    title = Title(nl=RULES[rule].title.nl, en=RULES[rule].title.en)
    switch = state.rules[rule].at(day) if rule in state.rules else None
    if switch is None:
        return RuleView(rule=rule, title=title, severity=Severity.OFF, parameters={}, source=[], validFrom=None)
    return RuleView(
        rule=rule,
        title=title,
        severity=switch.severity,
        parameters=switch.parameters,
        source=switch.source,
        validFrom=switch.valid_from,
    )


@routes.post("/programmes", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def apply_programme(body: Programme, acting: Act) -> Done[ProgrammeView]:
    """Pas een programma toe: de inhoud van zijn bestand als JSON. Hetzelfde nog eens verandert niets.

    Waar het programma vier ogen vraagt (`fourEyes: RULE_CHANGE`) is een wijziging een voorstel, tot een tweede account
    hetzelfde vraagt.
    """

    def decided(state: Applied | None, known: Known) -> Sequence[ProgrammeEvent]:
        events = decide(body, state, acting.caller.region, known.region() is not None)
        return confirmed(body, state, acting.caller.client_id, events)

    return await acting.do_known(
        PROGRAMMES,
        streams.programme(body.programme),
        body,
        decided,
        view,
        others=[streams.region(acting.caller.region or "")],
        location=f"/programmes/{body.programme}",
    )


@routes.get("/programmes", dependencies=[ANYONE])
async def list_programmes(listing: Lists) -> Page[ProgrammeView]:
    """De programma's, op volgorde van code."""
    return await listing.page(PROGRAMMES, "programme", view)


Code = Annotated[ProgrammeCode, Path()]


@routes.get("/programmes/{programme}", dependencies=[ANYONE])
async def read_programme(programme: Code, reading: Read) -> ProgrammeView:
    """Eén programma met zijn bestand."""
    return await reading.one(PROGRAMMES, streams.programme(programme), view)


@routes.get("/programmes/{programme}/rules", dependencies=[ANYONE])
async def read_rules(programme: Code, reading: Read) -> RulesView:
    """Het schakelbord: hoe het programma elke regel neemt."""
    return await reading.one(PROGRAMMES, streams.programme(programme), rules_view)


@routes.get("/programmes/{programme}/history", dependencies=[ANYONE])
async def programme_history(programme: Code, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een programma is vastgelegd."""
    return await reading.history(PROGRAMMES, streams.programme(programme))
