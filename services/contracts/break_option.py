"""Break options (*tussentijdse beëindiging*, HG-42, OQ-06): agreed ways out beside the end of term 1. None by default.

Also every way out that a contract has: `exits`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.contracts.contract import ContractEvent, check_not_ahead, signed
from services.contracts.extension import FirstSummerDay, last_day_of_plan
from services.contracts.parts import BreakOption, Contract, Part, Scope, Year
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

    agreed_on: date
    year: Year
    scope: Scope
    day: date | None = None
    notice_by: date | None = None


# Decide


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out: in which year, how far it reaches, and the last local day on which notice can be received for it."""

    year: int
    scopes: frozenset[Scope]
    notice_by: date
    clause: str
    day: date | None = None

    def effective_on(self, site: str, summer: FirstSummerDay) -> date:
        """The first day without service (INV-16): of the school's summer holiday, 1 August while that is unknown."""
        return self.day or summer(site, self.year) or date(self.year, 8, 1)


def exits(contract: Contract) -> Sequence[Exit]:
    """Every way out of a signed contract, in order of their last day for notice (HG-41, then what was agreed)."""
    found = [
        Exit(option.year, frozenset({option.scope}), option.notice_by, "HG-42", option.day)
        for option in contract.break_options
    ]
    if contract.plan is not None and contract.terms:
        year = contract.terms[0].valid_to.year
        found.append(Exit(year, frozenset(Scope), contract.plan.notice_by or date(year - 1, 12, 31), "HG-41"))
    return sorted(found, key=lambda one: (one.notice_by, one.year))


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
