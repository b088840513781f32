"""Whom a school turns to, as roles of organisations (*contacten*): never a person (model 3.8, HG-70, HG-72, HR-47)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from services.registry.at_school import AtSchool
from services.registry.codes import Command, Day, Name, ProgrammeCode, SiteReference
from services.registry.timeline import Timeline
from shared.domain.events import Event


class ContactRole(StrEnum):
    """The roles that a school has a contact for."""

    ACCESS = "ACCESS"
    CARE_TEAM = "CARE_TEAM"
    CVB_SEAT = "CVB_SEAT"
    STEERING_PARENT_ORGANISATION = "STEERING_PARENT_ORGANISATION"
    STEERING_DAILY = "STEERING_DAILY"
    MUNICIPAL_DIRECTOR = "MUNICIPAL_DIRECTOR"


# Events


class ContactRoleFilled(Event):
    """From a day on this organisation has this role for the school; null: nobody has."""

    TYPE: ClassVar[str] = "contact-role-filled.v1"

    programme: str
    site: str
    role: ContactRole
    organisation: str | None
    valid_from: date


# Commands


class FillContactRole(Command):
    """Record which organisation has a role for a school from a day on."""

    programme: ProgrammeCode
    site: SiteReference
    role: ContactRole
    organisation: Name | None
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Contacts:
    """The organisations behind each role of a school, through time."""

    programme: str
    site: str
    roles: tuple[tuple[ContactRole, Timeline[str | None]], ...]

    @property
    def valid_from(self) -> date:
        """The first day of the first contact."""
        return min(timeline.steps[0][0] for _, timeline in self.roles)

    def on(self, day: date) -> dict[ContactRole, str]:
        """Who has which role on this day."""
        found = {role: timeline.at(day) for role, timeline in self.roles}
        return {role: organisation for role, organisation in found.items() if organisation is not None}


# Decide


def decide(command: FillContactRole, state: Contacts | None, known: AtSchool) -> list[ContactRoleFilled]:
    """Record it when it differs on that day."""
    known.check(command.valid_from)
    event = ContactRoleFilled(**command.model_dump())
    same = state is not None and state.on(command.valid_from).get(command.role) == command.organisation
    return [] if same else [event]


# Evolve


def evolve(state: Contacts | None, event: ContactRoleFilled) -> Contacts:
    """The contacts through time."""
    roles = dict(state.roles) if state else {}
    roles[event.role] = roles.get(event.role, Timeline[str | None]()).put(event.valid_from, event.organisation)
    return Contacts(event.programme, event.site, tuple(sorted(roles.items())))
