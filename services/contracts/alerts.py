"""Alerts (*signalen*): what a contract manager should know before it is too late.

They are not stored but follow, for any day, from the contracts and the registry's facts: the same day gives the same
alerts, and one that was answered by an act is gone. Their ids stay the same, so that somebody can acknowledge one.

A deadline is told 12, 6, 3 and 1 month before it; the nearer one takes the place of the one before it. A school without
provider is told six months ahead, a lapsing registration three, too few people at a school from the day it is so, a
round of figures that is not complete a month after its period.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.contracts.agenda import DayKind, Entry, entries, undecided
from services.contracts.facts import Facts
from services.contracts.parts import Contract
from services.contracts.periods import ONE_DAY
from services.contracts.rounds import Delivered, behind
from services.contracts.rules import months_before
from services.contracts.staffing import shortages
from shared.domain.texts import Text

LEADS = (12, 6, 3, 1)
"""Months before a deadline."""
MISSING_PROVIDER_MONTHS = 6
LAPSING_MONTHS = 3


class AlertKind(StrEnum):
    """What an alert is about."""

    NOTICE_DEADLINE = "NOTICE_DEADLINE"
    EXTENSION_DECISION = "EXTENSION_DECISION"
    TERM_ENDS = "TERM_ENDS"
    MISSING_PROVIDER = "MISSING_PROVIDER"
    REGISTRATION_LAPSES = "REGISTRATION_LAPSES"
    STAFFING_BELOW_MINIMUM = "STAFFING_BELOW_MINIMUM"
    ROUND_BEHIND = "ROUND_BEHIND"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to act on. `raised_on` is the day it is told from, `due_on` the day it is about."""

    id: str
    kind: AlertKind
    programme: str
    raised_on: date
    due_on: date
    text: Text
    contract: str | None = None
    provider: str | None = None
    site: str | None = None
    staff: str | None = None
    months: int | None = None


_DEADLINES = {
    DayKind.NOTICE_DEADLINE: AlertKind.NOTICE_DEADLINE,
    DayKind.EXTENSION_DECISION: AlertKind.EXTENSION_DECISION,
    DayKind.TERM_ENDS: AlertKind.TERM_ENDS,
}


def alerts(
    day: date, contracts: Sequence[Contract], facts: Facts, programmes: Sequence[str], delivered: Delivered
) -> list[Alert]:
    """Every alert of these programmes that stands on a day, the most pressing first."""
    found: list[Alert] = []
    for contract in contracts:
        summer = facts.first_summer_day(contract.programme)
        for entry in entries(contract, summer):
            found += _deadline(day, entry)
    for programme in programmes:
        ours = [one for one in contracts if one.programme == programme]
        found += _missing_providers(day, programme, ours, facts)
        found += _lapsing(day, programme, facts)
        found += _short_staffed(day, programme, facts)
        found += _rounds(day, programme, facts, delivered)
    return sorted(found, key=lambda one: (one.due_on, one.id))


def _deadline(day: date, entry: Entry) -> Iterator[Alert]:
    """The nearest lead of one deadline; none once it has passed, nor for an end that may still be put off."""
    kind = _DEADLINES.get(entry.kind)
    if kind is None or day > entry.day or (kind is AlertKind.TERM_ENDS and undecided(entry.contract)):
        return
    told = [months for months in LEADS if months_before(entry.day, months) <= day]
    if not told:
        return
    months, contract = min(told), entry.contract
    yield Alert(
        id=f"{_slug(kind)}.{contract.contract}.{entry.about.replace('/', '-')}.{entry.day}.{months}",
        kind=kind,
        programme=contract.programme,
        raised_on=months_before(entry.day, months),
        due_on=entry.day,
        text=entry.title,
        contract=contract.contract,
        provider=contract.provider,
        months=months,
    )


