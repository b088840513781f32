"""Who signs in at the demo's issuer: one client for each kind of user, each with a random secret."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from jos.demo.regions import REGIONS
from jos.demo.schools import MUNICIPALITIES, PROGRAMME, PROVIDERS, REGION, SCHOOLS
from jos.installation import Installation, write_private
from shared.issuer.secrets import hash_secret, new_secret

ADMIN = "demo-admin"
STEWARD = "demo-steward"
EHR = "demo-ehr"
ANALYST = "demo-analyst"
BI = "demo-bi"
ADMINISTERS = ("registry-admin", "contract-manager", "programme-admin")


@dataclass(frozen=True, slots=True)
class Who:
    """A client and what its tokens say (api.md section 2)."""

    id: str
    organisation: str
    roles: tuple[str, ...]
    schools: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    region: str | None = None
    programmes: tuple[str, ...] = (PROGRAMME,)


def school_client(site: str) -> str:
    """The client of a school."""
    return f"demo-school-{site.lower()}"


def everyone() -> Iterator[Who]:
    """Every client of the demo."""
    for one in REGIONS.values():
        yield Who(one.client, one.organisation, ADMINISTERS, region=one.code, programmes=one.programmes)
    yield Who(STEWARD, f"region:{REGION}", ("programme-admin",), region=REGION)
    for provider in PROVIDERS:
        yield Who(provider.client, provider.code, ("provider-system", "provider-manager"))
    for school in SCHOOLS:
        yield Who(school_client(school.site), f"brin:{school.brin}", ("school",), schools=(school.site,))
    leiden = next(municipality.code for municipality in MUNICIPALITIES if municipality.name == "Leiden")
    yield Who(ANALYST, f"gm:{leiden}", ("municipal-analyst",), municipalities=(leiden,))
    yield Who(BI, f"region:{REGION}", ("bi",), region=REGION)


def make_clients(installation: Installation) -> None:
    """Write the issuer's file of clients and, beside it, their secrets; nothing when they are there already."""
    known = _secrets(installation)
    if known.keys() == {who.id for who in everyone()}:
        return
    secrets = {who.id: known.get(who.id) or new_secret() for who in everyone()}
    write_private(installation.client_secrets, json.dumps(secrets, indent=1))
    write_private(installation.clients, json.dumps([_client(who, secrets[who.id]) for who in everyone()], indent=1))


def _secrets(installation: Installation) -> dict[str, str]:
    try:
        return dict(json.loads(installation.client_secrets.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _client(who: Who, secret: str) -> dict[str, object]:
    return {
        "id": who.id,
        "secretHash": hash_secret(secret),
        "organisation": who.organisation,
        "roles": list(who.roles),
        "schools": list(who.schools),
        "programmes": list(who.programmes),
        "municipalities": list(who.municipalities),
        **({"region": who.region} if who.region else {}),
    }
