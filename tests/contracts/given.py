"""States that a test begins with: a contract of Haaglanden with a second term, and when summers begin."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from services.contracts import contract as c
from services.contracts import coverage, extension
from services.contracts.kept import evolve
from services.contracts.notice import GiveNotice
from services.contracts.parts import Contract, Covered, Party, Scope, TermPlan
from shared.domain.school_holidays import HolidayRegion, summer

NOORD, MIDDEN, ZUID = "99HN00", "99HM00", "99HZ00"
REGIONS = {NOORD: HolidayRegion.NOORD, MIDDEN: HolidayRegion.MIDDEN, ZUID: HolidayRegion.ZUID}
TODAY = date(2026, 9, 1)
NOW = datetime(2027, 1, 2, 12, tzinfo=UTC)
LAST_MOMENT = datetime(2026, 12, 31, 22, 59, 59, 999000, tzinfo=UTC)
TOO_LATE = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
"""Midnight in Amsterdam."""

DRAFT = c.Draft(
    contract="HGL-1",
    programme="HG-COLLECTIEF",
    provider="kvknr:99990001",
    valid_from=date(2026, 8, 1),
    valid_to=date(2027, 7, 31),
    schools=tuple(Covered(site=site, valid_from=date(2026, 8, 1)) for site in REGIONS),
    plan=TermPlan(),
)


def first_summer_day(site: str, year: int) -> date | None:
    """As the three schools' regions have it."""
    holiday = summer(REGIONS[site], year) if site in REGIONS else None
    return holiday.first if holiday else None


def after(state: Contract | None, *steps: Sequence[c.ContractEvent]) -> Contract:
    """The state after these events."""
    for events in steps:
        for event in events:
            state = evolve(state, event)
    assert state is not None
    return state


def drafted(draft: c.Draft = DRAFT) -> Contract:
    """On paper."""
    return after(None, c.draft(draft, None))


def signed(draft: c.Draft = DRAFT) -> Contract:
    """Signed, with the coverage that goes with it."""
    contract = drafted(draft)
    return after(
        contract,
        c.sign(c.Sign(signed_on=date(2026, 6, 1)), contract, TODAY),
        coverage.from_draft(contract, exclusive=True),
    )


def extended(contract: Contract | None = None) -> Contract:
    """With a second term."""
    state = contract or signed()
    command = extension.Decide(extended=True, decided_on=date(2026, 8, 20))
    return after(state, extension.decide(command, state, TODAY, first_summer_day, True))


def notice(at: datetime = LAST_MOMENT, *sites: str, year: int | None = None, scope: Scope | None = None) -> GiveNotice:
    """A notice by the provider; of schools where any is named."""
    meant = scope or (Scope.SCHOOL if sites else Scope.WHOLE)
    return GiveNotice(by=Party.PROVIDER, scope=meant, sites=sites, received_at=at, year=year)


def covered(contract: Contract) -> dict[str, list[tuple[date, date | None]]]:
    """Which days each school is covered on."""
    found: dict[str, list[tuple[date, date | None]]] = {}
    for one in contract.coverage:
        if not one.empty:
            found.setdefault(one.site, []).append((one.valid_from, one.valid_to))
    return found
