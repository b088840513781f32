"""Every way out of a contract (HG-41, HG-42): when notice must be in, and when a school then stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.contracts.extension import FirstSummerDay, last_day_of_plan
from services.contracts.parts import Contract, Scope
from services.contracts.periods import ONE_DAY


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


@dataclass(frozen=True, slots=True)
class Next:
    """The next possibility to stop: the first day without service and the last day with it."""

    effective_on: date
    last_service_day: date


def next_possible(
    contract: Contract, received_on: date, scope: Scope, site: str, summer: FirstSummerDay, after: int = 0
) -> Next | None:
    """The next day on which a school can stop: the first way out in time, else the end of the last term."""
    for way in exits(contract):
        if way.year > after and scope in way.scopes and received_on <= way.notice_by:
            effective = way.effective_on(site, summer)
            return Next(effective, effective - ONE_DAY)
    last = contract.valid_to if contract.extended is False else last_day_of_plan(contract) or contract.valid_to
    if last is None:
        return None
    holiday = summer(site, last.year) if contract.plan is not None and contract.extended is not False else None
    return Next(holiday or last + ONE_DAY, last if holiday is None else holiday - ONE_DAY)
