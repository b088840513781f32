"""School holidays (*schoolvakanties*): published per holiday region, and a school's own."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.hints import whole_site
from services.registry.codes import SchoolYear, SiteReference
from services.registry.holiday import Holidays, HolidaySource, PublishHoliday, SetSiteHoliday, decide
from services.registry.kept import HOLIDAYS, SITES
from services.registry.school_days import of_region, of_site
from shared.administration.reading import ANYONE, HistoryEntry, Read, Reading, Shown
from shared.domain.findings import nowhere, refuse
from shared.domain.school_holidays import Holiday, HolidayKind, HolidayRegion
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["holidays"])


class HolidayView(Shown):
    """A holiday, from its first up to and including its last day; `own` when the site deviates from its region."""

    kind: HolidayKind
    own: bool = False


class RecordedHolidays(Shown):
    """What was recorded of a region or site in a school year; the rest is as the national government published it."""

    school_year: str
    holidays: list[HolidayView]


def view(state: Holidays, _on: date) -> RecordedHolidays:
    """What was recorded."""
    first = int(state.school_year[:4])
    return RecordedHolidays(
        school_year=state.school_year,
        holidays=[HolidayView(kind=one.kind, valid_from=one.first, valid_to=one.last) for one in state.holidays],
        valid_from=date(first, 8, 1),
        valid_to=date(first + 1, 7, 31),
    )


@routes.post("/holidays", dependencies=[REGISTRY_ADMIN], status_code=201)
async def publish_holiday(body: PublishHoliday, acting: Act) -> Done[RecordedHolidays]:
    """Leg een vakantie van een vakantieregio vast; wat eerder is vastgelegd wordt gecorrigeerd."""
    if body.source is not HolidaySource.NATIONAL_GOVERNMENT:
        nl, en = "vakanties van een regio komen van de Rijksoverheid", "a region's holidays are the government's"
        raise refuse("holiday", "/source", nl, en, None, "invalid")
    return await acting.do_known(
        HOLIDAYS,
        streams.holidays(body.holiday_region, body.school_year),
        body,
        lambda state, _: decide(body, state, of_region(body.holiday_region, body.school_year, state), True),
        view,
        location=f"/holidays?holidayRegion={body.holiday_region}&schoolYear={body.school_year}",
    )


@routes.post("/site-holidays", dependencies=[REGISTRY_ADMIN], status_code=201)
async def set_site_holiday(body: SetSiteHoliday, acting: Act) -> Done[RecordedHolidays]:
    """Leg vast dat een vestiging een vakantie op andere dagen heeft dan haar regio."""
    await acting.running.caught_up(None)
    region = _holiday_region(acting, body.site, body.valid_from)
    stream = streams.holidays(region, body.school_year) if region else ""
    return await acting.do_known(
        HOLIDAYS,
        streams.site_holidays(body.site, body.school_year),
        body,
        lambda state, known: decide(
            body,
            state,
            _of_site(region, body.school_year, HOLIDAYS.fold(known.others.get(stream, [])), state),
            known.site(body.site) is not None,
        ),
        view,
        others=[
            streams.site(body.site),
            streams.region(acting.caller.region or ""),
            *([stream] if stream else []),
        ],
        location=f"/site-holidays/{body.site}/{body.school_year}",
    )


def _holiday_region(asked: Acting | Reading, site: str, day: date) -> HolidayRegion | None:
    known = asked.running.directory.state(SITES, streams.site(site))
    return known.holiday_regions.at(day) if known else None


def _of_site(
    region: HolidayRegion | None, year: str, recorded: Holidays | None, own: Holidays | None
) -> tuple[Holiday, ...]:
    return of_site(of_region(region, year, recorded) if region else (), own)


@routes.get("/holidays", dependencies=[ANYONE])
async def list_holidays(
    reading: Read,
    holiday_region: Annotated[HolidayRegion, Query(alias="holidayRegion")],
    school_year: Annotated[SchoolYear, Query(alias="schoolYear")],
) -> Page[HolidayView]:
    """De vakanties van een vakantieregio in een schooljaar; wat nog niet bekend is gemaakt ontbreekt."""
    await reading.ready()
    recorded = reading.running.directory.state(
        HOLIDAYS, streams.holidays(holiday_region, school_year), reading.known_at
    )
    return Page(items=[_shown(one) for one in of_region(holiday_region, school_year, recorded)])


@routes.get("/holidays/{holidayRegion}/{schoolYear}/history", dependencies=[ANYONE])
async def holiday_history(holidayRegion: HolidayRegion, schoolYear: SchoolYear, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over de vakanties van een regio is vastgelegd, buiten wat de Rijksoverheid zelf publiceert."""
    return await reading.history(HOLIDAYS, streams.holidays(holidayRegion, schoolYear))


@routes.get("/site-holidays/{site}/{schoolYear}", dependencies=[ANYONE])
async def read_site_holidays(site: SiteReference, schoolYear: SchoolYear, reading: Read) -> Page[HolidayView]:
    """De vakanties van een vestiging: die van haar vakantieregio, of haar eigen."""
    await reading.ready()
    directory = reading.running.directory
    code = whole_site(site, "/path/site", directory)
    if directory.state(SITES, streams.site(code), reading.known_at) is None:
        raise nowhere()
    region = _holiday_region(reading, code, date(int(schoolYear[:4]), 8, 1))
    recorded = directory.state(HOLIDAYS, streams.holidays(region, schoolYear), reading.known_at) if region else None
    own = directory.state(HOLIDAYS, streams.site_holidays(code, schoolYear), reading.known_at)
    kinds = {one.kind for one in own.holidays} if own else set()
    return Page(items=[_shown(one, one.kind in kinds) for one in _of_site(region, schoolYear, recorded, own)])


@routes.get("/site-holidays/{site}/{schoolYear}/history", dependencies=[ANYONE])
async def site_holiday_history(site: SiteReference, schoolYear: SchoolYear, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over de eigen vakanties van een vestiging is vastgelegd."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(HOLIDAYS, streams.site_holidays(code, schoolYear))


def _shown(one: Holiday, own: bool = False) -> HolidayView:
    return HolidayView(kind=one.kind, own=own, valid_from=one.first, valid_to=one.last)
