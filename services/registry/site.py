"""A site of a school (*onderwijslocatie*, *vestiging*), by BRIN and site number: what figures are counted by."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, assert_never

from services.registry.codes import Command, Day, Hours, MunicipalityCode, Name, SchoolType, SiteCode, SubRegionCode
from services.registry.partnership import PartnershipCode
from services.registry.refusals import already, before_start, reversed_period, unknown
from services.registry.region import Region
from services.registry.school import Rename, School, SchoolRenamed
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere
from shared.domain.school_holidays import HolidayRegion

Function = Literal["REGIONAL", "LOCAL"]
"""Whether pupils come from the whole region or from nearby (*regionale functie*)."""

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


class SiteFunctionSet(Event):
    """From a day on the site is for the region or for its own surroundings (HG-43, HG-44)."""

    TYPE: ClassVar[str] = "site-function-set.v1"

    site: str
    function: Function
    valid_from: date


class SitePlacedInPartnership(Event):
    """From a day on the site belongs to this partnership (*samenwerkingsverband*)."""

    TYPE: ClassVar[str] = "site-placed-in-partnership.v1"

    site: str
    partnership: str
    valid_from: date


class SiteHolidayRegionSet(Event):
    """From a day on the site keeps the holidays of this region."""

    TYPE: ClassVar[str] = "site-holiday-region-set.v1"

    site: str
    holiday_region: HolidayRegion
    valid_from: date


class SiteMunicipalityChanged(Event):
    """From a day on the site stands in another municipality: it moved, or the municipality merged."""

    TYPE: ClassVar[str] = "site-municipality-changed.v1"

    site: str
    municipality: str
    sub_region: str | None
    valid_from: date


class TeachersHoursRecorded(Event):
    """From a day on the teachers of the site are there so many hours in a whole school week (2C-25)."""

    TYPE: ClassVar[str] = "teachers-hours-recorded.v1"

    site: str
    hours_per_week: Hours
    valid_from: date


SiteEvent = (
    SchoolSiteAdded
    | SchoolTypeChanged
    | SchoolSiteClosed
    | SchoolRenamed
    | SiteFunctionSet
    | SitePlacedInPartnership
    | SiteHolidayRegionSet
    | SiteMunicipalityChanged
    | TeachersHoursRecorded
)

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


class SetFunction(Command):
    """Record whether the site is for the region or local, from a day on."""

    function: Function
    valid_from: Day


class PlaceInPartnership(Command):
    """Record to which partnership the site belongs, from a day on."""

    partnership: PartnershipCode
    valid_from: Day


class SetHolidayRegion(Command):
    """Record whose holidays the site keeps, from a day on."""

    holiday_region: HolidayRegion
    valid_from: Day


class ChangeMunicipality(Command):
    """Record that the site stands in another municipality of the region, from a day on."""

    municipality: MunicipalityCode
    sub_region: SubRegionCode | None = None
    valid_from: Day


class RecordTeachersHours(Command):
    """Record how many hours a week the teachers are there, from a day on."""

    hours_per_week: Hours
    valid_from: Day


Placing = SetFunction | PlaceInPartnership | SetHolidayRegion | ChangeMunicipality | RecordTeachersHours
SiteCommand = AddSite | ChangeType | CloseSite | Rename | Placing

# States


@dataclass(frozen=True, slots=True)
class Site:
    """A site through time; `municipality` and `sub_region` are the latest: whose region it is follows from them."""

    site: str
    school: str
    municipality: str
    sub_region: str | None
    names: Timeline[str]
    types: Timeline[SchoolType]
    valid_from: date
    valid_to: date | None = None
    functions: Timeline[Function] = field(default_factory=Timeline)
    partnerships: Timeline[str] = field(default_factory=Timeline)
    holiday_regions: Timeline[HolidayRegion] = field(default_factory=Timeline)
    places: Timeline[tuple[str, str | None]] = field(default_factory=Timeline)
    teachers_hours: Timeline[Decimal] = field(default_factory=Timeline)

    def place(self, day: date) -> tuple[str, str | None]:
        """The municipality and sub-region on this day; before the first day, where it began."""
        return self.places.at(day) or self.places.steps[0][1]


# Decide


def decide(
    command: SiteCommand,
    state: Site | None,
    region: Region | None,
    school: School | None,
    partnership_known: bool = False,
) -> list[SiteEvent]:
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
        case SetFunction() | PlaceInPartnership() | SetHolidayRegion() | ChangeMunicipality() | RecordTeachersHours():
            return _place(command, state, region, partnership_known)
        case _:
            assert_never(command)


def _add(command: AddSite, state: Site | None, region: Region | None, school: School | None) -> list[SiteEvent]:
    if school is None:
        raise unknown("school", "/site", "de school van deze vestiging", "the school of this site")
    _check_place(command, region)
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
        municipality=state.places.steps[0][1][0],
        sub_region=state.places.steps[0][1][1],
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


def _place(command: Placing, state: Site, region: Region | None, partnership_known: bool) -> list[SiteEvent]:
    if command.valid_from < state.valid_from:
        raise before_start()
    if isinstance(command, PlaceInPartnership) and not partnership_known:
        raise unknown("partnership", "/partnership", "dit samenwerkingsverband", "this partnership")
    if isinstance(command, ChangeMunicipality):
        _check_place(command, region)
    event = _placed(command, state.site)
    return [] if evolve(state, event) == state or _same(state, command) else [event]


def _placed(command: Placing, site: str) -> SiteEvent:
    match command:
        case SetFunction():
            return SiteFunctionSet(site=site, **command.model_dump())
        case PlaceInPartnership():
            return SitePlacedInPartnership(site=site, **command.model_dump())
        case SetHolidayRegion():
            return SiteHolidayRegionSet(site=site, **command.model_dump())
        case ChangeMunicipality():
            return SiteMunicipalityChanged(site=site, **command.model_dump())
        case RecordTeachersHours():
            return TeachersHoursRecorded(site=site, **command.model_dump())
        case _:
            assert_never(command)


def _same(state: Site, command: Placing) -> bool:
    """Whether it holds on that day already."""
    day = command.valid_from
    match command:
        case SetFunction():
            return state.functions.at(day) == command.function
        case PlaceInPartnership():
            return state.partnerships.at(day) == command.partnership
        case SetHolidayRegion():
            return state.holiday_regions.at(day) == command.holiday_region
        case ChangeMunicipality():
            return state.place(day) == (command.municipality, command.sub_region)
        case RecordTeachersHours():
            return state.teachers_hours.at(day) == command.hours_per_week
        case _:
            assert_never(command)


def _check_place(command: AddSite | ChangeMunicipality, region: Region | None) -> None:
    if region is None or command.municipality not in region.municipalities:
        raise unknown("municipality", "/municipality", "deze gemeente van uw regio", "this municipality of your region")
    if command.sub_region is not None and not region.has_sub_region(command.sub_region):
        raise unknown("region", "/subRegion", "deze subregio", "this sub-region")


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
        case SiteFunctionSet():
            return replace(state, functions=state.functions.put(event.valid_from, event.function))
        case SitePlacedInPartnership():
            return replace(state, partnerships=state.partnerships.put(event.valid_from, event.partnership))
        case SiteHolidayRegionSet():
            return replace(state, holiday_regions=state.holiday_regions.put(event.valid_from, event.holiday_region))
        case SiteMunicipalityChanged():
            places = state.places.put(event.valid_from, (event.municipality, event.sub_region))
            municipality, sub_region = places.steps[-1][1]
            return replace(state, places=places, municipality=municipality, sub_region=sub_region)
        case TeachersHoursRecorded():
            return replace(state, teachers_hours=state.teachers_hours.put(event.valid_from, event.hours_per_week))
        case SchoolSiteAdded():
            return _added(event)


def _added(event: SiteEvent) -> Site:
    assert isinstance(event, SchoolSiteAdded), "a stream of a site begins with its addition"  # noqa: S101
    names, types = Timeline(((event.valid_from, event.name),)), Timeline(((event.valid_from, event.school_type),))
    place = (event.municipality, event.sub_region)
    return Site(
        event.site,
        event.school,
        *place,
        names,
        types,
        event.valid_from,
        places=Timeline(((event.valid_from, place),)),
    )
