"""Contacts of schools as roles of organisations (*contacten*), never persons."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import PLAN_WRITER, Act, Done
from services.registry.api.at_school import rests_on, within
from services.registry.api.hints import whole_site
from services.registry.codes import ProgrammeCode, SiteReference
from services.registry.contact import ContactRole, Contacts, FillContactRole, decide
from services.registry.kept import CONTACTS
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["contacts"])


class ContactsView(Shown):
    """Which organisation has which role for a school on the day."""

    programme: str
    site: str
    roles: dict[ContactRole, str]


def view(state: Contacts, on: date) -> ContactsView:
    """The contacts on the day."""
    return ContactsView(programme=state.programme, site=state.site, roles=state.on(on), valid_from=state.valid_from)


@routes.post("/contacts", dependencies=[PLAN_WRITER], status_code=201)
async def fill_contact_role(body: FillContactRole, acting: Act) -> Done[ContactsView]:
    """Leg vast welke organisatie voor een school een rol heeft vanaf een dag."""
    return await acting.do_known(
        CONTACTS,
        streams.contacts(body.programme, body.site),
        body,
        lambda state, known: decide(body, state, known.at_school(body.programme, body.site)),
        view,
        others=rests_on(acting.caller, body.programme, body.site),
        location=f"/contacts/{body.programme}/{body.site}",
    )


@routes.get("/contacts", dependencies=[ANYONE])
async def list_contacts(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
) -> Page[ContactsView]:
    """De contacten van de scholen, op de dag."""
    return await listing.page(
        CONTACTS,
        "contacts",
        view,
        lambda one: site is None or one.site.startswith(site),
        within=within(programme, site),
    )


@routes.get("/contacts/{programme}/{site}", dependencies=[ANYONE])
async def read_contacts(programme: ProgrammeCode, site: SiteReference, reading: Read) -> ContactsView:
    """De contacten van één school."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.one(CONTACTS, streams.contacts(programme, code), view)


@routes.get("/contacts/{programme}/{site}/history", dependencies=[ANYONE])
async def contact_history(programme: ProgrammeCode, site: SiteReference, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over de contacten van een school is vastgelegd."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(CONTACTS, streams.contacts(programme, code))
