"""Professionals (*jeugdhulpverleners*): staff keys, register status and qualifications, never a name or a number.

Each region has its own knowledge of a provider's worker: what another region recorded is not to be noticed (G-21).
"""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.people import ADMINISTRATORS, STAFF_READER, seen_stream
from services.registry.codes import ProviderCode, Register, StaffFunction, StaffKey
from services.registry.kept import PROFESSIONALS
from services.registry.professional import (
    AppointSupervisor,
    Education,
    LapseRegistration,
    Level,
    Professional,
    ProfessionalCommand,
    RecordQualification,
    RegisterProfessional,
    VerifyRegistration,
    decide,
)
from services.registry.refusals import region_not_yours
from shared.administration.reading import HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["professionals"])


class RegistrationView(Shown):
    """A verified registration."""

    in_register: Annotated[Register, Field(alias="register")]


class QualificationView(Shown):
    """A completed education."""

    level: Level
    education: Education


class SupervisionView(Shown):
    """Who supervises, and when."""

    supervisor: StaffKey


class ProfessionalView(Shown):
    """A professional; `registered` says whether a verified registration covers the day (2C-34).

    `registeredUntil` is the last day up to which that is so without a gap, `level` the highest completed by the day.
    """

    provider: str
    staff: str
    function: StaffFunction
    registered: bool
    registered_until: date | None
    registrations: list[RegistrationView]
    level: Level | None
    qualifications: list[QualificationView]
    supervisor: StaffKey | None
    supervisions: list[SupervisionView]


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
        registered_until=state.registered_until(on),
        registrations=registrations,
        level=state.level(on),
        qualifications=[
            QualificationView(level=one.level, education=one.education, valid_from=one.valid_from)
            for one in state.qualifications
        ],
        supervisor=state.supervisor(on),
        supervisions=[
            SupervisionView(supervisor=one.supervisor, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in state.supervisors
        ],
        valid_from=state.valid_from,
    )


@routes.post("/professionals", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_professional(body: RegisterProfessional, acting: Act) -> Done[ProfessionalView]:
    """Leg een medewerker van een aanbieder vast, onder de sleutel van die aanbieder."""
    if acting.caller.region is None:
        raise region_not_yours("")
    return await acting.do_known(
        PROFESSIONALS,
        streams.professional(acting.caller.region, body.provider, body.staff),
        body,
        lambda state, known: decide(body, state, known.provider(body.provider)),
        view,
        others=[streams.provider(body.provider)],
        location=f"/professionals/{body.provider}/{body.staff}",
    )


async def _act(acting: Acting, provider: str, staff: str, command: ProfessionalCommand) -> Done[ProfessionalView]:
    region = acting.caller.region or ""
    supervisor = command.supervisor if isinstance(command, AppointSupervisor) else None
    return await acting.do_known(
        PROFESSIONALS,
        streams.professional(region, provider, staff),
        command,
        lambda state, known: decide(
            command, state, True, supervisor is not None and known.professional(provider, supervisor) is not None
        ),
        view,
        others=[streams.professional(region, provider, supervisor)] if supervisor else [],
    )


@routes.post("/professionals/{provider}/{staff}/registrations", dependencies=[REGISTRY_ADMIN], status_code=201)
async def verify_registration(
    provider: ProviderCode, staff: StaffKey, body: VerifyRegistration, acting: Act
) -> Done[ProfessionalView]:
    """Leg vast dat de registratie in SKJ of BIG is nagekeken, zonder nummer."""
    return await _act(acting, provider, staff, body)


@routes.post("/professionals/{provider}/{staff}/lapses", dependencies=[REGISTRY_ADMIN], status_code=201)
async def lapse_registration(
    provider: ProviderCode, staff: StaffKey, body: LapseRegistration, acting: Act
) -> Done[ProfessionalView]:
    """Leg vast dat een registratie eerder eindigde dan was nagekeken."""
    return await _act(acting, provider, staff, body)


@routes.post("/professionals/{provider}/{staff}/qualifications", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_qualification(
    provider: ProviderCode, staff: StaffKey, body: RecordQualification, acting: Act
) -> Done[ProfessionalView]:
    """Leg een afgeronde opleiding vast."""
    return await _act(acting, provider, staff, body)


@routes.post("/professionals/{provider}/{staff}/supervisors", dependencies=[REGISTRY_ADMIN], status_code=201)
async def appoint_supervisor(
    provider: ProviderCode, staff: StaffKey, body: AppointSupervisor, acting: Act
) -> Done[ProfessionalView]:
    """Leg vast wie een medewerker begeleidt (verantwoorde werktoedeling)."""
    return await _act(acting, provider, staff, body)


@routes.get("/professionals", dependencies=[STAFF_READER])
async def list_professionals(listing: Lists) -> Page[ProfessionalView]:
    """De medewerkers die u mag zien: die van uw regio, of van uw eigen organisatie (een keer per regio)."""
    caller = listing.reading.caller
    if caller.has(*ADMINISTRATORS):
        return await listing.page(PROFESSIONALS, "professional", view, within=f"{caller.region or ''}/")
    return await listing.page(PROFESSIONALS, "professional", view, lambda one: one.provider == caller.organisation)


@routes.get("/professionals/{provider}/{staff}", dependencies=[STAFF_READER])
async def read_professional(provider: ProviderCode, staff: StaffKey, reading: Read) -> ProfessionalView:
    """Eén medewerker."""
    await reading.ready()
    return await reading.one(PROFESSIONALS, seen_stream(reading, provider, staff), view)


@routes.get("/professionals/{provider}/{staff}/history", dependencies=[STAFF_READER])
async def professional_history(provider: ProviderCode, staff: StaffKey, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een medewerker is vastgelegd."""
    await reading.ready()
    return await reading.history(PROFESSIONALS, seen_stream(reading, provider, staff))
