"""A contract (*overeenkomst*): a region has a provider give help at schools, from a first to a last day.

Drafted, then signed: at signature everything that will count is said at once (the term, and each school's coverage),
so that nothing has to wake up when it starts or ends. Afterwards schools are added, and coverage or the whole
contract is ended by naming another last day. Days are inclusive; an open last day is None.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field

from services.contracts.periods import Covered, Part, check_ends_earlier, check_period, check_school
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse
from shared.domain.texts import Text

PROVIDER_CODE = r"^kvknr:[0-9]{8}$"
CONTRACT_CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$"


# Events


class ContractDrafted(Event):
    """A contract was put on paper; nothing counts yet (*concept*)."""

    TYPE: ClassVar[str] = "contract-drafted.v1"
    contract: str
    programme: str
    provider: str
    valid_from: date
    valid_to: date | None
    schools: tuple[Covered, ...]


class ContractSigned(Event):
    """Both parties signed: the term counts from its first to its last day."""

    TYPE: ClassVar[str] = "contract-signed.v1"
    contract: str
    programme: str
    provider: str
    signed_on: date
    valid_from: date
    valid_to: date | None


class SchoolCoverageAdded(Event):
    """A school came under the contract (*scholen onder contract*)."""

    TYPE: ClassVar[str] = "school-coverage-added.v1"
    contract: str
    programme: str
    provider: str
    site: str
    valid_from: date
    valid_to: date | None


class SchoolCoverageEnded(Event):
    """The coverage that began on `valid_from` has another last day than was said before."""

    TYPE: ClassVar[str] = "school-coverage-ended.v1"
    contract: str
    programme: str
    provider: str
    site: str
    valid_from: date
    valid_to: date
    previous_valid_to: date | None


class ContractEnded(Event):
    """The contract has another last day than was said before."""

    TYPE: ClassVar[str] = "contract-ended.v1"
    contract: str
    programme: str
    provider: str
    valid_from: date
    valid_to: date
    previous_valid_to: date | None


ContractEvent = ContractDrafted | ContractSigned | SchoolCoverageAdded | SchoolCoverageEnded | ContractEnded


# Commands


class Draft(Part):
    """Put a contract on paper. `contract` is the client's own id for it, which begins with its region's code."""

    contract: str = Field(pattern=CONTRACT_CODE)
    programme: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")
    provider: str = Field(pattern=PROVIDER_CODE)
    valid_from: date
    valid_to: date | None = None
    schools: tuple[Covered, ...] = Field(default=(), max_length=500)


class Sign(Part):
    """Sign it; the day of signature may lie before, in or after the term's first day."""

    signed_on: date


class End(Part):
    """End it after this last day, which lies before the one that was said until now."""

    valid_to: date


# States


class Contract(Part):
    """A contract as it stands. `signed_on` None: still a draft; `coverage` only holds what was signed."""

    contract: str
    programme: str
    provider: str
    valid_from: date
    valid_to: date | None
    schools: tuple[Covered, ...]
    signed_on: date | None = None
    coverage: tuple[Covered, ...] = ()


# Decide


def draft(command: Draft, state: Contract | None) -> Sequence[ContractEvent]:
    """A draft may be put again as long as it is not signed."""
    if state is not None and state.signed_on is not None:
        if _same(command, state):
            return []
        raise refuse(
            "contract-signed",
            "/contract",
            "dit contract is al getekend",
            "this contract is signed already",
            Text("voeg een school toe of beëindig het", "add a school or end it"),
        )
    check_period(command.valid_from, command.valid_to, "/validTo")
    for number, school in enumerate(command.schools):
        check_school(school, command.valid_from, command.valid_to, command.schools[:number], f"/schools/{number}")
    if state is not None and _same(command, state):
        return []
    return [
        ContractDrafted(
            contract=command.contract,
            programme=command.programme,
            provider=command.provider,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            schools=command.schools,
        )
    ]


def sign(command: Sign, state: Contract | None) -> Sequence[ContractEvent]:
    """Signing says the whole term and every school's coverage at once."""
    contract = _known(state)
    if contract.signed_on is not None:
        if contract.signed_on == command.signed_on:
            return []
        raise refuse(
            "contract-signed",
            "/signedOn",
            f"dit contract is getekend op {contract.signed_on}",
            f"this contract was signed on {contract.signed_on}",
        )
    signed = ContractSigned(
        contract=contract.contract,
        programme=contract.programme,
        provider=contract.provider,
        signed_on=command.signed_on,
        valid_from=contract.valid_from,
        valid_to=contract.valid_to,
    )
    return [signed, *(_added(contract, school) for school in contract.schools)]


