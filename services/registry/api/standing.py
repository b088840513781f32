"""How things stand at the schools on a day, as the rules of their programmes find it.

Everything comes from the copy in memory as it was known at a moment, so that a finding is there as long as it is so and
no longer, on any day that is asked.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.registry import rules, streams
from services.registry.absence import Absence
from services.registry.assignment import Assignment
from services.registry.codes import StaffFunction
from services.registry.kept import (
    ABSENCES,
    ACTION_PLANS,
    ASSIGNMENTS,
    DEVELOPMENT_QUESTIONS,
    HOLIDAYS,
    INTRODUCTIONS,
    LOTS,
    PARTICIPATIONS,
    PRESENCES,
    PROFESSIONALS,
    PROGRAMMES,
    PROVIDER_CHOICES,
    RECRUITMENTS,
    SITES,
    TEAMS,
)
from services.registry.professional import Professional
from services.registry.programme import Applied
from services.registry.rules.facts import Away, Choosing, Deployment, Facts, SchoolDay, Week
from services.registry.rules.rule import judge
from services.registry.school_days import of_region, of_site, school_days
from services.registry.site import Site
from services.registry.team import TeamKind
from shared.administration.directory import Directory
from shared.domain.calendar import school_year
from shared.domain.findings import Finding
from shared.domain.school_holidays import Holiday, HolidayRegion

Place = tuple[str, str]
"""A programme and a site."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A finding at a school; `provider` whose people it is about (None: it is about the school), and who or what."""

    programme: str
    site: str
    finding: Finding
    provider: str | None = None
    subject: str | None = None

    @property
    def name(self) -> str:
        """By which it is told apart and put in order."""
        about = f"{self.provider or ''}/{self.subject or ''}"
        return f"{self.programme}/{self.site}/{self.finding.code}/{about}"


