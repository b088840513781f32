"""A contract (*overeenkomst*): a region has a provider give help at schools, from a first to a last day.

Drafted, then signed: at signature everything that will count is said at once (the term, and each school's coverage),
so that nothing has to wake up when it starts or ends. What happens to it afterwards stands beside this file: schools
(`coverage.py`), the second term (`extension.py`), ways out (`break_option.py`) and notices (`notice.py`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Self

from pydantic import Field

from services.contracts.codes import PROGRAMME_CODE, PROVIDER_CODE, ContractCode, Reference
from services.contracts.parts import Contract, Covered, Part, Term, TermPlan
from services.contracts.periods import check_period, check_school
from shared.domain.calendar import Day
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse
from shared.domain.texts import Text

# Events


class ContractEvent(Event):
    """What happened to a contract, with the ids by which it is counted."""

    contract: str
    programme: str
    provider: str

    @classmethod
    def of(cls, contract: Contract, **fields: object) -> Self:
        """The event with the ids of this contract."""
        ids = {"contract": contract.contract, "programme": contract.programme, "provider": contract.provider}
        return cls.model_validate({**ids, **fields})


class ContractDrafted(ContractEvent):
    """A contract was put on paper; nothing counts yet (*concept*)."""

    TYPE: ClassVar[str] = "contract-drafted.v1"
    valid_from: date
    valid_to: date | None
    schools: tuple[Covered, ...]
    lot: str | None = None
    plan: TermPlan | None = None


class ContractSigned(ContractEvent):
    """Both parties signed: the term counts from its first to its last day."""

    TYPE: ClassVar[str] = "contract-signed.v1"
    signed_on: date
    valid_from: date
    valid_to: date | None


class ContractTermStarted(ContractEvent):
    """A term runs from its first to its last day; said when that becomes certain, not when the day comes."""

    TYPE: ClassVar[str] = "contract-term-started.v1"
    term: int
    valid_from: date
    valid_to: date


EVENTS = (ContractDrafted, ContractSigned, ContractTermStarted)


# Commands


class Draft(Part):
    """Put a contract on paper. `contract` is the client's own id for it, which begins with its region's code.

    With a `plan` the contract has a term 1, up to `valid_to`, and a term 2 if the result agreement is extended.
    """

    contract: ContractCode
    programme: str = Field(pattern=PROGRAMME_CODE)
    provider: str = Field(pattern=PROVIDER_CODE)
    valid_from: Day
    valid_to: Day | None = None
    schools: tuple[Covered, ...] = Field(default=(), max_length=500)
    lot: Reference | None = None
    plan: TermPlan | None = None


class Sign(Part):
    """Sign it; the day of signature may lie before, in or after the term's first day."""

    signed_on: Day


# Decide


def draft(command: Draft, state: Contract | None) -> Sequence[ContractEvent]:
    """A draft may be put again as long as it is not signed."""
    if state is not None and _same(command, state):
        return []
    if state is not None and state.signed_on is not None:
        raise refuse(
            "contract-signed",
            "/contract",
            "dit contract is al getekend",
            "this contract is signed already",
            Text("voeg een school toe of beëindig het", "add a school or end it"),
        )
    check_period(command.valid_from, command.valid_to, "/validTo")
    _check_plan(command)
    for number, school in enumerate(command.schools):
        check_school(school, command.valid_from, command.valid_to, command.schools[:number], f"/schools/{number}")
    return [ContractDrafted(**{name: getattr(command, name) for name in Draft.model_fields})]


def sign(command: Sign, state: Contract | None, today: date) -> Sequence[ContractEvent]:
    """Signing says the term; the coverage of each school goes with it (`coverage.from_draft`)."""
    contract = known(state)
    if contract.signed_on is not None:
        if contract.signed_on == command.signed_on:
            return []
        raise refuse(
            "contract-signed",
            "/signedOn",
            f"dit contract is getekend op {contract.signed_on}",
            f"this contract was signed on {contract.signed_on}",
        )
    check_not_ahead(command.signed_on, today, "/signedOn")
    first, last = contract.valid_from, contract.valid_to
    signed = ContractSigned.of(contract, signed_on=command.signed_on, valid_from=first, valid_to=last)
    if contract.plan is None:
        return [signed]
    return [signed, ContractTermStarted.of(contract, term=1, valid_from=first, valid_to=last)]


def known(state: Contract | None) -> Contract:
    """The contract. Raises `Refused` (404) where there is none."""
    if state is None:
        raise nowhere()
    return state


def signed(state: Contract | None) -> Contract:
    """The contract, which is signed. Raises `Refused` (404, or `contract-not-signed`)."""
    contract = known(state)
    if contract.signed_on is None:
        hint = Text("teken het eerst: POST .../signature", "sign it first: POST .../signature")
        raise refuse("contract-not-signed", "", "dit contract is niet getekend", "this contract is not signed", hint)
    return contract


def check_not_ahead(day: date, today: date, pointer: str) -> None:
    """What has happened did not happen tomorrow. Raises `Refused` (`in-the-future`, invalid)."""
    if day > today:
        nl, en = "deze dag is nog niet geweest", "this day has not been yet"
        raise refuse("in-the-future", pointer, nl, en, kind="invalid")


def _check_plan(command: Draft) -> None:
    if command.plan is None:
        return
    if command.valid_to is None:
        nl, en = "looptijd 1 heeft een laatste dag", "term 1 has a last day"
        raise refuse("term-open", "/validTo", nl, en, kind="invalid")
    if command.plan.notice_by is not None and not command.plan.notice_by < command.valid_to:
        nl, en = "opzeggen gaat aan het einde vooraf", "notice comes before the end"
        raise refuse("period-reversed", "/plan/noticeBy", nl, en, kind="invalid")


def _same(command: Draft, state: Contract) -> bool:
    return all(getattr(command, name) == getattr(state, name) for name in Draft.model_fields)


# Evolve


def evolve(state: Contract | None, event: ContractEvent) -> Contract | None:
    """Remember the draft, the signature and the terms."""
    match event, state:
        case ContractDrafted(), Contract():
            # What was proposed was about the earlier draft.
            return state.model_copy(update={**_fields(event), "proposals": ()})
        case ContractDrafted(), _:
            return Contract(**_fields(event))
        case ContractSigned(), Contract():
            return state.model_copy(update={"signed_on": event.signed_on})
        case ContractTermStarted(), Contract():
            term = Term(term=event.term, valid_from=event.valid_from, valid_to=event.valid_to)
            return state.model_copy(update={"terms": (*state.terms, term)})
    return state


def _fields(event: ContractDrafted) -> dict[str, Any]:
    return {name: getattr(event, name) for name in ContractDrafted.model_fields}
