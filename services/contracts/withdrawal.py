"""Withdrawing a notice: what stopped by it goes on as if it had not been received, until it has had effect."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

from services.contracts.contract import ContractEvent, check_not_ahead, signed
from services.contracts.coverage import SchoolCoverageEnded, added, until
from services.contracts.extension import FirstSummerDay, second_term
from services.contracts.notice import with_notice
from services.contracts.parts import Contract, Coverage, Covered, Notice, Part, Scope, Stop
from services.contracts.periods import ONE_DAY
from shared.domain.calendar import Day
from shared.domain.findings import nowhere, refuse

# Events


class TerminationNoticeWithdrawn(ContractEvent):
    """A notice was withdrawn (*ingetrokken*)."""

    TYPE: ClassVar[str] = "termination-notice-withdrawn.v1"
    notice: str
    withdrawn_on: date


EVENTS = (TerminationNoticeWithdrawn,)


# Commands


class Withdraw(Part):
    """Withdraw a notice, on a day before it has effect anywhere."""

    withdrawn_on: Day


# Decide


def withdraw(
    notice: str, command: Withdraw, state: Contract | None, today: date, summer: FirstSummerDay
) -> Sequence[ContractEvent]:
    """Take back a notice, and give back what it stopped; a late one is withdrawn without effect."""
    contract = signed(state)
    found = next((one for one in contract.notices if one.notice == notice), None)
    if found is None:
        raise nowhere()
    if found.withdrawn_on is not None:
        return []
    check_not_ahead(command.withdrawn_on, today, "/withdrawnOn")
    first = min((stop.effective_on for stop in found.stops), default=None)
    if first is not None and command.withdrawn_on >= first:
        nl, en = f"deze opzegging werkt sinds {first}", f"this notice has had effect since {first}"
        raise refuse("notice-effective", "/withdrawnOn", nl, en)
    return [
        TerminationNoticeWithdrawn.of(contract, notice=notice, withdrawn_on=command.withdrawn_on),
        *_given_back(contract, found, summer),
    ]


def _given_back(contract: Contract, notice: Notice, summer: FirstSummerDay) -> Iterable[ContractEvent]:
    others = [one for one in contract.notices if one.stands and one.notice != notice.notice]
    whole = any(one.scope is not Scope.SCHOOL for one in others)
    ends = [one.contract_valid_to for one in contract.notices if one.scope is not Scope.SCHOOL and one.in_time]
    if notice.stands and notice.scope is not Scope.SCHOOL and not whole:
        yield from until(contract, max(day for day in ends if day))
    covered = {(one.site, one.valid_from): one for one in contract.coverage}
    for stop in notice.stops:
        last = _last_day(stop, contract.notices, others)
        now = covered[stop.site, stop.valid_from]
        # What somebody ended otherwise since then stays ended.
        if now.valid_to is not None and (now.empty or now.valid_to == stop.last_service_day) and now.valid_to < last:
            yield _restored(contract, now, last)
        if contract.extended and contract.terms[0].valid_to == last:
            yield from _second_term(contract, stop.site, now.exclusive, summer)


def _last_day(stop: Stop, notices: Sequence[Notice], others: Sequence[Notice]) -> date:
    """What the coverage's last day is without this notice: as another one says, else as it was before all of them."""
    before = max(one.previous_valid_to for notice in notices for one in notice.stops if _key(one) == _key(stop))
    return min([before, *(one.last_service_day for other in others for one in other.stops if _key(one) == _key(stop))])


def _key(stop: Stop) -> tuple[str, date]:
    return stop.site, stop.valid_from


def _restored(contract: Contract, covered: Coverage, last: date) -> ContractEvent:
    """What was ended before it began is added again; what was shortened gets its last day back."""
    if covered.empty:
        return added(
            contract, Covered(site=covered.site, valid_from=covered.valid_from, valid_to=last), covered.exclusive
        )
    return SchoolCoverageEnded.of(
        contract,
        site=covered.site,
        valid_from=covered.valid_from,
        valid_to=last,
        previous_valid_to=covered.valid_to,
    )


def _second_term(contract: Contract, site: str, exclusive: bool, summer: FirstSummerDay) -> Iterable[ContractEvent]:
    """The school's coverage in term 2, when the extension was decided while the notice stood."""
    first, last = contract.terms[0].valid_to + ONE_DAY, contract.terms[-1].valid_to
    if not any(one.site == site and one.valid_from == first for one in contract.coverage):
        yield added(contract, second_term(site, first, last, summer), exclusive)


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember that it was withdrawn."""
    match event:
        case TerminationNoticeWithdrawn():
            return with_notice(state, event.notice, withdrawn_on=event.withdrawn_on)
    return state
