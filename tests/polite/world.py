"""Two regions that have nothing to do with each other, told to all services through their public APIs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from services.registry.programmes import FILES, load
from tests.journeys.conftest import Installation
from tests.polite.callers import Caller

Json = dict[str, Any]
FROM, UNTIL = "2022-01-01", "2024-07-31"
EVENT = "nl.jeugdhulp-op-school.group-intervention-recorded.v1"
HELD = "h-1"
"""The id of an event that waits, at every provider."""


@dataclass(frozen=True, slots=True)
class Place:
    """The codes of one region; `NOWHERE` has codes of the same form that nobody uses."""

    region: str
    municipality: str
    brin: str
    provider: str
    staff: str
    assignment: str
    contract: str
    programme: str

    @property
    def site(self) -> str:
        """The one site of the one school."""
        return self.brin + "00"

    @property
    def absence(self) -> str:
        """The id of its worker's absence."""
        return f"{self.region}-x1"

    @property
    def lot(self) -> str:
        """Its one lot."""
        return f"{self.region}-P1"

    @property
    def transition(self) -> str:
        """The id of its planned transition."""
        return f"{self.region}-t1"

    @property
    def board(self) -> str:
        """The number of its school board."""
        return f"4{self.municipality[2:]}"

    @property
    def partnership(self) -> str:
        """The number of its partnership."""
        return f"PO{self.municipality[2:]}"

    @property
    def source(self) -> str:
        """What the provider's events come from."""
        return f"urn:nld:{self.provider}:systeem:ecd"


OURS = Place("HR", "GM0546", "99HA", "kvknr:99990001", "m-11", "HR-a11", "HR-11", "HR-JOS")
THEIRS = Place("XX", "GM0363", "99XA", "kvknr:99990011", "m-22", "XX-a22", "XX-22", "XX-JOS")
NOWHERE = Place("ZZ", "GM0999", "99ZA", "kvknr:99990099", "m-33", "ZZ-a33", "ZZ-33", "ZZ-JOS")

SignIn = Callable[[str, Place], Caller]
"""`sign_in("admin", OURS)`."""


async def tell(installation: Installation, sign_in: SignIn, place: Place) -> None:
    """A school in a programme, a worker, a contract, a delivery, an event and one that waits."""
    admin, tokens = sign_in("admin", place), {}
    for service, path, body in facts(place):
        answer = await admin.post(service, path, body)
        assert answer.status_code == 201, (path, answer.text)
        tokens[service] = answer.json().get("token", tokens.get(service, ""))
    interventions = installation.apps["interventions"].state.running
    assert await interventions.follower.reached(interventions.tokens.at_least(",".join(tokens.values())), 10)
    answer = await sign_in("school", place).post("kpi", "/data-deliveries", delivery(place))
    assert answer.status_code == 201, answer.text
    ehr = sign_in("ehr", place)
    for body, status in ((event(place, "e-1"), 201), (event(place, HELD, staff=["m-99"]), 202)):
        answer = await push(ehr, body)
        assert answer.status_code == status, answer.text


async def push(ehr: Caller, body: Json) -> httpx.Response:
    """Push one event."""
    return await ehr.post("interventions", "/events", body, **{"Content-Type": "application/cloudevents+json"})


def facts(place: Place) -> list[tuple[str, str, Json]]:
    """What the administrator of a region records, in order: service, path, body."""
    programme = json.loads(load(FILES / "HR-JOS.yaml").model_dump_json(by_alias=True))
    programme |= {"programme": place.programme, "region": place.region}
    span = {"validFrom": FROM, "validTo": UNTIL}
    choices = f"/participations/{place.programme}/{place.site}/provider-choices"
    worker = {"provider": place.provider, "staff": place.staff}
    return [
        ("registry", "/municipalities", {"municipality": place.municipality, "name": "Plaats", "validFrom": FROM}),
        ("registry", "/regions", {"region": place.region, "name": "Streek", "subRegions": [],
                                  "municipalities": [place.municipality], "validFrom": FROM}),
        ("registry", "/providers", {"provider": place.provider, "name": "Aanbieder", "validFrom": FROM}),
        ("registry", "/schools", {"school": place.brin, "name": "School", "validFrom": FROM}),
        ("registry", "/sites", {"site": place.site, "name": "School", "schoolType": "SBO",
                                "municipality": place.municipality, "validFrom": FROM}),
        ("registry", "/programmes", programme),
        ("registry", f"/programmes/{place.programme}/municipalities",
         {"municipality": place.municipality, "assumed": False, "validFrom": FROM}),
        ("registry", "/participations", {"programme": place.programme, "site": place.site, "validFrom": FROM}),
        ("registry", choices, {"provider": place.provider, "validFrom": FROM}),
        ("registry", "/pupil-counts", {"site": place.site, "schoolYear": "2021-2022", "referenceDate": "2021-10-01",
                                       "count": 140, "source": "DUO"}),
        ("registry", "/professionals", {**worker, "function": "YOUTH_WORKER", "validFrom": FROM}),
        ("registry", f"/professionals/{place.provider}/{place.staff}/registrations", {"register": "SKJ", **span}),
        ("registry", "/assignments", {**worker, "assignment": place.assignment, "programme": place.programme,
                                      "site": place.site, "fte": 0.8, "fixedFace": True, "validFrom": FROM}),
        *(("registry", path, body) for path, body in around(place)),
        ("contracts", "/contracts", {"contract": place.contract, "programme": place.programme,
                                     "provider": place.provider, **span,
                                     "schools": [{"site": place.site, "validFrom": FROM}]}),
        ("contracts", f"/contracts/{place.contract}/signature", {"signedOn": "2021-12-15"}),
    ]  # fmt: skip


