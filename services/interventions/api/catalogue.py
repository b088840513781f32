"""What may be sent: the types of event with schema and example, and the code lists."""

from typing import Any

from fastapi import Depends

from services.interventions.api.asking import Ask, nowhere
from services.interventions.api.shown import View
from services.interventions.catalogue import EVENT_TYPES, EventType
from services.interventions.codes import CODE_LISTS, CodeList
from services.interventions.examples import envelope_schema, example, schema
from shared.auth.require import require
from shared.web.routing import router

routes = router(tags=["catalogue"], dependencies=[Depends(require())])


class EventTypeView(View):
    """Een type gebeurtenis: het schema van `data`, en een voorbeeld met een eigen vestiging en medewerker."""

    type: str
    title: str
    data_schema: dict[str, Any]
    example: dict[str, Any]


class EventTypes(View):
    """Alle typen, en het schema van de envelop (CloudEvents 1.0)."""

    envelope_schema: dict[str, Any]
    items: list[EventTypeView]


class CodeView(View):
    """Een code met haar betekenis."""

    code: str
    label: str


class CodeListView(View):
    """Een waardelijst."""

    name: str
    title: str
    codes: list[CodeView]


class CodeListsView(View):
    """Alle waardelijsten, met de dag van deze uitgave."""

    date: str
    items: list[CodeListView]


@routes.get("/event-types")
async def list_event_types(ask: Ask) -> EventTypes:
    """De typen gebeurtenis die u kunt sturen."""
    items = [_type(one, ask) for one in EVENT_TYPES.values()]
    return EventTypes(envelope_schema=envelope_schema(), items=items)


@routes.get("/event-types/{type_name}")
async def read_event_type(type_name: str, ask: Ask) -> EventTypeView:
    """Eén type gebeurtenis."""
    if type_name not in EVENT_TYPES:
        raise nowhere()
    return _type(EVENT_TYPES[type_name], ask)


@routes.get("/code-lists")
async def list_code_lists(ask: Ask) -> CodeListsView:
    """De waardelijsten waaruit alle codes komen."""
    items = [_list(one, ask.language) for one in CODE_LISTS.lists.values()]
    return CodeListsView(date=CODE_LISTS.date.isoformat(), items=items)


def _type(type_: EventType, ask: Ask) -> EventTypeView:
    return EventTypeView(
        type=type_.name,
        title=type_.title.in_(ask.language),
        data_schema=schema(type_),
        example=example(type_, ask.organisation, ask.here.means.facts),
    )


def _list(one: CodeList, language: str) -> CodeListView:
    codes = [CodeView(code=code, label=label.in_(language)) for code, label in one.codes.items()]
    return CodeListView(name=one.name, title=one.title.in_(language), codes=codes)
