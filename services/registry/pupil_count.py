"""How many pupils a site has in a school year (*leerlingaantal*); a second count replaces the first."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from services.registry.codes import Command, Day, SchoolYear, SiteReference
from services.registry.refusals import unknown
from shared.domain.events import Event
from shared.domain.findings import refuse

# Events


class CountSource(StrEnum):
    """Who counted; `SYNTHETIC` for made-up demonstration numbers."""

    DUO = "DUO"
    SCHOOL = "SCHOOL"
    PARTNERSHIP = "PARTNERSHIP"
    PUBLICATION = "PUBLICATION"
    SYNTHETIC = "SYNTHETIC"


class PupilCountRecorded(Event):
    """A site has this many pupils in a school year, counted on the reference date (*teldatum*)."""

    TYPE: ClassVar[str] = "pupil-count-recorded.v1"

    site: str
    school_year: str
    reference_date: date
    count: int
    source: CountSource
    valid_from: date
    valid_to: date


# Commands


class RecordPupilCount(Command):
    """Record a count for a school year."""

    site: SiteReference
    school_year: SchoolYear
    reference_date: Day
    count: Annotated[int, Field(ge=0, le=10_000)]
    source: CountSource


# States


@dataclass(frozen=True, slots=True)
class PupilCount:
    """The count of one site and school year that holds."""

    site: str
    school_year: str
    reference_date: date
    count: int
    source: CountSource
    valid_from: date
    valid_to: date


# Decide


def decide(command: RecordPupilCount, state: PupilCount | None, site_known: bool) -> list[PupilCountRecorded]:
    """Record it when it differs from what is known; the reference date lies in the school year."""
    if not site_known:
        raise unknown("site", "/site", "deze vestiging", "this site")
    first = int(command.school_year[:4])
    event = PupilCountRecorded(valid_from=date(first, 8, 1), valid_to=date(first + 1, 7, 31), **command.model_dump())
    if not event.valid_from <= event.reference_date <= event.valid_to:
        raise refuse(
            "reference-date",
            "/referenceDate",
            f"de teldatum ligt niet in {event.school_year}",
            f"the reference date is not in {event.school_year}",
            kind="invalid",
        )
    return [] if state is not None and evolve(None, event) == state else [event]


# Evolve


def evolve(_state: PupilCount | None, event: PupilCountRecorded) -> PupilCount:
    """The latest count."""
    return PupilCount(**event.model_dump())
