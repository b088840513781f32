"""The team of a school: the youth-and-school team (*jeugd- en schoolteam*, ALK-23) or the care team (*zorgteam*).

A member is a role. Whoever works for a provider is named by the provider's staff key; who works for the school is not.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, assert_never

from services.registry.at_school import AtSchool
from services.registry.codes import Command, Day, ProgrammeCode, ProviderCode, SiteReference, StaffKey, TeamRole
from services.registry.refusals import before_start, reversed_period, unknown
from services.registry.timeline import Span
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse


class TeamKind(StrEnum):
    """Which team of the school it is."""

    YOUTH_AND_SCHOOL = "YOUTH_AND_SCHOOL"
    CARE = "CARE"


# Events


class TeamFormed(Event):
    """A school has a team from a day on."""

    TYPE: ClassVar[str] = "team-formed.v1"

    programme: str
    site: str
    kind: TeamKind
    valid_from: date


class TeamMemberAdded(Event):
    """Somebody takes this role from a day on."""

    TYPE: ClassVar[str] = "team-member-added.v1"

    programme: str
    site: str
    kind: TeamKind
    role: TeamRole
    provider: str | None
    staff: str | None
    valid_from: date
    valid_to: date | None


class TeamMemberRemoved(Event):
    """Who had this role leaves the team after this day."""

    TYPE: ClassVar[str] = "team-member-removed.v1"

    programme: str
    site: str
    kind: TeamKind
    role: TeamRole
    provider: str | None
    staff: str | None
    valid_to: date


TeamEvent = TeamFormed | TeamMemberAdded | TeamMemberRemoved

# Commands


class FormTeam(Command):
    """Form a team of a kind at a school."""

    programme: ProgrammeCode
    site: SiteReference
    kind: TeamKind
    valid_from: Day


class AddMember(Command):
    """Add a role, with the worker of a provider who has it."""

    role: TeamRole
    provider: ProviderCode | None = None
    staff: StaffKey | None = None
    valid_from: Day
    valid_to: Day | None = None


class RemoveMember(Command):
    """Give a member of the team a last day."""

    role: TeamRole
    provider: ProviderCode | None = None
    staff: StaffKey | None = None
    valid_to: Day


TeamCommand = FormTeam | AddMember | RemoveMember

# States


@dataclass(frozen=True, slots=True)
class Member:
    """A role in the team, who has it, and when."""

    role: TeamRole
    provider: str | None
    staff: str | None
    span: Span

    @property
    def who(self) -> tuple[str, str | None, str | None]:
        """The role with whoever has it."""
        return self.role, self.provider, self.staff


@dataclass(frozen=True, slots=True)
class Team:
    """A team with everybody who was ever in it, in order of their first days."""

    programme: str
    site: str
    kind: TeamKind
    valid_from: date
    members: tuple[Member, ...] = ()

    def roles(self, day: date) -> frozenset[TeamRole]:
        """The roles that are filled on this day (R-TEAM-COMPOSITION)."""
        return frozenset(member.role for member in self.members if member.span.holds(day))


# Decide


def decide(command: TeamCommand, state: Team | None, known: AtSchool) -> list[TeamEvent]:
    """Form once; a member is in the team at most once on a day."""
    match command:
        case FormTeam():
            known.check(command.valid_from)
            return [] if state is not None else [TeamFormed(**command.model_dump())]
        case _ if state is None or known.programme is None:
            raise nowhere()
        case AddMember():
            return _add(command, state, known)
        case RemoveMember():
            return _remove(command, state)
        case _:
            assert_never(command)


def _add(command: AddMember, state: Team, known: AtSchool) -> list[TeamEvent]:
    if command.valid_from < state.valid_from:
        raise before_start()
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise reversed_period()
    if (command.provider is None) != (command.staff is None):
        nl, en = "noem aanbieder en medewerker samen", "name the provider and the worker together"
        raise refuse("missing", "/staff" if command.staff is None else "/provider", nl, en, None, "invalid")
    if command.staff is not None and known.professional is None:
        raise unknown("staff", "/staff", "deze medewerker", "this worker")
    asked = Member(command.role, command.provider, command.staff, Span(command.valid_from, command.valid_to))
    if asked in state.members:
        return []
    if any(one.who == asked.who and one.span.overlaps(asked.span) for one in state.members):
        raise refuse("already-member", "/role", "zit dan al in het team", "is in the team by then")
    return [TeamMemberAdded(**command.model_dump(), programme=state.programme, site=state.site, kind=state.kind)]


def _remove(command: RemoveMember, state: Team) -> list[TeamEvent]:
    """Of whoever has the role on that day, or had it last before."""
    who = (command.role, command.provider, command.staff)
    known = [one for one in state.members if one.who == who and one.span.start <= command.valid_to]
    if not known:
        raise refuse("no-such-member", "/role", "zit dan niet in het team", "is not in the team by then")
    if known[-1].span.end == command.valid_to:
        return []
    return [TeamMemberRemoved(**command.model_dump(), programme=state.programme, site=state.site, kind=state.kind)]


# Evolve


def evolve(state: Team | None, event: TeamEvent) -> Team:
    """The team with its members through time."""
    if isinstance(event, TeamFormed):
        return Team(event.programme, event.site, event.kind, event.valid_from)
    assert state is not None, "a stream of a team begins with its forming"  # noqa: S101
    match event:
        case TeamMemberAdded():
            added = Member(event.role, event.provider, event.staff, Span(event.valid_from, event.valid_to))
            members = sorted([*state.members, added], key=lambda one: (one.span.start, one.role))
            return replace(state, members=tuple(members))
        case TeamMemberRemoved():
            return replace(state, members=_ended(state.members, event))


def _ended(members: tuple[Member, ...], event: TeamMemberRemoved) -> tuple[Member, ...]:
    who = (event.role, event.provider, event.staff)
    matching = [one for one in members if one.who == who and one.span.start <= event.valid_to]
    return tuple(
        replace(one, span=Span(one.span.start, event.valid_to)) if one in matching[-1:] else one for one in members
    )
