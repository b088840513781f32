"""The schools under a contract (*scholen onder contract*), and its last day.

Schools come under a signed contract within its term; a coverage or the whole contract is given another last day by
naming it. The two events that do so say both the new and the old last day, so that whoever counts can correct.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

from services.contracts.contract import ContractEvent, signed
from services.contracts.parts import Contract, Coverage, Covered, Part
from services.contracts.periods import ONE_DAY, check_ends_earlier, check_school, lasts_beyond, unbroken
from shared.domain.calendar import Day
from shared.domain.findings import refuse

# Events


class SchoolCoverageAdded(ContractEvent):
    """A school came under the contract; `exclusive` when the programme has one provider per school."""

    TYPE: ClassVar[str] = "school-coverage-added.v1"
    site: str
    valid_from: date
    valid_to: date | None
    exclusive: bool = True


class SchoolCoverageEnded(ContractEvent):
    """The coverage that began on `valid_from` has another last day than was said before."""

    TYPE: ClassVar[str] = "school-coverage-ended.v1"
    site: str
    valid_from: date
    valid_to: date
    previous_valid_to: date | None


class ContractEnded(ContractEvent):
    """The contract has another last day than was said before: an earlier one, or a later one after an extension."""

    TYPE: ClassVar[str] = "contract-ended.v1"
    valid_from: date
    valid_to: date
    previous_valid_to: date | None


EVENTS = (SchoolCoverageAdded, SchoolCoverageEnded, ContractEnded)


# Commands


class End(Part):
    """End it after this last day, which lies before the one that was said until now."""

    valid_to: Day


# Decide


def from_draft(contract: Contract, exclusive: bool) -> Sequence[ContractEvent]:
    """At signature every school of the draft comes under the contract."""
    return [added(contract, school, exclusive) for school in contract.schools]


def cover(command: Covered, state: Contract | None, exclusive: bool) -> Sequence[ContractEvent]:
    """A school comes under a signed contract, within its term."""
    contract = signed(state)
    until = contract.valid_to if command.valid_to is None else command.valid_to
    asked = (command.site, command.valid_from, until)
    if asked in [(one.site, one.valid_from, one.valid_to) for one in contract.coverage]:
        return []
    check_school(command, contract.valid_from, contract.valid_to, contract.coverage, "")
    return [added(contract, command, exclusive)]


def uncover(site: str, command: End, state: Contract | None) -> Sequence[ContractEvent]:
    """The school's latest unbroken coverage, which may be of two terms, ends earlier than was said."""
    contract = signed(state)
    periods = [covered for covered in contract.coverage if covered.site == site]
    if not periods:
        raise refuse("school-not-covered", "", "deze school valt niet onder dit contract", "no such school here")
    latest = max(periods, key=lambda covered: (not covered.empty, covered.valid_from))
    first, last = unbroken(periods, site, latest.valid_from) or (latest.valid_from, latest.valid_to)
    check_ends_earlier(first, last, command.valid_to)
    longer = [one for one in periods if one.valid_from >= first and lasts_beyond(one, command.valid_to)]
    return [ended(contract, covered, command.valid_to) for covered in longer]


def end(command: End, state: Contract | None) -> Sequence[ContractEvent]:
    """The contract ends earlier than was said, and with it every coverage that would have lasted longer."""
    contract = signed(state)
    check_ends_earlier(contract.valid_from, contract.valid_to, command.valid_to)
    longer = [covered for covered in contract.coverage if lasts_beyond(covered, command.valid_to)]
    return [*until(contract, command.valid_to), *(ended(contract, covered, command.valid_to) for covered in longer)]


def until(contract: Contract, last_day: date) -> Sequence[ContractEvent]:
    """The contract has this last day; nothing when it has it already."""
    if contract.valid_to == last_day:
        return []
    return [
        ContractEnded.of(
            contract, valid_from=contract.valid_from, valid_to=last_day, previous_valid_to=contract.valid_to
        )
    ]


def added(contract: Contract, school: Covered, exclusive: bool) -> SchoolCoverageAdded:
    """The school comes under the contract; without a last day of its own, as long as the contract lasts."""
    last = contract.valid_to if school.valid_to is None else school.valid_to
    return SchoolCoverageAdded.of(
        contract, site=school.site, valid_from=school.valid_from, valid_to=last, exclusive=exclusive
    )


def ended(contract: Contract, covered: Coverage, last_day: date) -> SchoolCoverageEnded:
    """The coverage has this last day; what has not begun by then ends before it begins."""
    return SchoolCoverageEnded.of(
        contract,
        site=covered.site,
        valid_from=covered.valid_from,
        valid_to=max(last_day, covered.valid_from - ONE_DAY),
        previous_valid_to=covered.valid_to,
    )


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember which schools are covered until when, and until when the contract runs."""
    match event:
        case SchoolCoverageAdded():
            new = Coverage(
                site=event.site, valid_from=event.valid_from, valid_to=event.valid_to, exclusive=event.exclusive
            )
            return state.model_copy(update={"coverage": (*_without(state.coverage, event), new)})
        case SchoolCoverageEnded():
            return state.model_copy(update={"coverage": tuple(_with_last_day(c, event) for c in state.coverage)})
        case ContractEnded():
            return state.model_copy(update={"valid_to": event.valid_to})
    return state


def _without(coverage: Iterable[Coverage], event: SchoolCoverageAdded) -> tuple[Coverage, ...]:
    """What was ended before it began makes room for the same again."""
    return tuple(one for one in coverage if (one.site, one.valid_from) != (event.site, event.valid_from))


def _with_last_day(covered: Coverage, event: SchoolCoverageEnded) -> Coverage:
    if (covered.site, covered.valid_from) != (event.site, event.valid_from):
        return covered
    return covered.model_copy(update={"valid_to": event.valid_to})