def around(place: Place) -> list[tuple[str, Json]]:
    """What happens at the school and who stands around it."""
    school = {"programme": place.programme, "site": place.site}
    worker = {**school, "provider": place.provider, "staff": place.staff}
    next_site = f"{place.brin}01"
    return [
        ("/introductions", {**worker, "heldOn": "2021-12-15"}),
        ("/recruitment-involvements", {**worker, "roles": ["SCHOOL_LEADER"], "heldOn": "2021-12-01"}),
        ("/absences", {**worker, "absence": place.absence, "validFrom": "2022-03-01"}),
        ("/presence", {**worker, "day": "2022-03-14", "start": "08:30", "end": "15:00"}),
        ("/teams", {**school, "kind": "YOUTH_AND_SCHOOL", "validFrom": FROM}),
        ("/teams/{programme}/{site}/YOUTH_AND_SCHOOL/members".format(**school), {"role": "TEACHER", "validFrom": FROM}),
        ("/action-plans", {**school, "plannedKinds": ["GROUP"], "validFrom": FROM}),
        ("/development-questions", {**school, "number": 1, "validFrom": FROM}),
        ("/contacts", {**school, "role": "ACCESS", "organisation": "jeugdteam", "validFrom": FROM}),
        ("/boards", {"board": place.board, "name": "Bestuur", "validFrom": FROM}),
        ("/partnerships", {"partnership": place.partnership, "name": "Verband", "validFrom": FROM}),
        ("/lots", {"lot": place.lot, "name": "Perceel", "validFrom": FROM}),
        (
            "/data-sources",
            {
                "programme": place.programme,
                "source": "VERZUIM",
                "name": "Verzuim",
                "kpis": [],
                "status": "UNKNOWN",
                "validFrom": FROM,
            },
        ),
        ("/professionals/{provider}/{staff}/identity".format(**worker), {"name": "A. Voorbeeld"}),
        (
            "/sites",
            {
                "site": next_site,
                "name": "Later",
                "schoolType": "SBO",
                "municipality": place.municipality,
                "validFrom": FROM,
            },
        ),
        (
            "/transitions",
            {
                "transition": place.transition,
                "kind": "RENUMBERING",
                "sources": [place.site],
                "targets": [next_site],
                "validFrom": "2024-08-01",
            },
        ),
    ]


def delivery(place: Place) -> Json:
    """What the school delivers."""
    counts = {"pupils": 140, "recipients": 30, "structural": 20, "incidental": 10, "individual": 5}
    return {"programme": place.programme, "site": place.site, "period": "2022-H1", **counts, "fte": 0.8}


def event(place: Place, id_: str, **data: object) -> Json:
    """A group intervention at the school."""
    content: Json = {
        "programme": place.programme,
        "siteCode": place.site,
        "occurredOn": "2022-03-01",
        "minutes": 60,
        "staff": [place.staff],
        "mode": "INTERVENTION",
        "theme": "EMOTION_REGULATION",
        "trigger": "OBSERVED_PROBLEM",
        "groupSize": 9,
        "setting": "CLASS",
    }
    envelope = {"specversion": "1.0", "id": id_, "source": place.source, "type": EVENT}
    return {**envelope, "time": "2022-03-01T13:02:11Z", "data": content | data}
