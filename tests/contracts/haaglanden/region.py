"""What the region of Haaglanden has recorded, and how its tests go on from there."""

from typing import Any

import httpx
from fastapi import FastAPI

from tests.contracts.desk import Desk
from tests.contracts.given import MIDDEN
from tests.contracts.told import HAAGLANDEN, PROGRAMME, PROVIDER, rule
from tests.fixtures.auth import Mint
from tests.interventions.given import CARDEA, Neighbours, Told

Json = dict[str, Any]
ELSEWHERE = "99EL00"
EXPERTISE = ["PSYCHIATRIC_DISORDERS", "BEHAVIOURAL_PROBLEMS", "SOCIAL_EMOTIONAL_PROBLEMS"]
DRAFT: Json = {
    "contract": "HGL-1",
    "programme": PROGRAMME,
    "provider": PROVIDER,
    "validFrom": "2026-08-01",
    "validTo": "2027-07-31",
    "schools": [{"site": MIDDEN, "validFrom": "2026-08-01"}],
    "plan": {"schoolYears": 6},
}
SIGN = {"signedOn": "2026-06-01"}
NOTICE: Json = {"by": "PROVIDER", "scope": "WHOLE", "receivedAt": "2026-12-30T10:00:00Z"}


def suitable(provider: str) -> list[tuple[str, Json]]:
    """What the type of school asks, shown."""
    worked: Json = {"provider": provider, "schoolType": "SO_C4", "region": "HGL", "validFrom": "2023-01-01"}
    return [
        ("provider-expertise-declared.v1", {"provider": provider, "tags": EXPERTISE, "validFrom": "2023-01-01"}),
        ("provider-experience-recorded.v1", worked),
    ]


def defined(*four_eyes: str) -> tuple[str, Json]:
    """The programme, which asks a second account for these acts."""
    configuration = {"holidayRegion": "MIDDEN", "kpis": ["KPI-HG-01"], "fourEyes": list(four_eyes)}
    told = {"programme": PROGRAMME, "region": "HGL", "configuration": configuration, "validFrom": "2022-01-01"}
    return ("programme-defined.v1", told)


FACTS = (
    *HAAGLANDEN,
    (
        "school-site-added.v1",
        {"site": ELSEWHERE, "municipality": "GM0363", "schoolType": "SO_C4", "validFrom": "2000-01-01"},
    ),
    ("provider-registered.v1", {"provider": CARDEA}),
    rule("R-ONE-PROVIDER", "FLAG"),
    rule("R-CODE-MUTEX", "BLOCK", codes=["45ABS", "41S01", "41S02"], scope="SCHOOL"),
    rule("R-SUITABILITY", "BLOCK"),
    rule("R-EXPERIENCE", "BLOCK", months=24),
    rule("R-WLZ", "BLOCK"),
)


def in_registry(fact: tuple[str, Json]) -> Told:
    return ("registry", *fact)


def desk(client: httpx.AsyncClient, mint: Mint, account: str, role: str = "contract-manager") -> Desk:
    return Desk(client, mint(organisation="region:HGL", roles=[role], region="HGL", client_id=account))


async def tell(registry: Neighbours, app: FastAPI, *facts: tuple[str, Json]) -> None:
    """The registry records more, and contracts has seen it."""
    await registry.tell(*(in_registry(one) for one in facts))
    head = await registry.logs["registry"].head()
    follower = app.state.running.others["registry"]
    assert await follower.reached({("registry", head.position.shard): head.position.number}, 5.0)


async def signed(manager: Desk, draft: Json = DRAFT) -> Json:
    assert (await manager.post("/contracts", draft)).status_code == 201
    answer = await manager.post(f"/contracts/{draft['contract']}/signature", SIGN)
    assert answer.status_code == 201, answer.text
    done: Json = answer.json()
    return done
