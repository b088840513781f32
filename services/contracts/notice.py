"""Notices (*opzeggingen*): received in time they end schools from the summer holiday on, late they change nothing.

In time is: received on the last day for it by the calendar of Amsterdam (INV-15, HG-41). A school then stops on the
first day of the summer holiday of its own holiday region; the day before is its last service day (INV-16). A scope that
no way out covers cannot be terminated at all (INV-17). A notice can be withdrawn until it has effect.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from services.contracts.codes import SiteCode, Year
from services.contracts.contract import ContractEvent, signed
from services.contracts.coverage import ended, until
from services.contracts.exits import Exit, exits, next_possible
from services.contracts.extension import FirstSummerDay
from services.contracts.parts import Contract, Coverage, Notice, NoticeReason, Part, Party, Scope, Stop
from services.contracts.periods import ONE_DAY, lasts_beyond
from shared.clock import AMSTERDAM
from shared.domain.calendar import FIRST_YEAR
from shared.domain.findings import refuse
from shared.domain.texts import Text

# Events


class TerminationNoticeReceived(ContractEvent):
    """Notice was received; `in_time` says whether it has effect, `received_on` is the local day."""

    TYPE: ClassVar[str] = "termination-notice-received.v1"
    notice: str
    by: Party
    scope: Scope
    sites: tuple[str, ...]
    received_at: datetime
    received_on: date
    notice_by: date
    year: int
    reason: NoticeReason
    in_time: bool
    contract_valid_to: date | None


class TerminationNoticeRejected(ContractEvent):
    """A notice has no effect, with the clause that says so and the next day on which service can stop."""

    TYPE: ClassVar[str] = "termination-notice-rejected.v1"
    notice: str
    reason: Literal["LATE"]
    clause: str
    next_effective_on: date | None
    next_last_service_day: date | None


class TerminationEffective(ContractEvent):
    """A school's coverage stops on `effective_on` by a notice; said when it is received, as nothing wakes up then."""

    TYPE: ClassVar[str] = "termination-effective.v1"
    notice: str
    site: str
    valid_from: date
    effective_on: date
    last_service_day: date
    previous_valid_to: date


EVENTS = (TerminationNoticeReceived, TerminationNoticeRejected, TerminationEffective)


# Commands

EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)


class GiveNotice(Part):
    """Record a notice as it was received. `sites` for scope SCHOOL only; `year` is the summer it is meant for.

    Without `year` the first summer that still lies ahead and that has a way out.
    """

    by: Party
    scope: Scope
    sites: Annotated[tuple[SiteCode, ...], Field(max_length=500)] = ()
    received_at: Annotated[AwareDatetime, Field(ge=EARLIEST)]
    year: Year | None = None
    reason: NoticeReason = NoticeReason.OTHER


# Decide


def give(command: GiveNotice, state: Contract | None, now: datetime, summer: FirstSummerDay) -> Sequence[ContractEvent]:
    """Record what was received; when it is in time, everything that stops by it is said at once."""
    contract = signed(state)
    if command.received_at > now:
        nl, en = "dit moment is nog niet geweest", "this moment has not been yet"
        raise refuse("in-the-future", "/receivedAt", nl, en, kind="invalid")
    if any(_same(command, notice) for notice in contract.notices):
        return []
    sites = _sites(command, contract)
    received_on = command.received_at.astimezone(AMSTERDAM).date()
    way = _way_out(command, contract, received_on, sites, summer)
    received = TerminationNoticeReceived.of(
        contract,
        notice=str(len(contract.notices) + 1),
        year=way.year,
        received_on=received_on,
        notice_by=way.notice_by,
        in_time=received_on <= way.notice_by,
        contract_valid_to=contract.valid_to,
        **{name: getattr(command, name) for name in ("by", "scope", "sites", "received_at", "reason")},
    )
    if not received.in_time:
        return [received, _rejected(contract, received, way, sites, summer)]
    return [received, *_stopped(contract, received, way, sites, summer)]


def _sites(command: GiveNotice, contract: Contract) -> Sequence[str]:
    """The schools that it is about. Raises `Refused` where scope and sites do not go together."""
    covered = sorted({one.site for one in contract.coverage if not one.empty})
    if command.scope is not Scope.SCHOOL:
        if command.sites:
            nl, en = "alleen bij bereik SCHOOL worden scholen genoemd", "schools are named with scope SCHOOL only"
            raise refuse("notice-scope", "/sites", nl, en, kind="invalid")
        return covered
    if not command.sites:
        nl, en = "bij bereik SCHOOL wordt een school genoemd", "with scope SCHOOL a school is named"
        raise refuse("notice-scope", "/sites", nl, en, kind="invalid")
    for number, site in enumerate(command.sites):
        if site not in covered:
            nl, en = "deze school valt niet onder dit contract", "no such school here"
            raise refuse("school-not-covered", f"/sites/{number}", nl, en)
    return sorted(set(command.sites))


