"""The days of a contract (*contractkalender*): its terms, its last days for notice, and when each school stops.

Everything follows from the contract and the summers, so that nothing is written down twice. An entry's `uid` never
changes while it is about the same thing: a calendar program moves it instead of adding another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from services.contracts.exits import exits
from services.contracts.extension import FirstSummerDay, last_day_of_plan
from services.contracts.parts import Contract, Scope
from services.contracts.periods import ONE_DAY
from shared.domain.texts import Text


class DayKind(StrEnum):
    """What a day of a contract is."""

    TERM_STARTS = "TERM_STARTS"
    TERM_ENDS = "TERM_ENDS"
    EXTENSION_DECISION = "EXTENSION_DECISION"
    NOTICE_DEADLINE = "NOTICE_DEADLINE"
    LAST_SERVICE_DAY = "LAST_SERVICE_DAY"
    COVERAGE_STARTS = "COVERAGE_STARTS"


@dataclass(frozen=True, slots=True)
class Entry:
    """A day that matters. `about` is what tells it from others of its kind, `assumed` that its date is not published.

    `year`: for a last day of notice, the summer that it is meant for.
    """

    kind: DayKind
    contract: Contract
    day: date
    about: str
    title: Text
    site: str | None = None
    assumed: bool = False
    year: int | None = None

    @property
    def uid(self) -> str:
        """The same for ever for the same thing, in every installation."""
        return str(uuid5(NAMESPACE_URL, f"urn:jos:contracts:{self.contract.contract}:{self.kind}:{self.about}"))


def entries(contract: Contract, summer: FirstSummerDay) -> list[Entry]:
    """Every day that matters of a signed contract, in order; a draft has none."""
    if contract.signed_on is None:
        return []
    found = [*_terms(contract), *_deadlines(contract), *_schools(contract, summer)]
    return sorted(found, key=lambda one: (one.day, one.kind, one.about))


def undecided(contract: Contract) -> bool:
    """Whether it must still be decided if there is a second term."""
    return contract.plan is not None and contract.extended is None and not ends_by_notice(contract)


def ends_by_notice(contract: Contract) -> bool:
    """Whether a notice of the whole contract stands."""
    return any(one.stands and one.scope is not Scope.SCHOOL for one in contract.notices)


def _terms(contract: Contract) -> Iterator[Entry]:
    name = contract.contract
    yield Entry(DayKind.TERM_STARTS, contract, contract.valid_from, "1", Text(f"{name}: begint", f"{name}: starts"))
    for term in contract.terms[1:]:
        title = Text(f"{name}: looptijd {term.term} begint", f"{name}: term {term.term} starts")
        yield Entry(DayKind.TERM_STARTS, contract, term.valid_from, str(term.term), title)
    if contract.valid_to is not None:
        title = Text(f"{name}: laatste dag", f"{name}: last day")
        yield Entry(DayKind.TERM_ENDS, contract, contract.valid_to, "end", title)
    if undecided(contract) and contract.terms:
        title = Text(f"{name}: beslissen over verlenging", f"{name}: decide on the extension")
        yield Entry(DayKind.EXTENSION_DECISION, contract, contract.terms[0].valid_to, "2", title)


def _deadlines(contract: Contract) -> Iterator[Entry]:
    name = contract.contract
    last = last_day_of_plan(contract) or contract.valid_to or date.max
    for way in exits(contract):
        if way.notice_by < last and not ends_by_notice(contract):
            scopes = "+".join(sorted(way.scopes))
            title = Text(
                f"{name}: laatste dag om op te zeggen voor zomer {way.year}",
                f"{name}: last day to give notice for summer {way.year}",
            )
            about = f"{way.year}/{scopes}"
            yield Entry(DayKind.NOTICE_DEADLINE, contract, way.notice_by, about, title, year=way.year)


def _schools(contract: Contract, summer: FirstSummerDay) -> Iterator[Entry]:
    """When a school starts, and its last day of service, once, however many terms it is covered for."""
    name = contract.contract
    for site in sorted({one.site for one in contract.coverage if not one.empty}):
        spans = [one for one in contract.coverage if one.site == site and not one.empty]
        first = min(one.valid_from for one in spans)
        title = Text(f"{name}: {site} begint", f"{name}: {site} starts")
        yield Entry(DayKind.COVERAGE_STARTS, contract, first, site, title, site)
        last = None if any(one.valid_to is None for one in spans) else max(o.valid_to for o in spans if o.valid_to)
        if last is not None:
            title = Text(f"{name}: laatste dag op {site}", f"{name}: last service day at {site}")
            day, assumed = _last_service_day(contract, site, last, summer)
            yield Entry(DayKind.LAST_SERVICE_DAY, contract, day, site, title, site, assumed=assumed)


def _last_service_day(contract: Contract, site: str, last: date, summer: FirstSummerDay) -> tuple[date, bool]:
    """The last day of service, and whether it is assumed: 31 July stands for a summer that is not published yet."""
    if not _ends_with_summer(contract, site, last):
        return last, False
    holiday = summer(site, last.year)
    return (last, True) if holiday is None else (holiday - ONE_DAY, False)


def _ends_with_summer(contract: Contract, site: str, last: date) -> bool:
    """Whether 31 July was said for want of a holiday: at the end of term 2, or by a notice for a summer (INV-16)."""
    if (last.month, last.day) != (7, 31):
        return False
    agreed = {option.day for option in contract.break_options}
    stops = [stop for notice in contract.notices if notice.stands for stop in notice.stops if stop.site == site]
    noticed = any(stop.last_service_day == last and stop.effective_on not in agreed for stop in stops)
    return noticed or (contract.extended is True and last == last_day_of_plan(contract))


def days_left(day: date, today: date) -> int:
    """Days from today up to the day; negative when it has been."""
    return (day - today).days


def day_after(day: date) -> date:
    """The day after: where an entry of one day ends in a calendar program."""
    return day + ONE_DAY
