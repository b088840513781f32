"""What contracts must know of the registry, from its own copy of the facts: programmes, providers, schools, people.

A copy may be a moment behind; a caller that has just registered something passes the registry's token in `atLeast`.
How the copy grows stands in `learning.py`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pydantic import JsonValue

from services.contracts.extension import FirstSummerDay
from services.contracts.rules import Switch, Switches
from services.contracts.suitability import Candidate, Stretch
from shared.domain.findings import Finding, Severity
from shared.domain.school_holidays import HolidayRegion, summer
from shared.domain.texts import Text

V = TypeVar("V")


@dataclass(slots=True)
class Programme:
    """A programme as it was applied, by the first day of each version of its file."""

    region: str
    configurations: dict[date, dict[str, JsonValue]]

    def on(self, day: date) -> dict[str, JsonValue]:
        """The file that holds on a day; before the first, the first."""
        return held(self.configurations, day)


@dataclass(slots=True)
class Provider:
    """What a provider declared: expertise (tags by stretch), experience by (type, region, first day), WLZ contracts."""

    expertise: dict[date, tuple[date | None, frozenset[str]]] = field(default_factory=dict)
    experience: dict[tuple[str, str, date], date | None] = field(default_factory=dict)
    wlz: dict[date, date | None] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """A school site: where it is, and its types by first day."""

    municipality: str
    types: dict[date, str]
    holiday_regions: dict[date, str] = field(default_factory=dict)
    closed: date | None = None

    def type_on(self, day: date) -> str:
        """Its type on a day; before its first day, the first."""
        return held(self.types, day)

    def holiday_region_on(self, day: date) -> str | None:
        """The region whose holidays it keeps on a day, where that was recorded for itself."""
        begun = [first for first in self.holiday_regions if first <= day]
        return self.holiday_regions[max(begun)] if begun else None


@dataclass(slots=True)
class Assignment:
    """Somebody works at a school; `hours` a week by the first day on which they are so, as stated or by the fte."""

    programme: str
    site: str
    provider: str
    staff: str
    first: date
    last: date | None
    hours: dict[date, Decimal]

    def holds(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.first <= day <= (self.last or date.max)

    def hours_on(self, day: date) -> Decimal:
        """The hours a week on a day; before its first day, those it begins with."""
        return held(self.hours, day)


Days = tuple[date, date | None]


@dataclass(slots=True)
class Facts:
    """Filled by a follower of the registry's log (`learning.Learner`)."""

    programmes: dict[str, Programme] = field(default_factory=dict)
    switches: dict[tuple[str, str], dict[date, Switch]] = field(default_factory=lambda: defaultdict(dict))
    regions: dict[str, dict[date, frozenset[str]]] = field(default_factory=lambda: defaultdict(dict))
    """The municipalities of each region, by the first day of what was defined."""
    providers: dict[str, Provider] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    summers: dict[tuple[str, int], date] = field(default_factory=dict)
    """First days of summer holidays that were recorded, by holiday region or site, and year."""
    participations: dict[tuple[str, str], dict[date, date | None]] = field(default_factory=lambda: defaultdict(dict))
    assignments: dict[str, Assignment] = field(default_factory=dict)
    registrations: dict[tuple[str, str], dict[tuple[str, date], date | None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """By (provider, staff): by (register, first day) the last day on which the registration is valid."""

    def region(self, programme: str) -> str | None:
        """The region whose programme it is; None for an unknown programme."""
        found = self.programmes.get(programme)
        return found.region if found else None

    def programmes_of(self, region: str | None) -> Iterator[str]:
        """The programmes of a region."""
        return (code for code, one in self.programmes.items() if region is not None and one.region == region)

    def switches_on(self, programme: str, day: date) -> Switches:
        """How the programme takes each rule on a day."""

        def switch(rule: str) -> Switch:
            through_time = self.switches.get((programme, rule), {})
            return through_time[first] if (first := _latest(through_time, day)) else Switch()

        return switch

    def one_provider(self, programme: str, day: date) -> bool:
        """Whether a school has one provider in this programme, so that its days are claimed."""
        return self.switches_on(programme, day)("R-ONE-PROVIDER").severity is Severity.BLOCK

    def setting(self, programme: str, name: str, day: date) -> JsonValue:
        """What the programme's file says on a day; None where it says nothing."""
        found = self.programmes.get(programme)
        return found.on(day).get(name) if found else None

    def four_eyes(self, programme: str, act: str, day: date) -> bool:
        """Whether the programme asks a second account for this act."""
        acts = self.setting(programme, "fourEyes", day)
        return isinstance(acts, list) and act in acts

    def first_summer_day(self, programme: str) -> FirstSummerDay:
        """The first day of a school's summer holiday, by its own holiday region (INV-16)."""

        def first(site: str, year: int) -> date | None:
            region = self._holiday_region(programme, site, year)
            said = self.summers.get((site, year)) or self.summers.get((region or "", year))
            holiday = summer(HolidayRegion(region), year) if region and not said else None
            return said or (holiday.first if holiday else None)

        return first

    def candidate(self, programme: str, provider: str, site: str, day: date) -> Candidate | None:
        """The provider as it stands for this school's type on a day; None for a school that is not known."""
        found = self.sites.get(site)
        return self.candidate_for(programme, provider, found.type_on(day), day) if found else None

    def candidate_for(self, programme: str, provider: str, school_type: str, day: date) -> Candidate:
        """The provider as it stands for a type of school on a day."""
        known, region = self.providers.get(provider, Provider()), self.region(programme)
        tags = [tags for first, (last, tags) in known.expertise.items() if first <= day <= (last or date.max)]
        worked = [(key[2], last) for key, last in known.experience.items() if key[:2] == (school_type, region)]
        return Candidate(
            school_type=school_type,
            day=day,
            expertise=frozenset().union(*tags),
            experience=tuple(Stretch(first, last) for first, last in worked),
            wlz=any(first <= day <= (last or date.max) for first, last in known.wlz.items()),
        )

    def programme_finding(self, programme: str, region: str | None) -> Finding | None:
        """For a programme that is unknown or another region's: the two are not told apart (G-21)."""
        known = region is not None and self.region(programme) == region
        return None if known else _unknown("programme", "/programme", "dit programma", "this programme")

    def provider_finding(self, provider: str) -> Finding | None:
        """For a provider that is not registered."""
        known = provider in self.providers
        return None if known else _unknown("provider", "/provider", "deze aanbieder", "this provider")

    def site_finding(self, site: str, pointer: str, region: str | None, day: date) -> Finding | None:
        """For a school site that is unknown or on that day another region's: the two are not told apart (G-21)."""
        found, defined = self.sites.get(site), self.regions.get(region or "")
        own = found is not None and defined is not None and found.municipality in held(defined, day)
        return None if own else _unknown("site", pointer, "deze vestiging", "this site")

    def _holiday_region(self, programme: str, site: str, year: int) -> str | None:
        """The school's own in the summer of that year, else the programme's."""
        place = self.sites.get(site)
        day = date(year, 7, 1)
        said = self.setting(programme, "holidayRegion", day)
        return (place.holiday_region_on(day) if place else None) or (said if isinstance(said, str) else None)


def held(through_time: Mapping[date, V], day: date) -> V:
    """What holds on a day, of what is said by first days; before the first of them, what the first says."""
    return through_time[max((first for first in through_time if first <= day), default=min(through_time))]


def _latest(through_time: dict[date, Switch], day: date) -> date | None:
    return max((first for first in through_time if first <= day), default=None)


def _unknown(noun: str, pointer: str, nl: str, en: str) -> Finding:
    return Finding(
        f"no-such-{noun}",
        Severity.BLOCK,
        pointer,
        Text(f"{nl} is niet geregistreerd", f"{en} is not registered"),
        Text("leg dat eerst vast in de registratie", "record that in the registry first"),
    )
