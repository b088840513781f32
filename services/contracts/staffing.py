"""Schools with too few people (HG-26, HG-27): fewer workers than the minimum, or fewer hours a week than agreed.

The rules are the registry's (R-STAFF-MIN2, R-PRESENCE); here they are only looked at, to warn a contract manager.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.contracts.facts import Assignment, Facts
from services.contracts.periods import ONE_DAY
from shared.domain.findings import Severity
from shared.domain.texts import Text

MINIMUM_WORKERS, HOURS_PER_WEEK = 2, 30


@dataclass(frozen=True, slots=True)
class Shortage:
    """A school that has had too few people since a day."""

    site: str
    since: date
    text: Text


def shortages(day: date, programme: str, facts: Facts) -> Iterator[Shortage]:
    """Every school of the programme that has too few people on a day, and since when without a break."""
    minimum, hours = _asked(facts, programme, day)
    if not minimum and not hours:
        return
    by_site: dict[str, list[Assignment]] = defaultdict(list)
    for one in facts.assignments.values():
        if one.programme == programme:
            by_site[one.site].append(one)
    for (code, site), spans in sorted(facts.participations.items()):
        if code != programme or not any(first <= day <= (last or date.max) for first, last in spans.items()):
            continue
        people = by_site[site]
        if _enough(people, day, minimum, hours):
            continue
        began = max(first for first in spans if first <= day)
        since = _since(people, day, began, minimum, hours)
        workers, present = _count(people, day)
        yield Shortage(
            site,
            since,
            Text(f"{site} heeft {workers} medewerkers en {present} uur per week; gevraagd {minimum} en {hours}",
                 f"{site} has {workers} workers and {present} hours a week; asked {minimum} and {hours}"),
        )  # fmt: skip


def _asked(facts: Facts, programme: str, day: date) -> tuple[int, int]:
    """The least workers and hours per week that the programme asks; 0 for a rule that is off."""
    switches = facts.switches_on(programme, day)
    staff, presence = switches("R-STAFF-MIN2"), switches("R-PRESENCE")
    minimum = staff.parameters.get("minimum", MINIMUM_WORKERS)
    hours = presence.parameters.get("hoursPerWeek", HOURS_PER_WEEK)
    by_hours = presence.parameters.get("basis", "HOURS") == "HOURS"
    return (
        minimum if staff.severity is not Severity.OFF and isinstance(minimum, int) else 0,
        hours if presence.severity is not Severity.OFF and by_hours and isinstance(hours, int) else 0,
    )


def _since(people: list[Assignment], day: date, began: date, minimum: int, hours: int) -> date:
    """The first day of the shortage that is there on the day: it can only begin where something changes."""
    changes = {began, *(first for one in people for first in one.hours)}
    changes |= {one.last + ONE_DAY for one in people if one.last}
    since = day
    for change in sorted((one for one in changes if began <= one <= day), reverse=True):
        if _enough(people, change, minimum, hours):
            break
        since = change
    return since


def _enough(people: list[Assignment], day: date, minimum: int, hours: int) -> bool:
    workers, present = _count(people, day)
    return workers >= minimum and present >= hours


def _count(people: list[Assignment], day: date) -> tuple[int, Decimal]:
    at_work = [one for one in people if one.holds(day)]
    return len({one.staff for one in at_work}), sum((one.hours_on(day) for one in at_work), Decimal(0))
