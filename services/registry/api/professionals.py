"""Professionals (*jeugdhulpverleners*): staff keys and register status, never a name or a number."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import Field

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.api.people import STAFF_READER
from services.registry.api.reach import Reach
from services.registry.codes import ProviderCode, Register, StaffFunction, StaffKey
from services.registry.kept import PROFESSIONALS
from services.registry.professional import Professional, RegisterProfessional, VerifyRegistration, decide
from shared.administration.reading import HistoryEntry, Lists, Read, Reading, Shown
from shared.clock import today
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["professionals"])


class RegistrationView(Shown):
    """A verified registration."""

    in_register: Annotated[Register, Field(alias="register")]


class ProfessionalView(Shown):
    """A professional; `registered` says whether a verified registration covers the day (2C-34)."""

    provider: str
    staff: str
    function: StaffFunction
    registered: bool
    registrations: list[RegistrationView]


def view(state: Professional, on: date) -> ProfessionalView:
    """A professional with the status on the day."""
    registrations = [
        RegistrationView(in_register=one.register, valid_from=one.span.start, valid_to=one.span.end)
        for one in state.registrations
    ]
    return ProfessionalView(
        provider=state.provider,
        staff=state.staff,
        function=state.function,
        registered=state.registered(on),
        registrations=registrations,
        valid_from=state.valid_from,
    )


@routes.post("/professionals", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_professional(body: RegisterProfessional, acting: Act) -> Done[ProfessionalView]:
    """Leg een medewerker van een aanbieder vast, onder de sleutel van die aanbieder."""
    return await acting.do_known(
        PROFESSIONALS,
        streams.professional(body.provider, body.staff),
        body,
        lambda state, known: decide(body, state, known.provider(body.provider)),
        view,
        others=[streams.provider(body.provider)],
        location=f"/professionals/{body.provider}/{body.staff}",
    )


@routes.post("/professionals/{provider}/{staff}/registrations", dependencies=[REGISTRY_ADMIN], status_code=201)
async def verify_registration(
    provider: ProviderCode, staff: StaffKey, body: VerifyRegistration, acting: Act
) -> Done[ProfessionalView]:
    """Leg vast dat de registratie in SKJ of BIG is nagekeken, zonder nummer."""
    await acting.running.caught_up(None)
    if not Reach(acting.caller, acting.running.directory, today(acting.running.clock)).professional(provider, staff):
        raise nowhere()
    return await acting.do_known(
        PROFESSIONALS,
        streams.professional(provider, staff),
        body,
        lambda state, _: decide(body, state, True),
        view,
    )


def _reach(reading: Reading) -> Callable[[str, str], bool]:
    return Reach(reading.caller, reading.running.directory, today(reading.running.clock)).professional


@routes.get("/professionals", dependencies=[STAFF_READER])
async def list_professionals(listing: Lists) -> Page[ProfessionalView]:
    """De medewerkers die u mag zien."""
    reach = _reach(listing.reading)
    return await listing.page(PROFESSIONALS, "professional", view, lambda one: reach(one.provider, one.staff))


@routes.get("/professionals/{provider}/{staff}", dependencies=[STAFF_READER])
async def read_professional(provider: ProviderCode, staff: StaffKey, reading: Read) -> ProfessionalView:
    """Eén medewerker."""
    await reading.ready()
    if not _reach(reading)(provider, staff):
        raise nowhere()
    return await reading.one(PROFESSIONALS, streams.professional(provider, staff), view)


@routes.get("/professionals/{provider}/{staff}/history", dependencies=[STAFF_READER])
async def professional_history(provider: ProviderCode, staff: StaffKey, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een medewerker is vastgelegd."""
    await reading.ready()
    if not _reach(reading)(provider, staff):
        raise nowhere()
    return await reading.history(PROFESSIONALS, streams.professional(provider, staff))
