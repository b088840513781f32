"""What figures count the registry's events by: the typed columns of each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from services.registry.assignment import (
    AssignmentEnded,
    AssignmentHoursChanged,
    ResponsibleAllocationStated,
    WorkerAssignedToSchool,
)
from services.registry.municipality_participation import MunicipalityJoinedProgramme, MunicipalityLeftProgramme
from services.registry.participation import SchoolJoinedProgramme, SchoolLeftProgramme, SchoolParticipationLevelSet
from services.registry.programme import ProgrammeChangeProposed, ProgrammeDefined, ProgrammeRuleSwitched
from services.registry.provider_choice import ProviderChosenForSchool, ProviderOfSchoolChanged
from services.registry.pupil_count import PupilCountRecorded
from services.registry.region import RegionDefined
from services.registry.school import SchoolRenamed
from services.registry.site import (
    SchoolSiteAdded,
    SchoolSiteClosed,
    SchoolTypeChanged,
    SiteFunctionSet,
    SiteHolidayRegionSet,
    SiteMunicipalityChanged,
    SitePlacedInPartnership,
    TeachersHoursRecorded,
)
from shared.domain.events import Event
from shared.log.events import Columns, StoredEvent


def columns(event: Event, history: Sequence[StoredEvent]) -> Columns:
    """The columns of an event, given the stream before it; `school` is always the site code.

    Raises `TypeError` for an event that is not the registry's.
    """
    match event:
        case SchoolJoinedProgramme() | SchoolLeftProgramme():
            return _participation(event)
        case MunicipalityJoinedProgramme():
            return Columns(programme=event.programme, municipality=event.municipality, day=event.valid_from)
        case MunicipalityLeftProgramme():
            return Columns(programme=event.programme, municipality=event.municipality, until=event.valid_to)
        case ProviderChosenForSchool() | ProviderOfSchoolChanged():
            return Columns(
                programme=event.programme,
                school=event.site,
                provider=event.provider,
                day=event.valid_from,
                until=event.valid_to,
            )
        case WorkerAssignedToSchool() | AssignmentHoursChanged() | AssignmentEnded():
            return _assignment(event)
        case PupilCountRecorded():
            return _pupils(event, history)
        case SchoolParticipationLevelSet() | SiteFunctionSet() | SitePlacedInPartnership() | SiteHolidayRegionSet():
            return by_name(event, history)
        case SiteMunicipalityChanged() | TeachersHoursRecorded() | ResponsibleAllocationStated():
            return by_name(event, history)
        case _:
            return _noun(event)


def _participation(event: SchoolJoinedProgramme | SchoolLeftProgramme) -> Columns:
    return Columns(
        programme=event.programme,
        school=event.site,
        municipality=event.municipality,
        kind=event.school_type.value,
        day=event.valid_from if isinstance(event, SchoolJoinedProgramme) else None,
        until=event.valid_to if isinstance(event, SchoolLeftProgramme) else None,
    )


def _assignment(event: WorkerAssignedToSchool | AssignmentHoursChanged | AssignmentEnded) -> Columns:
    return Columns(
        programme=event.programme,
        school=event.site,
        provider=event.provider,
        case=event.assignment,
        quantity=event.fte,
        day=None if isinstance(event, AssignmentEnded) else event.valid_from,
        until=event.valid_to,
    )


def _pupils(event: PupilCountRecorded, history: Sequence[StoredEvent]) -> Columns:
    """A second count of the same site and school year takes the place of the one before it."""
    return Columns(
        school=event.site,
        quantity=Decimal(event.count),
        day=event.valid_from,
        until=event.valid_to,
        root=history[0].id if history else None,
        replaces=history[-1].id if history else None,
    )


def _noun(event: Event) -> Columns:
    match event:
        case SchoolSiteAdded():
            return Columns(school=event.site, municipality=event.municipality, day=event.valid_from)
        case SchoolTypeChanged():
            return Columns(school=event.site, kind=event.school_type.value, day=event.valid_from)
        case SchoolSiteClosed():
            return Columns(school=event.site, until=event.valid_to)
        case SchoolRenamed():
            return Columns(school=event.site, day=event.valid_from)
        case ProgrammeDefined() | ProgrammeRuleSwitched() | ProgrammeChangeProposed():
            return Columns(programme=event.programme, day=event.valid_from)
        case RegionDefined():
            return Columns(day=event.valid_from)
        case _:
            raise TypeError(f"{event.TYPE} is not an event of the registry")


_DAYS = ("valid_from", "held_on", "day")
_CASES = ("absence", "transition", "assignment")


def by_name(event: Event, _history: Sequence[StoredEvent]) -> Columns:
    """The columns that an event names itself: `site` is the school, the day the first one that it tells."""
    minutes = getattr(event, "minutes", None)
    kind = getattr(event, "kind", None)
    return Columns(
        day=_first(event, _DAYS),
        until=getattr(event, "valid_to", None),
        programme=getattr(event, "programme", None),
        school=getattr(event, "site", None),
        provider=getattr(event, "provider", None),
        municipality=getattr(event, "municipality", None),
        case=_first(event, _CASES),
        kind=None if kind is None else str(kind),
        quantity=None if minutes is None else Decimal(minutes),
    )


def replacing(event: Event, history: Sequence[StoredEvent]) -> Columns:
    """The same, for what takes the place of the event before it in its stream."""
    known = by_name(event, history)
    return known._replace(root=history[0].id, replaces=history[-1].id) if history else known


def _first(event: Event, names: Sequence[str]) -> Any:
    """What the event has under the first of these names that it knows."""
    return next((getattr(event, name) for name in names if hasattr(event, name)), None)