def _way_out(
    command: GiveNotice, contract: Contract, received_on: date, sites: Sequence[str], summer: FirstSummerDay
) -> Exit:
    """The way out that the notice goes by. Raises `Refused` (`no-break-option`, INV-17) when there is none."""
    ahead = [way for way in exits(contract) if command.scope in way.scopes and _ahead(way, received_on, sites, summer)]
    meant = [way for way in ahead if command.year in (None, way.year)]
    if meant:
        return meant[0]
    possible = next_possible(contract, received_on, command.scope, sites[0] if sites else "", summer)
    raise refuse(
        "no-break-option",
        "/year" if command.year else "",
        "voor dit bereik is er in dat jaar geen mogelijkheid tot beëindiging afgesproken",
        "no way out was agreed for this scope in that year",
        Text(f"de eerst mogelijke laatste dag is {possible.last_service_day}",
             f"the first possible last day is {possible.last_service_day}") if possible else None,
    )  # fmt: skip


def _ahead(way: Exit, received_on: date, sites: Sequence[str], summer: FirstSummerDay) -> bool:
    """Whether it leads to a day after the notice, at one of the schools at least."""
    return any(way.effective_on(site, summer) > received_on for site in sites or ("",))


def _rejected(
    contract: Contract, received: TerminationNoticeReceived, way: Exit, sites: Sequence[str], summer: FirstSummerDay
) -> TerminationNoticeRejected:
    nexts = [
        next_possible(contract, received.received_on, received.scope, site, summer, way.year) for site in sites or ("",)
    ]
    first = min((one for one in nexts if one), key=lambda one: one.effective_on, default=None)
    return TerminationNoticeRejected.of(
        contract,
        notice=received.notice,
        reason="LATE",
        clause=way.clause,
        next_effective_on=first.effective_on if first else None,
        next_last_service_day=first.last_service_day if first else None,
    )


def _stopped(
    contract: Contract, received: TerminationNoticeReceived, way: Exit, sites: Sequence[str], summer: FirstSummerDay
) -> Iterable[ContractEvent]:
    """What stops: each school on its own day, and the whole contract when the last of them does."""
    last_days: list[date] = []
    for site in sites:
        effective = way.effective_on(site, summer)
        last_days.append(effective - ONE_DAY)
        for covered in contract.coverage:
            if covered.site == site and _stops(contract, covered, effective):
                yield _effective(contract, received, covered, effective)
                if lasts_beyond(covered, effective - ONE_DAY):
                    yield ended(contract, covered, effective - ONE_DAY)
    last = max(last_days, default=date(way.year, 7, 31))
    if received.scope is not Scope.SCHOOL and (contract.valid_to is None or contract.valid_to > last):
        yield from until(contract, last)


def _stops(contract: Contract, covered: Coverage, effective: date) -> bool:
    """Whether a notice stops it; also where another one does so already, so that either can be withdrawn."""
    if not covered.empty:
        return lasts_beyond(covered, effective - 2 * ONE_DAY)
    stops = (stop for other in contract.notices if other.stands for stop in other.stops)
    return any((stop.site, stop.valid_from) == (covered.site, covered.valid_from) for stop in stops)


def _effective(
    contract: Contract, received: TerminationNoticeReceived, covered: Coverage, effective: date
) -> TerminationEffective:
    return TerminationEffective.of(
        contract,
        notice=received.notice,
        site=covered.site,
        valid_from=covered.valid_from,
        effective_on=effective,
        last_service_day=effective - ONE_DAY,
        previous_valid_to=covered.valid_to,
    )


def _same(command: GiveNotice, notice: Notice) -> bool:
    fields = ("by", "scope", "sites", "received_at", "reason")
    alike = all(getattr(command, name) == getattr(notice, name) for name in fields)
    return alike and command.year in (None, notice.year) and notice.withdrawn_on is None


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember the notice and what it stops."""
    match event:
        case TerminationNoticeReceived():
            fields = {name: getattr(event, name) for name in Notice.model_fields if hasattr(event, name)}
            return state.model_copy(update={"notices": (*state.notices, Notice(**fields))})
        case TerminationNoticeRejected():
            update = {
                "next_effective_on": event.next_effective_on,
                "next_last_service_day": event.next_last_service_day,
            }
            return with_notice(state, event.notice, **update)
        case TerminationEffective():
            stop = Stop(**{name: getattr(event, name) for name in Stop.model_fields})
            before = next(one.stops for one in state.notices if one.notice == event.notice)
            return with_notice(state, event.notice, stops=(*before, stop))
    return state


def with_notice(state: Contract, notice: str, **update: object) -> Contract:
    """The contract with this notice changed."""
    changed = tuple(one.model_copy(update=update) if one.notice == notice else one for one in state.notices)
    return state.model_copy(update={"notices": changed})
