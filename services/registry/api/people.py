"""Who sees people: administrators those of their region, and a provider its own."""

from fastapi import Depends

from services.registry import streams
from services.registry.kept import PROGRAMMES
from shared.administration.reading import Reading
from shared.auth.require import require
from shared.domain.findings import nowhere

ADMINISTRATORS = ("registry-admin", "programme-admin")

STAFF_READER = Depends(require(*ADMINISTRATORS, "provider-manager", "provider-system"))
"""Who may ask for people and assignments at all."""


def sees(reading: Reading, programme: str, provider: str) -> bool:
    """Whether the caller may see what a provider's people do: an administrator of the programme, or the provider."""
    caller = reading.caller
    if not caller.has(*ADMINISTRATORS):
        return provider == caller.organisation
    known = reading.running.directory.state(PROGRAMMES, streams.programme(programme))
    return known is not None and known.region == caller.region


def seen_stream(reading: Reading, provider: str, staff: str) -> str:
    """The stream in which the caller finds a worker: its region's, or for a provider the first that has its own.

    Raises `Refused` (404) where there is none for this caller. Call it when the copy is new enough.
    """
    caller, directory = reading.caller, reading.running.directory
    if caller.has(*ADMINISTRATORS):
        return streams.professional(caller.region or "", provider, staff)
    own = (name for name in directory.names("professional/") if name.endswith(f"/{provider}/{staff}"))
    found = next(own, None) if provider == caller.organisation else None
    if found is None:
        raise nowhere()
    return found
