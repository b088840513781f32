"""A school is involved in the recruitment (*werving*) of the people who will work there (HG-30)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from services.registry.at_school import AtSchool
from services.registry.codes import Command, Day, ProgrammeCode, ProviderCode, SiteReference, StaffKey
from shared.domain.events import Event

# Events


class SchoolRole(StrEnum):
    """Who speaks for a school, as a role (never a person)."""

    SCHOOL_LEADER = "SCHOOL_LEADER"
    SUPPORT_COORDINATOR = "SUPPORT_COORDINATOR"
    IB_ER = "IB_ER"
    TEACHER = "TEACHER"


class RecruitmentInvolvementRecorded(Event):
    """These roles of the school took part in choosing this worker."""

    TYPE: ClassVar[str] = "recruitment-involvement-recorded.v1"

    programme: str
    site: str
    provider: str
    staff: str
    roles: tuple[SchoolRole, ...]
    held_on: date


# Commands


class RecordInvolvement(Command):
    """Record who of the school took part in choosing a worker."""

    programme: ProgrammeCode
    site: SiteReference
    provider: ProviderCode
    staff: StaffKey
    roles: Annotated[list[SchoolRole], Field(min_length=1, max_length=10)]
    held_on: Day


# States


@dataclass(frozen=True, slots=True)
class Recruitment:
    """What the school had to say in the recruitment of one worker; the latest record holds."""

    programme: str
    site: str
    provider: str
    staff: str
    roles: tuple[SchoolRole, ...]
    held_on: date


# Decide


def decide(
    command: RecordInvolvement, state: Recruitment | None, known: AtSchool
) -> list[RecruitmentInvolvementRecorded]:
    """Record it when it differs from what is known."""
    known.check_worker(max(command.held_on, _since(known)), "/heldOn")
    event = RecruitmentInvolvementRecorded(**{**command.model_dump(), "roles": tuple(sorted(set(command.roles)))})
    return [] if state is not None and state == evolve(state, event) else [event]


def _since(known: AtSchool) -> date:
    return known.participation.spans[0].start if known.participation else date.min


# Evolve


def evolve(_state: Recruitment | None, event: RecruitmentInvolvementRecorded) -> Recruitment:
    """The latest record."""
    return Recruitment(**event.model_dump())
