"""Who sees people: administrators of the region, and a provider its own."""

from fastapi import Depends

from shared.auth.require import require

ADMINISTRATORS = ("registry-admin", "programme-admin")

STAFF_READER = Depends(require(*ADMINISTRATORS, "provider-manager", "provider-system"))
"""Who may ask for people and assignments at all."""
