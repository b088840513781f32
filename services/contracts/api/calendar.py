"""The contract calendar (*contractkalender*), as JSON and for calendar programs."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from services.contracts import icalendar
from services.contracts.agenda import DayKind, Entry, days_left, entries
from services.contracts.api.acting import KnownFacts
from services.contracts.api.contracts import READER
from services.contracts.api.figures import Figures, interim_figures
from services.contracts.api.region import contracts_of
from services.contracts.facts import Facts
from shared.administration.reading import Read
from shared.clock import today
from shared.domain.calendar import period
from shared.web.exchange import language_of
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["calendar"])

Programme = Annotated[str | None, Query(max_length=32)]


def _follows(year: str) -> str:
    if int(year[5:]) != int(year[:4]) + 1:
        raise PydanticCustomError("format", "two years that follow each other, such as 2026-2027")
    return year


SchoolYear = Annotated[
    Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-20[0-9]{2}$"), AfterValidator(_follows)] | None,
    Query(alias="schoolYear", description="Alleen dagen in dit schooljaar: `2026-2027`."),
]
Format = Annotated[
    Literal["json", "ics"] | None, Query(description="`ics` voor kalenderprogramma's; anders volgens `Accept`.")
]


class EntryView(BaseModel):
    """A day that matters; `daysLeft` from today, negative when it has been.

    `assumed`: the date of the holiday is not published, so 31 July stands in for it. `figures` stand with a last day
    for notice: the interim figures of the programme, as a question to be put to the gateway.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    uid: str
    kind: DayKind
    day: date
    days_left: int
    title: str
    contract: str
    programme: str
    provider: str
    site: str | None
    assumed: bool
    figures: Figures | None


AS_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {icalendar.MEDIA_TYPE: {"schema": {"type": "string", "description": "RFC 5545"}}}}
}
"""The second form of the answer, for the OpenAPI document."""


@routes.get("/contract-calendar", dependencies=[READER], response_model=Page[EntryView], responses=AS_CALENDAR)
async def contract_calendar(
    request: Request,
    reading: Read,
    facts: KnownFacts,
    programme: Programme = None,
    school_year: SchoolYear = None,
    format_: Annotated[Format, Query(alias="format")] = None,
) -> Page[EntryView] | Response:
    """De dagen die ertoe doen: looptijden, laatste dagen om op te zeggen, laatste inzetdag per school."""
    within = period(school_year) if school_year else None
    contracts = [one for one in await contracts_of(reading, facts) if programme in (None, one.programme)]
    found = [
        entry
        for one in contracts
        for entry in entries(one, facts.first_summer_day(one.programme))
        if within is None or within.start <= entry.day <= within.end
    ]
    found.sort(key=lambda entry: (entry.day, entry.uid))
    language = language_of(request.scope)
    if format_ == "ics" or (format_ is None and icalendar.MEDIA_TYPE in request.headers.get("accept", "")):
        text = icalendar.render(found, reading.running.clock.now(), language, "JOS: contracten")
        return Response(text, media_type=icalendar.MEDIA_TYPE, headers={"Content-Language": language})
    day = today(reading.running.clock)
    return Page(items=[_shown(entry, day, language, facts) for entry in found])


def _shown(entry: Entry, day: date, language: str, facts: Facts) -> EntryView:
    contract = entry.contract
    notice = entry.kind is DayKind.NOTICE_DEADLINE
    return EntryView(
        uid=entry.uid,
        kind=entry.kind,
        day=entry.day,
        days_left=days_left(entry.day, day),
        title=entry.title.in_(language),
        contract=contract.contract,
        programme=contract.programme,
        provider=contract.provider,
        site=entry.site,
        assumed=entry.assumed,
        figures=interim_figures(contract, facts, day) if notice else None,
    )
