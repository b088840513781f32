"""What this service knows of schools, people, programmes and contracts: a copy in memory, filled from their logs.

Rules read it as of a day. It holds what others recorded until now; what is recorded later judges held events again.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from services.interventions.timeline import Timeline
from shared.domain.findings import Severity

Place = tuple[str, str]
"""A school site in a programme: (programme, site)."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How one version of a programme is set up, as far as interventions are judged by it."""

    version: str
    kinds: frozenset[str]
    flagged_kinds: frozenset[str]
    school_types: frozenset[str]


@dataclass(slots=True)
class Programme:
    """A programme with its versions and the severity of each rule, by day."""

    code: str
    start: date
    setups: Timeline[Setup] = field(default_factory=Timeline)
    rules: dict[str, Timeline[Severity]] = field(default_factory=lambda: defaultdict(Timeline))

    def setup(self, day: date) -> Setup | None:
        """The version that holds on this day."""
        return self.setups.at(day)

    def severity(self, rule: str, day: date) -> Severity:
        """How the programme takes a rule on this day; a rule it never named is off."""
        switched = self.rules.get(rule)
        return Severity.OFF if switched is None else switched.at(day) or Severity.OFF


@dataclass(slots=True)
class Site:
    """A school site (onderwijslocatie)."""

    code: str
    types: Timeline[str] = field(default_factory=Timeline)
    closed_after: date | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """A contract covers a site for a provider."""

    provider: str
    contract: str


class Worker(NamedTuple):
    """A professional (medewerker) by the provider's own key."""

    provider: str
    staff: str


@dataclass(slots=True)
class Facts:
    """The copy itself. `changed` names what the latest events were about, in the words held events wait for."""

    programmes: dict[str, Programme] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    participation: dict[Place, Timeline[bool]] = field(default_factory=lambda: defaultdict(Timeline))
    providers: dict[Place, Timeline[str]] = field(default_factory=lambda: defaultdict(Timeline))
    coverage: dict[Place, Timeline[Covered]] = field(default_factory=lambda: defaultdict(Timeline))
    workers: set[Worker] = field(default_factory=set)
    assignments: dict[tuple[str, str, str, str], Timeline[str]] = field(default_factory=lambda: defaultdict(Timeline))
    changed: set[str] = field(default_factory=set)
    clean: set[Hashable] = field(default_factory=set)
    """What was judged by these facts alone and found to be in order; forgotten with every new fact."""

    def participates(self, programme: str, site: str, day: date) -> bool:
        """Whether the site takes part in the programme on this day (INV-02)."""
        spans = self.participation.get((programme, site))
        return spans is not None and spans.at(day) is True

    def provider_of(self, programme: str, site: str, day: date) -> str | None:
        """The provider that the school chose for this day, where one is known (HR-07)."""
        spans = self.providers.get((programme, site))
        return spans.latest(day) if spans else None

    def covers(self, programme: str, site: str, provider: str, day: date) -> bool:
        """Whether a contract of this provider covers the site on this day."""
        spans = self.coverage.get((programme, site))
        return spans is not None and provider in [covered.provider for covered in spans.holding(day)]

    def covered_until(self, programme: str, site: str, provider: str, day: date) -> date | None:
        """The last day before this one on which the provider's own contract covered the site."""
        spans = self.coverage.get((programme, site), Timeline()).spans
        ends = [s.end for s in spans if s.value.provider == provider and s.end is not None and s.end < day]
        return max(ends, default=None)

    def knows(self, provider: str, staff: str) -> bool:
        """Whether the provider registered this member of staff."""
        return Worker(provider, staff) in self.workers

    def assigned(self, programme: str, site: str, worker: Worker, day: date) -> bool:
        """Whether this member of staff is assigned to the site on this day (INV-02)."""
        spans = self.assignments.get((programme, site, worker.provider, worker.staff))
        return spans is not None and spans.at(day) is not None

    def places_of(self, provider: str) -> list[Place]:
        """The sites that a contract of this provider covers at any time, in order of code."""
        return sorted(place for place, spans in self.coverage.items() if _has(spans, provider))

    def staff_of(self, provider: str) -> list[str]:
        """The provider's own staff keys, in order."""
        return sorted(worker.staff for worker in self.workers if worker.provider == provider)

    def reset(self) -> None:
        """Forget everything: the logs are read again from their beginning."""
        for kept in (
            self.programmes,
            self.sites,
            self.participation,
            self.providers,
            self.coverage,
            self.workers,
            self.assignments,
            self.clean,
        ):
            kept.clear()

    def take_changed(self) -> set[str]:
        """What was changed since this was last asked."""
        changed, self.changed = self.changed, set()
        return changed


def waits_for_place(programme: str, site: str) -> str:
    """The word for everything known about a site in a programme."""
    return f"place:{programme}/{site}"


def waits_for_site(site: str) -> str:
    """The word for a site itself."""
    return f"site:{site}"


def waits_for_worker(provider: str, staff: str) -> str:
    """The word for a member of staff."""
    return f"worker:{provider}/{staff}"


def _has(spans: Timeline[Covered], provider: str) -> bool:
    return any(span.value.provider == provider for span in spans.spans)


def setup_of(version: object, configuration: Mapping[str, Any]) -> Setup:
    """What a programme's configuration file says about interventions."""
    return Setup(
        str(version),
        frozenset(configuration.get("allowedKinds", ())),
        frozenset(configuration.get("flaggedKinds", ())),
        frozenset(configuration.get("schoolTypes") or ()),
    )
