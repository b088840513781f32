"""A site of a school (*onderwijslocatie*, *vestiging*), by BRIN and site number: what figures are counted by."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, assert_never

from services.registry.codes import Command, Day, MunicipalityCode, Name, SchoolType, SiteCode, SubRegionCode
from services.registry.refusals import already, before_start, reversed_period, unknown
from services.registry.region import Region
from services.registry.school import Rename, School, SchoolRenamed
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

# Events


class SchoolSiteAdded(Event):
    """A school has a site from a day on."""

    TYPE: ClassVar[str] = "school-site-added.v1"

    site: str
    school: str
    name: str
    school_type: SchoolType
    municipality: str
    sub_region: str | None
    valid_from: date


class SchoolTypeChanged(Event):
    """A site is of another type from a day on."""

    TYPE: ClassVar[str] = "school-type-changed.v1"

    site: str
    school_type: SchoolType
    valid_from: date


class SchoolSiteClosed(Event):
    """A site closed; `valid_to` is its last day."""

    TYPE: ClassVar[str] = "school-site-closed.v1"

    site: str
    valid_to: date


SiteEvent = SchoolSiteAdded | SchoolTypeChanged | SchoolSiteClosed | SchoolRenamed

# Commands


class AddSite(Command):
    """Record a site; its first four characters are the BRIN of its school."""

    site: SiteCode
    name: Name
    school_type: SchoolType
    municipality: MunicipalityCode
    sub_region: SubRegionCode | None = None
    valid_from: Day


class ChangeType(Command):
    """Give a site another type, from a day on."""

    school_type: SchoolType
    valid_from: Day


class CloseSite(Command):
    """Close a site after its last day."""

    valid_to: Day


SiteCommand = AddSite | ChangeType | CloseSite | Rename

# States


@dataclass(frozen=True, slots=True)
class Site:
    """A site with its names and types through time."""

    site: str
    school: str
    municipality: str
    sub_region: str | None
    names: Timeline[str]
    types: Timeline[SchoolType]
    valid_from: date
    valid_to: date | None = None


# Decide


def decide(command: SiteCommand, state: Site | None, region: Region | None, school: School | None) -> list[SiteEvent]:
    """Decide for an administrator of `region`; `school` is the one that the site code names.

    A site in a municipality outside the region is as unknown as one that does not exist.
    """
    if state is not None and (region is None or state.municipality not in region.municipalities):
        raise nowhere()
    match command:
        case AddSite():
            return _add(command, state, region, school)
        case _ if state is None:
            raise nowhere()
        case CloseSite():
            return _close(command, state)
        case ChangeType() | Rename():
            return _change(command, state)
        case _:
            assert_never(command)


def _add(command: AddSite, state: Site | None, region: Region | None, school: School | None) -> list[SiteEvent]:
    if school is None:
        raise unknown("school", "/site", "de school van deze vestiging", "the school of this site")
    if region is None or command.municipality not in region.municipalities:
        raise unknown("municipality", "/municipality", "deze gemeente van uw regio", "this municipality of your region")
    if command.sub_region is not None and not region.has_sub_region(command.sub_region):
        raise unknown("region", "/subRegion", "deze subregio", "this sub-region")
    event = SchoolSiteAdded(school=school.school, **command.model_dump())
    if state is None:
        return [event]
    if _first(state) == event:
        return []
    raise already("/site", "deze vestiging staat er anders in", "this site is recorded otherwise")


def _first(state: Site) -> SchoolSiteAdded:
    """The event that would add the site as it was on its first day."""
    return SchoolSiteAdded(
        site=state.site,
        school=state.school,
        name=state.names.steps[0][1],
        school_type=state.types.steps[0][1],
        municipality=state.municipality,
        sub_region=state.sub_region,
        valid_from=state.valid_from,
    )


def _change(command: ChangeType | Rename, state: Site) -> list[SiteEvent]:
    day = command.valid_from
    if day < state.valid_from:
        raise before_start()
    if isinstance(command, ChangeType):
        same = state.types.at(day) == command.school_type
        return [] if same else [SchoolTypeChanged(site=state.site, school_type=command.school_type, valid_from=day)]
    same = state.names.at(day) == command.name
    return [] if same else [SchoolRenamed(school=state.school, site=state.site, name=command.name, valid_from=day)]


def _close(command: CloseSite, state: Site) -> list[SiteEvent]:
    if command.valid_to < state.valid_from:
        raise reversed_period()
    return [] if state.valid_to == command.valid_to else [SchoolSiteClosed(site=state.site, valid_to=command.valid_to)]


# Evolve


def evolve(state: Site | None, event: SiteEvent) -> Site:
    """The site with its names and types through time."""
    if state is None:
        return _added(event)
    match event:
        case SchoolTypeChanged():
            return replace(state, types=state.types.put(event.valid_from, event.school_type))
        case SchoolRenamed():
            return replace(state, names=state.names.put(event.valid_from, event.name))
        case SchoolSiteClosed():
            return replace(state, valid_to=event.valid_to)
        case SchoolSiteAdded():
            return _added(event)


def _added(event: SiteEvent) -> Site:
    assert isinstance(event, SchoolSiteAdded), "a stream of a site begins with its addition"  # noqa: S101
    names, types = Timeline(((event.valid_from, event.name),)), Timeline(((event.valid_from, event.school_type),))
    return Site(event.site, event.school, event.municipality, event.sub_region, names, types, event.valid_from)
