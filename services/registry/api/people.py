"""Who sees people: administrators of the region, and a provider its own."""

from fastapi import Depends

from shared.auth.caller import Caller
from shared.auth.require import require

ADMINISTRATORS = ("registry-admin", "programme-admin")

STAFF_READER = Depends(require(*ADMINISTRATORS, "provider-manager", "provider-system"))
"""Who may ask for people and assignments at all."""


def sees_provider(caller: Caller, provider: str) -> bool:
    """Whether the caller may see people of this provider."""
    return caller.has(*ADMINISTRATORS) or caller.organisation == provider
