"""Presence of workers at schools (*aanwezigheid*), a record per day."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.api.at_school import rests_on, within
from services.registry.api.hints import whole_site
from services.registry.api.people import STAFF_READER, sees
from services.registry.codes import Day, ProgrammeCode, ProviderCode, SiteReference, StaffKey
from services.registry.kept import PRESENCES
from services.registry.presence import ClockTime, Presence, RecordPresence, WithdrawPresence, decide
from shared.administration.reading import HistoryEntry, Lists, Read, Shown
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["presence"])


class PresenceView(Shown):
    """One day of a worker at a school; without times when it was withdrawn. `validFrom` and `validTo` are the day."""

    programme: str
    site: str
    provider: str
    staff: str
    start: ClockTime | None
    end: ClockTime | None
    minutes: int


class PresenceInPeriod(PresenceView):
    """The same in a list, which is of a period and not of a day."""

    def holds(self, day: date) -> bool:
        """A withdrawn day is not shown."""
        return self.start is not None


def view(state: Presence, _on: date) -> PresenceView:
    """A day."""
    return PresenceView(**_told(state))


def _in_period(state: Presence, _on: date) -> PresenceInPeriod:
    return PresenceInPeriod(**_told(state))


def _told(state: Presence) -> dict[str, object]:
    names = ("programme", "site", "provider", "staff", "start", "end", "minutes")
    return {**{name: getattr(state, name) for name in names}, "valid_from": state.day, "valid_to": state.day}


@routes.post("/presence", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_presence(body: RecordPresence, acting: Act) -> Done[PresenceView]:
    """Leg vast wanneer een medewerker op een school was; wat eerder over die dag is vastgelegd wordt vervangen."""
    return await acting.do_known(
        PRESENCES,
        streams.presence(body.programme, body.site, body.day, body.provider, body.staff),
        body,
        lambda state, known: decide(body, state, known.at_school(body.programme, body.site, body.provider, body.staff)),
        view,
        others=rests_on(acting.caller, body.programme, body.site, (body.provider, body.staff)),
        location=f"/presence/{body.programme}/{body.site}/{body.day}/{body.provider}/{body.staff}",
    )


@routes.post(
    "/presence/{programme}/{site}/{day}/{provider}/{staff}/withdrawal", dependencies=[REGISTRY_ADMIN], status_code=201
)
async def withdraw_presence(
    programme: ProgrammeCode,
    site: SiteReference,
    day: Day,
    provider: ProviderCode,
    staff: StaffKey,
    body: WithdrawPresence,
    acting: Act,
) -> Done[PresenceView]:
    """Neem terug wat over een dag is vastgelegd."""
    code = whole_site(site, "/path/site", acting.running.directory)
    return await acting.do_known(
        PRESENCES,
        streams.presence(programme, code, day, provider, staff),
        body,
        lambda state, known: decide(body, state, known.at_school(programme, code)),
        view,
        others=rests_on(acting.caller, programme, code),
    )


@routes.get("/presence", dependencies=[STAFF_READER])
async def list_presence(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
    first: Annotated[date | None, Query(alias="from", description="Eerste dag.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Laatste dag.")] = None,
) -> Page[PresenceInPeriod]:
    """De aanwezigheid die u mag zien, van en tot en met een dag, op volgorde van school en dag."""
    return await listing.page(
        PRESENCES,
        "presence",
        _in_period,
        lambda one: (
            (first or date.min) <= one.valid_from <= (last or date.max)
            and (site is None or one.site.startswith(site))
            and sees(listing.reading, one.programme, one.provider)
        ),
        within=within(programme, site),
    )


@routes.get("/presence/{programme}/{site}/{day}/{provider}/{staff}", dependencies=[STAFF_READER])
async def read_presence(
    programme: ProgrammeCode, site: SiteReference, day: Day, provider: ProviderCode, staff: StaffKey, reading: Read
) -> PresenceView:
    """Eén dag van één medewerker op één school."""
    await reading.ready()
    if not sees(reading, programme, provider):
        raise nowhere()
    return await reading.one(PRESENCES, streams.presence(programme, site, day, provider, staff), view)


@routes.get("/presence/{programme}/{site}/{day}/{provider}/{staff}/history", dependencies=[STAFF_READER])
async def presence_history(
    programme: ProgrammeCode, site: SiteReference, day: Day, provider: ProviderCode, staff: StaffKey, reading: Read
) -> Page[HistoryEntry]:
    """Alles wat over deze dag is vastgelegd."""
    await reading.ready()
    if not sees(reading, programme, provider):
        raise nowhere()
    return await reading.history(PRESENCES, streams.presence(programme, site, day, provider, staff))
