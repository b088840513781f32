"""Break options (*tussentijdse beëindiging*, HG-42, OQ-06): agreed ways out beside the end of term 1. None by default.

Every way out that a contract has stands in `exits.py`.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from services.contracts.codes import Year
from services.contracts.contract import ContractEvent, check_not_ahead, signed
from services.contracts.extension import last_day_of_plan
from services.contracts.parts import BreakOption, Contract, Part, Scope
from shared.domain.calendar import Day
from shared.domain.findings import refuse

# Events


class BreakOptionAgreed(ContractEvent):
    """The parties agreed on a way out; `option` numbers them within the contract."""

    TYPE: ClassVar[str] = "break-option-agreed.v1"
    option: int
    agreed_on: date
    year: int
    scope: Scope
    day: date | None
    notice_by: date


EVENTS = (BreakOptionAgreed,)


# Commands


class AgreeBreakOption(Part):
    """Agree on a way out in the summer of `year`, or on a `day` in it.

    `notice_by` is the last local day for notice, by default 31 December before.
    """

    agreed_on: Day
    year: Year
    scope: Scope
    day: Day | None = None
    notice_by: Day | None = None


# Decide


def agree(command: AgreeBreakOption, state: Contract | None, today: date) -> Sequence[ContractEvent]:
    """Adding one later is an event, not a change of the contract."""
    contract = signed(state)
    check_not_ahead(command.agreed_on, today, "/agreedOn")
    if contract.valid_to is None:
        nl, en = "een contract zonder einde kent geen tussentijds einde", "without an end there is no end before it"
        raise refuse("term-open", "", nl, en)
    option = BreakOption(
        year=command.year,
        scope=command.scope,
        day=command.day,
        notice_by=command.notice_by or date(command.year - 1, 12, 31),
    )
    if option in contract.break_options:
        return []
    _check_fits(option, contract)
    return [
        BreakOptionAgreed.of(
            contract,
            option=len(contract.break_options) + 1,
            agreed_on=command.agreed_on,
            **{name: getattr(option, name) for name in BreakOption.model_fields},
        )
    ]


def _check_fits(option: BreakOption, contract: Contract) -> None:
    last = max(filter(None, (last_day_of_plan(contract), contract.valid_to)))
    latest = option.day or date(option.year, 7, 1)
    if option.day is not None and option.day.year != option.year:
        raise refuse(
            "outside-term", "/day", "deze dag ligt in een ander jaar", "this day is of another year", kind="invalid"
        )
    if latest <= contract.valid_from or latest > last:
        nl, en = "dit ligt buiten de looptijd", "this lies outside the term"
        raise refuse("outside-term", "/year", nl, en, kind="invalid")
    if option.notice_by >= latest:
        nl, en = "opzeggen gaat aan het einde vooraf", "notice comes before the end"
        raise refuse("period-reversed", "/noticeBy", nl, en, kind="invalid")


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember the way out."""
    match event:
        case BreakOptionAgreed():
            option = BreakOption(year=event.year, scope=event.scope, day=event.day, notice_by=event.notice_by)
            return state.model_copy(update={"break_options": (*state.break_options, option)})
    return state