def _missing_providers(day: date, programme: str, contracts: Sequence[Contract], facts: Facts) -> Iterator[Alert]:
    horizon = months_before(day, -MISSING_PROVIDER_MONTHS)
    for (code, site), spans in sorted(facts.participations.items()):
        if code != programme:
            continue
        since = _first_uncovered(day, horizon, site, spans, contracts)
        if since is not None:
            yield Alert(
                id=f"missing-provider.{programme}.{site}.{since}",
                kind=AlertKind.MISSING_PROVIDER,
                programme=programme,
                raised_on=months_before(since, MISSING_PROVIDER_MONTHS),
                due_on=since,
                text=Text(f"{site} heeft vanaf {since} geen aanbieder onder contract",
                          f"{site} has no provider under contract from {since}"),
                site=site,
            )  # fmt: skip


def _first_uncovered(
    day: date, horizon: date, site: str, participates: Mapping[date, date | None], contracts: Sequence[Contract]
) -> date | None:
    """The first day of the first gap that is there from the day up to the horizon; None when there is none."""
    spans = [one for contract in contracts for one in contract.coverage if one.site == site and not one.empty]
    for first in sorted({*participates, *(one.valid_to + ONE_DAY for one in spans if one.valid_to)}):
        taking_part = [last or date.max for begun, last in participates.items() if begun <= first <= (last or date.max)]
        covered = any(one.valid_from <= first <= (one.valid_to or date.max) for one in spans)
        if taking_part and not covered and first <= horizon:
            next_covered = min((one.valid_from - ONE_DAY for one in spans if one.valid_from > first), default=date.max)
            if min(max(taking_part), next_covered) >= day:
                return first
    return None


def _lapsing(day: date, programme: str, facts: Facts) -> Iterator[Alert]:
    """Registrations that end within three months, or have ended, of people whose work goes on after that."""
    horizon = months_before(day, -LAPSING_MONTHS)
    working: dict[tuple[str, str], date] = {}
    for one in facts.assignments.values():
        if one.programme == programme and (one.last or date.max) >= day and one.first <= horizon:
            who = one.provider, one.staff
            working[who] = max(working.get(who, date.min), one.last or date.max)
    for (provider, staff), until in sorted(working.items()):
        known = facts.registrations.get((provider, staff), {})
        last = max((valid or date.max for valid in known.values()), default=None)
        if last is not None and last <= horizon and last < until:
            yield Alert(
                id=f"registration-lapses.{provider.partition(':')[2]}.{staff}.{last}",
                kind=AlertKind.REGISTRATION_LAPSES,
                programme=programme,
                raised_on=months_before(last, LAPSING_MONTHS),
                due_on=last,
                text=Text(f"de registratie van {staff} loopt tot en met {last}",
                          f"the registration of {staff} lasts up to and including {last}"),
                provider=provider,
                staff=staff,
            )  # fmt: skip


def _short_staffed(day: date, programme: str, facts: Facts) -> Iterator[Alert]:
    for short in shortages(day, programme, facts):
        yield Alert(
            id=f"staffing-below-minimum.{programme}.{short.site}.{short.since}",
            kind=AlertKind.STAFFING_BELOW_MINIMUM,
            programme=programme,
            raised_on=short.since,
            due_on=short.since,
            text=short.text,
            site=short.site,
        )


def _rounds(day: date, programme: str, facts: Facts, delivered: Delivered) -> Iterator[Alert]:
    for one in behind(day, programme, facts, delivered):
        came, asked, period = one.delivered, one.expected, one.period
        yield Alert(
            id=f"round-behind.{programme}.{period}",
            kind=AlertKind.ROUND_BEHIND,
            programme=programme,
            raised_on=one.since,
            due_on=one.since,
            text=Text(f"over {period} hebben {came} van {asked} scholen aangeleverd",
                      f"{came} of {asked} schools delivered for {period}"),
        )  # fmt: skip


def _slug(kind: AlertKind) -> str:
    return kind.lower().replace("_", "-")
