"""Names and register numbers of workers: kept apart, for the administrators of the region alone."""

from datetime import datetime
from typing import Annotated

from fastapi import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN
from services.registry.codes import Command, ProviderCode, StaffKey, no_number
from services.registry.identities import Identities, Identity
from services.registry.kept import PROFESSIONALS
from shared.administration.reading import Read, Reading
from shared.domain.findings import nowhere
from shared.web.routing import router

routes = router(tags=["professionals"])

PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True), AfterValidator(no_number)
]
"""A person's name: no digits, so that no number (BSN) stands in it."""
SkjNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{5,12}$")]
BigNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{11}$")]


class RecordIdentity(Command):
    """Who a staff key stands for."""

    name: PersonName
    skj: SkjNumber | None = None
    big: BigNumber | None = None


class IdentityView(BaseModel):
    """Who a staff key stands for, and since when that is recorded so."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    provider: str
    staff: str
    name: str
    skj: str | None
    big: str | None
    recorded_at: datetime


class Forget(Command):
    """Take back what was recorded of a person."""


async def _of_own_region(reading: Reading, provider: str, staff: str) -> Identities:
    """The table of the caller's region. Raises `Refused` (404) for a worker whom the region does not know."""
    await reading.ready()
    region = reading.caller.region or ""
    if reading.running.directory.state(PROFESSIONALS, streams.professional(region, provider, staff)) is None:
        raise nowhere()
    return Identities(reading.running.pool, region)


@routes.post("/professionals/{provider}/{staff}/identity", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_identity(provider: ProviderCode, staff: StaffKey, body: RecordIdentity, reading: Read) -> IdentityView:
    """Leg naam en registratienummers vast, buiten het log; wat er stond wordt vervangen."""
    table = await _of_own_region(reading, provider, staff)
    identity = Identity(body.name, body.skj, body.big, reading.running.clock.now())
    await table.keep(provider, staff, identity, reading.caller.client_id)
    return _shown(provider, staff, identity)


@routes.get("/professionals/{provider}/{staff}/identity", dependencies=[REGISTRY_ADMIN])
async def read_identity(provider: ProviderCode, staff: StaffKey, reading: Read) -> IdentityView:
    """Naam en registratienummers van een medewerker, voor de beheerders van de regio."""
    identity = await (await _of_own_region(reading, provider, staff)).find(provider, staff)
    if identity is None:
        raise nowhere()
    return _shown(provider, staff, identity)


@routes.post("/professionals/{provider}/{staff}/identity/erasure", dependencies=[REGISTRY_ADMIN], status_code=204)
async def erase_identity(provider: ProviderCode, staff: StaffKey, body: Forget, reading: Read) -> Response:
    """Wis naam en nummers; de sleutel en wat ermee geteld is blijven."""
    await (await _of_own_region(reading, provider, staff)).forget(provider, staff)
    return Response(status_code=204)


def _shown(provider: str, staff: str, identity: Identity) -> IdentityView:
    return IdentityView(
        provider=provider,
        staff=staff,
        name=identity.name,
        skj=identity.skj,
        big=identity.big,
        recorded_at=identity.recorded_at,
    )
