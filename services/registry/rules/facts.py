"""What the rules of the registry look at: what happened or how things stand, and what is known beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import JsonValue

from services.registry.absence import Absence
from services.registry.action_plan import ActionPlan
from services.registry.assignment import Assignment
from services.registry.codes import Level, SchoolType, StaffFunction, TeamRole
from services.registry.development_question import DevelopmentQuestions
from services.registry.introduction import Introduction
from services.registry.professional import Professional
from services.registry.programme import Applied
from services.registry.programme_parts import Schools
from services.registry.recruitment import Recruitment
from services.registry.timeline import Span

# What is judged


@dataclass(frozen=True, slots=True)
class Deployment:
    """A worker at a school from a first day on (*inzet*); `reason` why, when the worker need not be registered.

    `lot` is the lot under which it is (2C-35).
    """

    programme: str
    site: str
    provider: str
    staff: str
    first: date
    reason: str | None = None
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """A school chooses a provider for a period."""

    provider: str
    span: Span


@dataclass(frozen=True, slots=True)
class Joining:
    """A site takes part from a day on; by its own names, type and municipality on that day."""

    site: str
    names: tuple[str, ...]
    school_type: SchoolType
    municipality: str
    first: date


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A school in a programme as it stands on a day."""

    programme: str
    site: str
    day: date


@dataclass(frozen=True, slots=True)
class Away:
    """A worker's absence as it stands on a day."""

    absence: Absence
    day: date


Judged = Deployment | Choosing | Joining | SchoolDay | Away

# What is known beside it


@dataclass(frozen=True, slots=True)
class Week:
    """The last whole week before the day: how many school days it had, and the minutes of presence, if any."""

    monday: date
    school_days: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known on `day`, the day as of which the programme takes its rules; each rule looks at its own part.

    `lot_allows`: whether the lot allows unregistered work. `replaces`: the worker takes the place of an absent one.
    `team` is None when the school has no team; `assignments` are those of the school that hold on the day, `advisors`
    the functions that its providers have. `school_days` are those from a first to a last day, as far as asked;
    `school_hours` the teachers' hours of a whole week (2C-25), None when they are not recorded.
    """

    programme: Applied
    day: date
    professional: Professional | None = None
    supervisor: Professional | None = None
    lot_allows: bool = False
    replaces: bool = False
    introduction: Introduction | None = None
    recruitment: Recruitment | None = None
    plan: ActionPlan | None = None
    questions: DevelopmentQuestions | None = None
    level: Level | None = None
    sub_region: str | None = None
    choices: tuple[Choosing, ...] = ()
    team: frozenset[TeamRole] | None = None
    assignments: tuple[Assignment, ...] = ()
    advisors: frozenset[StaffFunction] = frozenset()
    school_days: tuple[date, ...] = ()
    school_hours: Decimal | None = None
    week: Week | None = None

    def parameters(self, rule: str) -> Mapping[str, JsonValue]:
        """The rule's parameters on the day; none when the programme does not name it."""
        switch = self.programme.switch(rule, self.day)
        return switch.parameters if switch else {}

    def number(self, rule: str, name: str, default: int) -> int:
        """A parameter that is a number."""
        value = self.parameters(rule).get(name, default)
        return value if isinstance(value, int) else default

    def names(self, rule: str, name: str) -> tuple[str, ...]:
        """A parameter that is a list of codes; empty when it is not there."""
        value = self.parameters(rule).get(name)
        return tuple(str(one) for one in value) if isinstance(value, list) else ()

    def lists(self, rule: str, name: str) -> dict[str, tuple[str, ...]]:
        """A parameter that holds a list of codes for each of its keys; empty when it is not there."""
        value = self.parameters(rule).get(name)
        told = value.items() if isinstance(value, dict) else ()
        return {key: tuple(str(one) for one in codes) for key, codes in told if isinstance(codes, list)}

    def hours(self, day: date) -> dict[str, Decimal]:
        """The hours per week of each assignment that holds on the day: as stated, else by the fte."""
        full_time = self.programme.configuration(day).full_time_hours
        amounts = {one.assignment: one.amount(day) for one in self.assignments if one.span.holds(day)}
        return {id_: one.hours if one.hours is not None else one.fte * full_time for id_, one in amounts.items()}

    def schools(self) -> Schools:
        """The schools with which the programme starts according to its file."""
        return self.programme.configuration(self.day).schools