def cover(command: Covered, state: Contract | None) -> Sequence[ContractEvent]:
    """A school comes under a signed contract, within its term."""
    contract = _signed(state)
    if command in contract.coverage:
        return []
    check_school(command, contract.valid_from, contract.valid_to, contract.coverage, "")
    return [_added(contract, command)]


def uncover(site: str, command: End, state: Contract | None) -> Sequence[ContractEvent]:
    """The school's latest coverage ends earlier than was said."""
    contract = _signed(state)
    periods = [covered for covered in contract.coverage if covered.site == site]
    if not periods:
        raise refuse("school-not-covered", "", "deze school valt niet onder dit contract", "no such school here")
    latest = max(periods, key=lambda covered: covered.valid_from)
    check_ends_earlier(latest.valid_from, latest.valid_to, command.valid_to)
    return [] if latest.valid_to == command.valid_to else [_uncovered(contract, latest, command.valid_to)]


def end(command: End, state: Contract | None) -> Sequence[ContractEvent]:
    """The contract ends earlier than was said, and with it every coverage that would have lasted longer."""
    contract = _signed(state)
    check_ends_earlier(contract.valid_from, contract.valid_to, command.valid_to)
    if contract.valid_to == command.valid_to:
        return []
    ended = ContractEnded(
        contract=contract.contract,
        programme=contract.programme,
        provider=contract.provider,
        valid_from=contract.valid_from,
        valid_to=command.valid_to,
        previous_valid_to=contract.valid_to,
    )
    longer = (c for c in contract.coverage if c.valid_to is None or c.valid_to > command.valid_to)
    return [ended, *(_uncovered(contract, covered, command.valid_to) for covered in longer)]


# Evolve


def evolve(state: Contract | None, event: ContractEvent) -> Contract | None:
    """Remember what happened."""
    match event, state:
        case ContractDrafted(), _:
            return Contract(**{name: getattr(event, name) for name in ContractDrafted.model_fields})
        case ContractSigned(), Contract():
            return state.model_copy(update={"signed_on": event.signed_on})
        case SchoolCoverageAdded(), Contract():
            added = Covered(site=event.site, valid_from=event.valid_from, valid_to=event.valid_to)
            return state.model_copy(update={"coverage": (*state.coverage, added)})
        case SchoolCoverageEnded(), Contract():
            return state.model_copy(update={"coverage": tuple(_shortened(c, event) for c in state.coverage)})
        case ContractEnded(), Contract():
            return state.model_copy(update={"valid_to": event.valid_to})
    return state


def _shortened(covered: Covered, event: SchoolCoverageEnded) -> Covered:
    if (covered.site, covered.valid_from) != (event.site, event.valid_from):
        return covered
    return covered.model_copy(update={"valid_to": event.valid_to})


def _known(state: Contract | None) -> Contract:
    if state is None:
        raise nowhere()
    return state


def _signed(state: Contract | None) -> Contract:
    contract = _known(state)
    if contract.signed_on is None:
        hint = Text("teken het eerst: POST .../signature", "sign it first: POST .../signature")
        raise refuse("contract-not-signed", "", "dit contract is niet getekend", "this contract is not signed", hint)
    return contract


def _same(command: Draft, state: Contract) -> bool:
    return all(getattr(command, name) == getattr(state, name) for name in Draft.model_fields)


def _added(contract: Contract, school: Covered) -> SchoolCoverageAdded:
    return SchoolCoverageAdded(
        contract=contract.contract,
        programme=contract.programme,
        provider=contract.provider,
        site=school.site,
        valid_from=school.valid_from,
        valid_to=contract.valid_to if school.valid_to is None else school.valid_to,
    )


def _uncovered(contract: Contract, covered: Covered, last_day: date) -> SchoolCoverageEnded:
    return SchoolCoverageEnded(
        contract=contract.contract,
        programme=contract.programme,
        provider=contract.provider,
        site=covered.site,
        valid_from=covered.valid_from,
        valid_to=max(last_day, covered.valid_from - timedelta(days=1)),
        previous_valid_to=covered.valid_to,
    )
