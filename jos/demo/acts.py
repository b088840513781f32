"""What the demo's administrator records, as requests to the public APIs of registry and contracts.

In stages: what is in one stage may be recorded in any order, and rests on the stages before it alone. Each service's
last stage is a single act: whoever has seen that one has seen all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from jos.demo import schools as facts
from jos.demo.schools import PROGRAMME, REGION, START, Provider, School
from jos.demo.spread import Delivery, Worker, workers

KNOWN_FROM = date(2021, 8, 1).isoformat()
"""Schools, municipalities and providers existed before the programme: known from the school year in which it begins."""
FROM = START.isoformat()
UNTIL = date(2022, 12, 31).isoformat()
"""The contracts' last day, synthetic: the source does not state the term."""

FEWER = Decimal("0.10")

Body = dict[str, object]


@dataclass(frozen=True, slots=True)
class Act:
    """One POST: `path` below the base of `service`."""

    service: str
    path: str
    body: Body

    @property
    def key(self) -> str:
        """Its Idempotency-Key: recorded again, it is the same act."""
        return "demo-" + sha256(f"{self.service}{self.path}{self.body}".encode()).hexdigest()[:24]


def stages(programme: Body, deliveries: Sequence[Delivery]) -> Iterator[list[Act]]:
    """Everything, in order; `programme` is the content of the programme's file."""
    staff = [worker for delivery in deliveries for worker in workers(delivery)]
    yield [*_municipalities(), *_providers(), *(_school(school) for school in facts.SCHOOLS)]
    yield [_region(), *(_professional(worker) for worker in staff)]
    yield [_post("/programmes", programme), *(_site(school) for school in facts.SCHOOLS)]
    yield [*_participating(), *(_participation(school) for school in facts.SCHOOLS)]
    yield [*(_choice(school) for school in facts.SCHOOLS), *(_count(delivery) for delivery in deliveries)]
    yield [*(_registration(worker) for worker in staff), *_assignments(staff)]
    yield [_more_hours(staff[0])]
    yield [_draft(provider) for provider in facts.PROVIDERS]
    yield [_signature(provider) for provider in facts.PROVIDERS[:-1]]
    yield [_signature(facts.PROVIDERS[-1])]


def _post(path: str, body: Body) -> Act:
    return Act("registry", path, body)


def _municipalities() -> Iterator[Act]:
    for one in facts.MUNICIPALITIES:
        yield _post("/municipalities", {"municipality": one.code, "name": one.name, "validFrom": KNOWN_FROM})


def _region() -> Act:
    return _post(
        "/regions",
        {
            "region": REGION,
            "name": facts.REGION_NAME,
            "subRegions": [{"code": code, "name": name} for code, name in facts.SUB_REGIONS.items()],
            "municipalities": [one.code for one in facts.MUNICIPALITIES],
            "validFrom": KNOWN_FROM,
        },
    )


def _providers() -> Iterator[Act]:
    for one in facts.PROVIDERS:
        yield _post("/providers", {"provider": one.code, "name": one.name, "validFrom": KNOWN_FROM})


def _school(school: School) -> Act:
    return _post("/schools", {"school": school.brin, "name": school.name, "validFrom": KNOWN_FROM})


def _site(school: School) -> Act:
    return _post(
        "/sites",
        {
            "site": school.site,
            "name": school.name,
            "schoolType": school.type,
            "municipality": school.municipality,
            "subRegion": facts.SUB_REGION_OF[school.municipality],
            "validFrom": KNOWN_FROM,
        },
    )


def _participating() -> Iterator[Act]:
    for one in facts.MUNICIPALITIES:
        if one.sub_region:
            body: Body = {"municipality": one.code, "assumed": True, "validFrom": FROM}
            yield _post(f"/programmes/{PROGRAMME}/municipalities", body)


def _participation(school: School) -> Act:
    return _post("/participations", {"programme": PROGRAMME, "site": school.site, "validFrom": FROM})


def _choice(school: School) -> Act:
    body: Body = {"provider": school.provider.code, "assumed": school.assumed, "validFrom": FROM}
    return _post(f"/participations/{PROGRAMME}/{school.site}/provider-choices", body)


def _count(delivery: Delivery) -> Act:
    return _post(
        "/pupil-counts",
        {
            "site": delivery.school.site,
            "schoolYear": "2021-2022",
            "referenceDate": "2021-10-01",
            "count": delivery.pupils,
            "source": "SYNTHETIC",
        },
    )


def _professional(worker: Worker) -> Act:
    body: Body = {"provider": worker.school.provider.code, "staff": worker.staff, "function": "YOUTH_WORKER"}
    return _post("/professionals", {**body, "validFrom": FROM})


def _registration(worker: Worker) -> Act:
    path = f"/professionals/{worker.school.provider.code}/{worker.staff}/registrations"
    return _post(path, {"register": "SKJ", "validFrom": FROM, "validTo": "2026-12-31"})


def _assignments(staff: Sequence[Worker]) -> Iterator[Act]:
    """One worker begins with fewer hours, so that a change is shown too."""
    yield _assignment(staff[0], staff[0].fte - FEWER)
    yield from (_assignment(worker, worker.fte) for worker in staff[1:])


def _assignment(worker: Worker, fte: Decimal) -> Act:
    return _post(
        "/assignments",
        {
            "assignment": _assignment_id(worker),
            "programme": PROGRAMME,
            "site": worker.school.site,
            "provider": worker.school.provider.code,
            "staff": worker.staff,
            "fte": float(fte),
            "fixedFace": True,
            "validFrom": FROM,
        },
    )


def _more_hours(worker: Worker) -> Act:
    path = f"/assignments/{_assignment_id(worker)}/hours"
    return _post(path, {"fte": float(worker.fte), "validFrom": "2022-04-01"})


def _assignment_id(worker: Worker) -> str:
    return worker.staff.replace("m-", f"{REGION}-")


def _contract(provider: Provider) -> str:
    return f"{PROGRAMME}-2022-{provider.kvk}"


def _draft(provider: Provider) -> Act:
    sites = [school.site for school in facts.SCHOOLS if school.provider == provider]
    term: Body = {"validFrom": FROM, "validTo": UNTIL}
    body: Body = {"contract": _contract(provider), "programme": PROGRAMME, "provider": provider.code, **term}
    return Act("contracts", "/contracts", {**body, "schools": [{"site": site, **term} for site in sites]})


def _signature(provider: Provider) -> Act:
    return Act("contracts", f"/contracts/{_contract(provider)}/signature", {"signedOn": "2021-12-15"})
