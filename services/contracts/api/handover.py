"""The handover list after a notice (*overdrachtslijst*, OQ-34): what ends at each school, and who comes after.

What runs for pupils at the school ends on its last service day; nothing of it moves to another provider without a new
pseudonym. It is therefore not listed here: the leaving provider sees its own trajectories at interventions.
"""

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from services.contracts.api.acting import ContractId, KnownFacts
from services.contracts.api.contracts import READER
from services.contracts.api.region import contracts_of
from services.contracts.api.shown import MANAGERS
from services.contracts.facts import Facts
from services.contracts.parts import Contract, Notice, Stop
from services.contracts.periods import ONE_DAY
from shared.administration.reading import Read
from shared.auth.caller import Caller
from shared.domain.findings import nowhere
from shared.web.routing import router

routes = router(tags=["contracts"])

NoticeNumber = Annotated[str, Path(pattern=r"^[0-9]{1,4}$")]


class _View(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Leaving(_View):
    """Somebody of the leaving provider at work there on the last service day."""

    assignment: str
    staff: str
    hours_per_week: float
    valid_to: date | None


class SchoolHandover(_View):
    """One school: when service stops, who leaves, which codes end, and which provider has a contract from then on.

    `nextProvider` null: none, or one whose contract is not the caller's to see.
    """

    site: str
    effective_on: date
    last_service_day: date
    leaving: list[Leaving]
    product_codes: list[str]
    next_provider: str | None


class Handover(_View):
    """The handover list of a notice; empty for one without effect."""

    contract: str
    notice: str
    provider: str
    new_pseudonyms: bool = True
    schools: list[SchoolHandover]


@routes.get("/contracts/{contract}/notices/{notice_number}/handover", dependencies=[READER])
async def handover_list(
    contract: ContractId, notice_number: NoticeNumber, reading: Read, facts: KnownFacts
) -> Handover:
    """Wat er per school over te dragen is na een opzegging, en aan wie."""
    everything = await contracts_of(reading, facts)
    about = next((one for one in everything if one.contract == contract), None)
    found = next((one for one in about.notices if one.notice == notice_number), None) if about else None
    if about is None or found is None:
        raise nowhere()
    sites = [one for one in _stops(found) if _its_own(reading.caller, one.site, facts)]
    schools = [_school(about, one.site, one.effective_on, everything, facts) for one in sites]
    return Handover(contract=contract, notice=notice_number, provider=about.provider, schools=schools)


def _stops(notice: Notice) -> list[Stop]:
    """Where it stops service that has begun, by school; nowhere for one without effect."""
    found = [one for one in notice.stops if notice.stands and one.valid_from < one.effective_on]
    return sorted(found, key=lambda one: one.site)


def _its_own(caller: Caller, site: str, facts: Facts) -> bool:
    """Who works at a school is for its own municipality, not for the others of the region."""
    if caller.has(*MANAGERS) or not caller.has("municipal-account-holder"):
        return True
    place = facts.sites.get(site)
    return place is not None and place.municipality in caller.municipalities


def _school(about: Contract, site: str, day: date, everything: list[Contract], facts: Facts) -> SchoolHandover:
    last = day - ONE_DAY
    people = [
        Leaving(assignment=code, staff=one.staff, hours_per_week=float(one.hours_on(last)), valid_to=one.last)
        for code, one in sorted(facts.assignments.items())
        if (one.programme, one.site, one.provider) == (about.programme, site, about.provider) and one.holds(last)
    ]
    codes = {p.code for p in about.products if p.site == site and p.valid_from <= last <= (p.valid_to or date.max)}
    following = [
        other.provider
        for other in everything
        if other.programme == about.programme and other.contract != about.contract
        for one in other.coverage
        if one.site == site and not one.empty and one.valid_from <= day <= (one.valid_to or date.max)
    ]
    return SchoolHandover(
        site=site,
        effective_on=day,
        last_service_day=last,
        leaving=people,
        product_codes=sorted(codes),
        next_provider=following[0] if following else None,
    )
