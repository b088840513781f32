"""A school takes part in a programme (*deelname*), site by site, in periods."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar

from services.registry.codes import Command, Day, Level, ProgrammeCode, SchoolType, SiteReference
from services.registry.municipality_participation import Leave
from services.registry.programme import Applied
from services.registry.refusals import not_participating, overlaps, reversed_period, unknown
from services.registry.site import Site
from services.registry.timeline import Span, Timeline
from shared.domain.events import Event
from shared.domain.findings import Refused, nowhere, refuse
from shared.domain.texts import Text

# Events


class SchoolJoinedProgramme(Event):
    """A site takes part from a day on; type and municipality are those of that day."""

    TYPE: ClassVar[str] = "school-joined-programme.v1"

    programme: str
    site: str
    municipality: str
    school_type: SchoolType
    level: Level | None
    valid_from: date


class SchoolLeftProgramme(Event):
    """A site takes part no longer; type and municipality repeat those of its joining, `valid_to` is the last day."""

    TYPE: ClassVar[str] = "school-left-programme.v1"

    programme: str
    site: str
    municipality: str
    school_type: SchoolType
    valid_to: date


class SchoolParticipationLevelSet(Event):
    """From a day on a site takes part at this level (ALK-15)."""

    TYPE: ClassVar[str] = "school-participation-level-set.v1"

    programme: str
    site: str
    level: Level
    valid_from: date


ParticipationEvent = SchoolJoinedProgramme | SchoolLeftProgramme | SchoolParticipationLevelSet

# Commands


class JoinProgramme(Command):
    """Let a site take part, from a day on; `level` where the programme makes the difference."""

    programme: ProgrammeCode
    site: SiteReference
    level: Level | None = None
    valid_from: Day


class SetLevel(Command):
    """Let a site take part at another level, from a day on."""

    level: Level
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Participation:
    """The periods in which a site takes part; only the last can be open."""

    programme: str
    site: str
    municipality: str
    school_type: SchoolType
    level: Level | None
    spans: tuple[Span, ...]
    levels: Timeline[Level | None] = field(default_factory=Timeline)

    @property
    def valid_from(self) -> date:
        """The first day of the latest period."""
        return self.spans[-1].start

    @property
    def valid_to(self) -> date | None:
        """The last day of the latest period."""
        return self.spans[-1].end

    def holds(self, day: date) -> bool:
        """Whether the site takes part on this day."""
        return any(span.holds(day) for span in self.spans)


# Decide


def set_level(command: SetLevel, state: Participation | None) -> list[ParticipationEvent]:
    """Set it on a day on which the site takes part, when it differs."""
    if state is None:
        raise nowhere()
    if not state.holds(command.valid_from):
        raise not_participating("/validFrom")
    if state.levels.at(command.valid_from) == command.level:
        return []
    ids = {"programme": state.programme, "site": state.site}
    return [SchoolParticipationLevelSet(**{**ids, **command.model_dump()})]


def join(
    command: JoinProgramme, state: Participation | None, programme: Applied | None, site: Site | None
) -> list[ParticipationEvent]:
    """Join when programme and site exist (for this caller), the type is allowed and no period overlaps."""
    if programme is None:
        raise unknown("programme", "/programme", "dit programma", "this programme")
    if site is None:
        raise unknown("site", "/site", "deze vestiging", "this site")
    asked = Span(command.valid_from)
    for span in state.spans if state else ():
        if span.start == asked.start:
            return []
        if span.overlaps(asked):
            raise overlaps("/validFrom", asked, span)
    school_type = _admitted(command, programme, site)
    joined = SchoolJoinedProgramme(
        programme=command.programme,
        site=command.site,
        municipality=site.municipality,
        school_type=school_type,
        level=command.level,
        valid_from=command.valid_from,
    )
    return [joined]


def leave(command: Leave, state: Participation | None) -> list[ParticipationEvent]:
    """Leave when a period is open."""
    if state is None:
        raise nowhere()
    if state.valid_to == command.valid_to:
        return []
    if state.valid_to is not None:
        raise refuse("already-left", "/validTo", "de deelname is al beëindigd", "the participation has ended already")
    if command.valid_to < state.valid_from:
        raise reversed_period()
    left = SchoolLeftProgramme(
        programme=state.programme,
        site=state.site,
        municipality=state.municipality,
        school_type=state.school_type,
        valid_to=command.valid_to,
    )
    return [left]


def _admitted(command: JoinProgramme, programme: Applied, site: Site) -> SchoolType:
    """The site's type on the day, when site and programme exist then and the programme takes that type (HR-04)."""
    day = command.valid_from
    if day < programme.valid_from:
        raise _too_early(programme)
    school_type = site.types.at(day)
    if school_type is None or not Span(site.valid_from, site.valid_to).holds(day):
        raise refuse(
            "site-closed", "/validFrom", "de vestiging bestaat niet op die dag", "the site does not exist then"
        )
    allowed = programme.configuration(day).school_types
    if allowed is not None and school_type not in allowed:
        raise refuse(
            "school-type",
            "/site",
            "het programma staat deze schoolsoort niet toe",
            "the programme does not take this type of school",
            Text(f"toegestaan: {', '.join(allowed)}", f"allowed: {', '.join(allowed)}"),
        )
    return school_type


def _too_early(programme: Applied) -> Refused:
    return refuse(
        "before-programme",
        "/validFrom",
        f"het programma begint op {programme.valid_from}",
        f"the programme begins on {programme.valid_from}",
    )


# Evolve


def evolve(state: Participation | None, event: ParticipationEvent) -> Participation:
    """The periods, each with its end."""
    match event:
        case SchoolJoinedProgramme():
            spans = (*(state.spans if state else ()), Span(event.valid_from))
            levels = (state.levels if state else Timeline[Level | None]()).put(event.valid_from, event.level)
            ids = (event.programme, event.site, event.municipality, event.school_type)
            return Participation(*ids, levels.steps[-1][1], spans, levels)
        case SchoolParticipationLevelSet():
            assert state is not None, "who has a level has joined"  # noqa: S101
            levels = state.levels.put(event.valid_from, event.level)
            return replace(state, level=levels.steps[-1][1], levels=levels)
        case SchoolLeftProgramme():
            assert state is not None, "who leaves has joined"  # noqa: S101
            return replace(state, spans=(*state.spans[:-1], Span(state.valid_from, event.valid_to)))