class Standing:
    """What was known at a moment (None: now) of how things stand on a day."""

    def __init__(self, directory: Directory, on: date, known_at: datetime | None = None) -> None:
        self._directory, self._on, self._known_at = directory, on, known_at
        self._assignments: dict[Place, list[Assignment]] = defaultdict(list)
        self._absences: dict[Place, list[Absence]] = defaultdict(list)
        self._functions_of: dict[tuple[str, str], frozenset[StaffFunction]] = {}
        for name in directory.names("assignment/"):
            one = directory.state(ASSIGNMENTS, name, known_at)
            if one is not None and one.span.holds(on):
                self._assignments[one.programme, one.site].append(one)
        for name in directory.names("absence/"):
            absence = directory.state(ABSENCES, name, known_at)
            if absence is not None and absence.span.holds(on):
                self._absences[absence.programme, absence.site].append(absence)

    def schools(self, programme: str | None = None) -> Iterator[Place]:
        """The schools that take part on the day."""
        for name in self._directory.names(f"participation/{programme}/" if programme else "participation/"):
            one = self._directory.state(PARTICIPATIONS, name, self._known_at)
            if one is not None and one.holds(self._on):
                yield one.programme, one.site

    def at(self, place: Place) -> Iterator[Noticed]:
        """Everything that the rules find at a school; nothing for a programme that is not known."""
        directory, known_at = self._directory, self._known_at
        programme = directory.state(PROGRAMMES, streams.programme(place[0]), known_at)
        site = directory.state(SITES, streams.site(place[1]), known_at)
        if programme is None or site is None:
            return
        facts = self._school(place, programme, site)
        for finding in judge(rules.STANDING, SchoolDay(*place, self._on), facts):
            yield Noticed(*place, finding)
        yield from self._chosen(place, facts)
        for assignment in self._assignments[place]:
            yield from self._deployed(place, assignment, facts)
        for absence in self._absences[place]:
            days = self._school_days(site, programme, absence.span.start, self._on)
            for finding in judge(rules.ABSENCE, Away(absence, self._on), replace(facts, school_days=tuple(days))):
                yield Noticed(*place, finding, absence.provider, absence.absence)

    def _school(self, place: Place, programme: Applied, site: Site) -> Facts:
        directory, on, known_at = self._directory, self._on, self._known_at
        participation = directory.state(PARTICIPATIONS, streams.participation(*place), known_at)
        team = directory.state(TEAMS, streams.team(*place, TeamKind.YOUTH_AND_SCHOOL), known_at)
        choices = directory.state(PROVIDER_CHOICES, streams.provider_choice(*place), known_at)
        chosen = tuple(Choosing(one.provider, one.span) for one in (choices.on(on) if choices else ()))
        here = tuple(self._assignments[place])
        providers = {one.provider for one in chosen} | {one.provider for one in here}
        return Facts(
            programme,
            on,
            plan=directory.state(ACTION_PLANS, streams.action_plan(*place), known_at),
            questions=directory.state(DEVELOPMENT_QUESTIONS, streams.development_questions(*place), known_at),
            level=participation.levels.at(on) if participation else None,
            sub_region=site.place(on)[1],
            choices=chosen,
            team=team.roles(on) if team and team.valid_from <= on else None,
            assignments=here,
            advisors=frozenset[StaffFunction]().union(*(self._functions(programme.region, one) for one in providers)),
            school_hours=site.teachers_hours.at(on),
            week=self._week(place, site, programme),
        )

    def _chosen(self, place: Place, facts: Facts) -> Iterator[Noticed]:
        """Every choice after the first is held against those before it."""
        for number, choice in enumerate(facts.choices[1:], start=1):
            beside = replace(facts, choices=facts.choices[:number])
            for finding in judge(rules.CHOOSING, choice, beside):
                yield Noticed(*place, finding)

    def _deployed(self, place: Place, assignment: Assignment, facts: Facts) -> Iterator[Noticed]:
        """A worker at the school as if the day were the first."""
        directory, known_at = self._directory, self._known_at
        who = assignment.provider, assignment.staff
        professional = self._professional(facts.programme.region, *who)
        supervisor = professional.supervisor(self._on) if professional else None
        lot = directory.state(LOTS, streams.lot(assignment.lot or ""), known_at)
        known = replace(
            facts,
            professional=professional,
            supervisor=self._professional(facts.programme.region, who[0], supervisor) if supervisor else None,
            lot_allows=lot is not None and lot.allowed.at(self._on) is True,
            introduction=directory.state(INTRODUCTIONS, streams.introduction(*place, *who), known_at),
            recruitment=directory.state(RECRUITMENTS, streams.recruitment(*place, *who), known_at),
        )
        event = Deployment(*place, *who, self._on, assignment.allocation, assignment.lot)
        for finding in judge(rules.DEPLOYING, event, known):
            about_school = finding.pointer == "/site"
            yield Noticed(*place, finding, *((None, None) if about_school else who))

    def _professional(self, region: str, provider: str, staff: str) -> Professional | None:
        return self._directory.state(PROFESSIONALS, streams.professional(region, provider, staff), self._known_at)

    def _functions(self, region: str, provider: str) -> frozenset[StaffFunction]:
        """The functions that a provider's people have on the day; looked up once for all of its schools."""
        if (region, provider) not in self._functions_of:
            names = self._directory.names(f"professional/{region}/{provider}/")
            people = (self._directory.state(PROFESSIONALS, name, self._known_at) for name in names)
            known = frozenset(one.function for one in people if one is not None and one.valid_from <= self._on)
            self._functions_of[region, provider] = known
        return self._functions_of[region, provider]

    def _week(self, place: Place, site: Site, programme: Applied) -> Week:
        """The last whole week before the day."""
        monday = self._on - timedelta(days=self._on.weekday() + 7)
        days = [monday + timedelta(days=number) for number in range(7)]
        names = [
            name for day in days for name in self._directory.names(f"presence/{place[0]}/{place[1]}/{day.isoformat()}/")
        ]
        known = [self._directory.state(PRESENCES, name, self._known_at) for name in names]
        minutes = [one.minutes for one in known if one is not None]
        number = len(self._school_days(site, programme, monday, days[-1]))
        return Week(monday, number, sum(minutes) if minutes else None)

    def _school_days(self, site: Site, programme: Applied, first: date, last: date) -> list[date]:
        said = programme.configuration(first).holiday_region
        region = site.holiday_regions.at(first) or (HolidayRegion(said) if said else None)
        years = dict.fromkeys((school_year(first), school_year(last)))
        return school_days(first, last, [one for year in years for one in self._holidays(site, region, year)])

    def _holidays(self, site: Site, region: HolidayRegion | None, year: str) -> tuple[Holiday, ...]:
        directory, known_at = self._directory, self._known_at
        recorded = directory.state(HOLIDAYS, streams.holidays(region, year), known_at) if region else None
        own = directory.state(HOLIDAYS, streams.site_holidays(site.site, year), known_at)
        return of_site(of_region(region, year, recorded) if region else (), own)
