"""The school holidays (*schoolvakanties*) of a holiday region and school year, or of one site that deviates from it.

What the national government published comes from `shared/domain/school_holidays.py`; what is recorded here takes its
place: a publication that the library does not have yet, a correction of a typing error, a school's own days. The load
rule of `standards.md` 6.11 refuses what cannot be: a summer of more than 50 days, another holiday of more than 21, two
that overlap.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, assert_never

from services.registry.codes import Command, Day, SchoolYear, SiteReference
from services.registry.refusals import unknown
from shared.domain.events import Event
from shared.domain.findings import refuse
from shared.domain.school_holidays import Holiday, HolidayKind, HolidayRegion, check


class HolidaySource(StrEnum):
    """Who says so."""

    NATIONAL_GOVERNMENT = "NATIONAL_GOVERNMENT"
    SCHOOL = "SCHOOL"
    MUNICIPALITY = "MUNICIPALITY"


# Events


class HolidayPublished(Event):
    """A holiday of a region was published."""

    TYPE: ClassVar[str] = "holiday-published.v1"

    holiday_region: HolidayRegion
    school_year: str
    kind: HolidayKind
    valid_from: date
    valid_to: date
    source: HolidaySource


class HolidayCorrected(Event):
    """A holiday of a region has other days than was recorded before."""

    TYPE: ClassVar[str] = "holiday-corrected.v1"

    holiday_region: HolidayRegion
    school_year: str
    kind: HolidayKind
    valid_from: date
    valid_to: date
    source: HolidaySource


class SiteHolidaySet(Event):
    """A site has a holiday of its own, in the place of that of its region."""

    TYPE: ClassVar[str] = "site-holiday-set.v1"

    site: str
    school_year: str
    kind: HolidayKind
    valid_from: date
    valid_to: date


HolidayEvent = HolidayPublished | HolidayCorrected | SiteHolidaySet

# Commands


class PublishHoliday(Command):
    """Record the days of a holiday of a region."""

    holiday_region: HolidayRegion
    school_year: SchoolYear
    kind: HolidayKind
    valid_from: Day
    valid_to: Day
    source: HolidaySource = HolidaySource.NATIONAL_GOVERNMENT


class SetSiteHoliday(Command):
    """Record the days of a holiday of one site."""

    site: SiteReference
    school_year: SchoolYear
    kind: HolidayKind
    valid_from: Day
    valid_to: Day


# States


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays that were recorded of a region or a site in a school year, in order."""

    school_year: str
    holidays: tuple[Holiday, ...]

    def of(self, kind: HolidayKind) -> Holiday | None:
        """The holiday of this kind, when one is recorded."""
        return next((one for one in self.holidays if one.kind is kind), None)


# Decide


def decide(
    command: PublishHoliday | SetSiteHoliday, state: Holidays | None, beside: tuple[Holiday, ...], known: bool
) -> list[HolidayEvent]:
    """Record days that differ; `beside` are the other holidays that hold there that year, `known`: the site exists."""
    if not known:
        raise unknown("site", "/site", "deze vestiging", "this site")
    first = int(command.school_year[:4])
    asked = Holiday(command.kind, command.valid_from, command.valid_to)
    if not date(first, 8, 1) <= asked.first <= date(first + 1, 7, 31):
        nl, en = "de vakantie begint niet in dat schooljaar", "the holiday does not begin in that school year"
        raise refuse("holiday", "/validFrom", nl, en, None, "invalid")
    check([asked, *(one for one in beside if one.kind is not command.kind)])
    before = state.of(command.kind) if state else None
    if before == asked:
        return []
    match command:
        case SetSiteHoliday():
            return [SiteHolidaySet(**command.model_dump())]
        case PublishHoliday():
            return [(HolidayCorrected if before else HolidayPublished)(**command.model_dump())]
        case _:
            assert_never(command)


# Evolve


def evolve(state: Holidays | None, event: HolidayEvent) -> Holidays:
    """The holidays; the last word on a kind holds."""
    before = state or Holidays(event.school_year, ())
    one = Holiday(event.kind, event.valid_from, event.valid_to)
    others = [other for other in before.holidays if other.kind is not event.kind]
    return replace(before, holidays=tuple(sorted([*others, one], key=lambda holiday: holiday.first)))
