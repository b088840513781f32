"""A youth-help region (*jeugdhulpregio*) with its sub-regions and member municipalities.

A municipality belongs to one region on a day: what an administrator may change follows from it. So each definition
claims its municipalities (`municipality-region`).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from services.registry.codes import Command, Day, MunicipalityCode, Name, RegionCode, SubRegionCode
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import Finding, Refused, Severity
from shared.domain.texts import Text

# Events


class SubRegion(Command):
    """A part of a region (*subregio*)."""

    code: SubRegionCode
    name: Name


class RegionDefined(Event):
    """A region was defined, or defined anew from a day on."""

    TYPE: ClassVar[str] = "region-defined.v1"

    region: str
    name: str
    sub_regions: tuple[SubRegion, ...]
    municipalities: tuple[str, ...]
    valid_from: date


# Commands


class DefineRegion(Command):
    """Define a region, with everything that belongs to it from that day on."""

    region: RegionCode
    name: Name
    sub_regions: Annotated[list[SubRegion], Field(max_length=50)]
    municipalities: Annotated[list[MunicipalityCode], Field(max_length=500)]
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Region:
    """A region as it was last defined, and through time; `since` says from which day each municipality is claimed."""

    region: str
    sub_regions: tuple[SubRegion, ...]
    municipalities: tuple[str, ...]
    since: tuple[tuple[str, date], ...]
    definitions: Timeline[RegionDefined]

    def on(self, day: date) -> "Region":
        """As it is defined on this day; before the first definition, as it was first defined."""
        defined = self.definitions.at(day) or self.definitions.steps[0][1]
        return replace(self, sub_regions=defined.sub_regions, municipalities=defined.municipalities)

    def has_sub_region(self, code: str) -> bool:
        """Whether the sub-region is one of its own."""
        return any(sub.code == code for sub in self.sub_regions)


# Decide


def decide(command: DefineRegion, state: Region | None, registered: Collection[str]) -> list[RegionDefined]:
    """Define it when something differs; every municipality must be registered, once."""
    wrong = [*_municipalities(command, registered), *_sub_regions(command)]
    if wrong:
        raise Refused(*wrong, kind="invalid")
    event = RegionDefined(
        region=command.region,
        name=command.name,
        sub_regions=tuple(command.sub_regions),
        municipalities=tuple(sorted(command.municipalities)),
        valid_from=command.valid_from,
    )
    same = state is not None and state.definitions.at(command.valid_from) == event
    return [] if same else [event]


def _municipalities(command: DefineRegion, registered: Collection[str]) -> list[Finding]:
    found = []
    for index, code in enumerate(command.municipalities):
        pointer = f"/municipalities/{index}"
        if code not in registered:
            text = Text("deze gemeente is niet geregistreerd", "this municipality is not registered")
            hint = Text("leg haar eerst vast met POST /municipalities", "record it first with POST /municipalities")
            found.append(Finding("no-such-municipality", Severity.BLOCK, pointer, text, hint))
        elif code in command.municipalities[:index]:
            text = Text("deze gemeente staat er twee keer", "this municipality is named twice")
            found.append(Finding("named-twice", Severity.BLOCK, pointer, text))
    return found


def _sub_regions(command: DefineRegion) -> list[Finding]:
    codes = [sub.code for sub in command.sub_regions]
    text = Text("deze subregio staat er twee keer", "this sub-region is named twice")
    return [
        Finding("named-twice", Severity.BLOCK, f"/subRegions/{index}/code", text)
        for index, code in enumerate(codes)
        if code in codes[:index]
    ]


# Evolve


def evolve(state: Region | None, event: RegionDefined) -> Region:
    """The region as it is now defined."""
    before = dict(state.since) if state else {}
    since = tuple((code, before.get(code, event.valid_from)) for code in event.municipalities)
    definitions = (state.definitions if state else Timeline[RegionDefined]()).put(event.valid_from, event)
    return Region(event.region, event.sub_regions, event.municipalities, since, definitions)
