"""Ids that a client may choose itself, within its region, or leave to us."""

from uuid import NAMESPACE_URL, uuid5

from services.registry.api.acting import Acting
from services.registry.streams import SOURCE
from shared.domain.findings import refuse
from shared.log.ids import uuid7


def own_id(acting: Acting, path: str) -> str:
    """An id for something without one: the same for the same caller and `Idempotency-Key`."""
    if acting.key is None:
        return str(uuid7(acting.running.clock))
    return str(uuid5(NAMESPACE_URL, f"{SOURCE}/{path}/{acting.caller.organisation}/{acting.key}"))


def check_own_id(id_: str | None, region: str | None, noun: str) -> None:
    """Ids of two regions never meet, so that trying one tells nothing of another's (G-21)."""
    if id_ is not None and not (region and id_.startswith(f"{region}-")):
        raise refuse(
            f"{noun}-id", f"/{noun}", f"begint niet met {region}-", f"does not begin with {region}-", None, "invalid"
        )
