"""Term 2: it starts if and only if the result agreement (*resultaatovereenkomst*) is extended (HG-38 to HG-40, INV-14).

Whether it is extended is decided once, before term 1 ends. With the decision everything that will count is said: the
term, the contract's new last day, and the coverage of every school that would have been served until then.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import ClassVar

from services.contracts.contract import ContractEvent, ContractTermStarted, check_not_ahead, signed
from services.contracts.coverage import added, until
from services.contracts.parts import Contract, Covered, Part, Scope
from services.contracts.periods import ONE_DAY
from shared.domain.calendar import Day
from shared.domain.findings import refuse
from shared.domain.texts import Text

FirstSummerDay = Callable[[str, int], date | None]
"""The first day of a school's summer holiday in a year, by its site code; None as long as it is not published."""


# Events


class ResultAgreementExtended(ContractEvent):
    """The result agreement was extended: term 2 runs from `valid_from` to `valid_to`."""

    TYPE: ClassVar[str] = "result-agreement-extended.v1"
    decided_on: date
    valid_from: date
    valid_to: date


class ResultAgreementNotExtended(ContractEvent):
    """It was decided not to extend: the contract ends with term 1."""

    TYPE: ClassVar[str] = "result-agreement-not-extended.v1"
    decided_on: date
    valid_to: date


class ContractTermEnded(ContractEvent):
    """A term is the last one: after `valid_to` there is no other."""

    TYPE: ClassVar[str] = "contract-term-ended.v1"
    term: int
    valid_to: date


EVENTS = (ResultAgreementExtended, ResultAgreementNotExtended, ContractTermEnded)


# Commands


class Decide(Part):
    """Record what was decided about the result agreement, and when."""

    extended: bool
    decided_on: Day


# Decide


def decide(
    command: Decide, state: Contract | None, today: date, summer: FirstSummerDay, exclusive: bool
) -> Sequence[ContractEvent]:
    """Decided once; a decision not to extend may still be followed by one to extend, as long as term 1 runs."""
    contract = signed(state)
    if contract.plan is None or not contract.terms:
        nl, en = "dit contract kent geen tweede looptijd", "this contract knows no second term"
        raise refuse("no-second-term", "", nl, en)
    if contract.extended == command.extended and contract.decided_on == command.decided_on:
        return []
    check_not_ahead(command.decided_on, today, "/decidedOn")
    _check_open(command, contract)
    return _extended(command, contract, summer, exclusive) if command.extended else _not_extended(command, contract)


def last_day_of_plan(contract: Contract) -> date | None:
    """The last day of term 2, should it come: 31 July of the last of its school years. None without a plan."""
    if contract.plan is None or not contract.terms:
        return None
    return date(contract.terms[0].valid_to.year + contract.plan.school_years, 7, 31)


def second_term(site: str, first: date, last: date, summer: FirstSummerDay) -> Covered:
    """A school's coverage in term 2: until its last summer holiday, or 31 July while that is not published."""
    holiday = summer(site, last.year)
    return Covered(site=site, valid_from=first, valid_to=last if holiday is None else holiday - ONE_DAY)


def _check_open(command: Decide, contract: Contract) -> None:
    first = contract.terms[0]
    if contract.extended is not None and not (command.extended and contract.extended is False):
        raise refuse(
            "extension-decided",
            "/decidedOn",
            f"hierover is beslist op {contract.decided_on}",
            f"this was decided on {contract.decided_on}",
        )
    if command.decided_on > first.valid_to:
        nl, en = f"looptijd 1 eindigde op {first.valid_to}", f"term 1 ended on {first.valid_to}"
        hint = Text("stel een nieuw contract op", "draft a new contract")
        raise refuse("extension-too-late", "/decidedOn", nl, en, hint)
    whole = [notice for notice in contract.notices if notice.stands and notice.scope is not Scope.SCHOOL]
    if command.extended and (whole or contract.valid_to != first.valid_to):
        raise refuse(
            "contract-ends",
            "",
            f"dit contract eindigt op {contract.valid_to}",
            f"this contract ends on {contract.valid_to}",
            Text("trek eerst de opzegging in", "withdraw the notice first") if whole else None,
        )


def _extended(command: Decide, contract: Contract, summer: FirstSummerDay, exclusive: bool) -> Sequence[ContractEvent]:
    end_of_first = contract.terms[0].valid_to
    first, last = end_of_first + ONE_DAY, last_day_of_plan(contract) or end_of_first
    going_on = [one.site for one in contract.coverage if one.valid_to == end_of_first and not one.empty]
    return [
        ResultAgreementExtended.of(contract, decided_on=command.decided_on, valid_from=first, valid_to=last),
        ContractTermStarted.of(contract, term=2, valid_from=first, valid_to=last),
        *until(contract, last),
        *(added(contract, second_term(site, first, last, summer), exclusive) for site in going_on),
    ]


def _not_extended(command: Decide, contract: Contract) -> Sequence[ContractEvent]:
    last = contract.terms[0].valid_to
    return [
        ResultAgreementNotExtended.of(contract, decided_on=command.decided_on, valid_to=last),
        ContractTermEnded.of(contract, term=1, valid_to=last),
    ]


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember what was decided."""
    match event:
        case ResultAgreementExtended():
            return state.model_copy(update={"extended": True, "decided_on": event.decided_on})
        case ResultAgreementNotExtended():
            return state.model_copy(update={"extended": False, "decided_on": event.decided_on})
    return state
