"""A lot in procurement (*perceel*) of a region, and whether it allows work by others than registered people (2C-35)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from services.registry.codes import Command, Day, Name
from services.registry.refusals import already, before_start
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

LotCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}-[A-Z0-9]{1,16}$")]
"""The region's code, a hyphen and the lot's own code."""

# Events


class LotDefined(Event):
    """A lot exists from a day on; `responsible_allocation` is what its description says (default: not allowed)."""

    TYPE: ClassVar[str] = "lot-defined.v1"

    lot: str
    region: str
    name: str
    responsible_allocation: bool
    valid_from: date


class ResponsibleAllocationAllowed(Event):
    """From a day on the lot allows *verantwoorde werktoedeling*, or no longer."""

    TYPE: ClassVar[str] = "responsible-allocation-allowed.v1"

    lot: str
    region: str
    allowed: bool
    valid_from: date


LotEvent = LotDefined | ResponsibleAllocationAllowed

# Commands


class DefineLot(Command):
    """Define a lot of one's own region."""

    lot: LotCode
    name: Name
    responsible_allocation: bool = False
    valid_from: Day


class AllowResponsibleAllocation(Command):
    """Allow it from a day on, or no longer."""

    allowed: bool
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot, with what it allows through time."""

    lot: str
    region: str
    name: str
    allowed: Timeline[bool]
    valid_from: date


# Decide


def decide(command: DefineLot | AllowResponsibleAllocation, state: Lot | None, region: str) -> list[LotEvent]:
    """Define once; allow when it differs on that day. `region` is the administrator's, and the code's beginning."""
    match command:
        case DefineLot():
            event = LotDefined(region=region, **command.model_dump())
            if state is None:
                return [event]
            if (state.name, state.valid_from) == (command.name, command.valid_from):
                return []
            raise already("/lot", "dit perceel staat er anders in", "this lot is recorded otherwise")
        case AllowResponsibleAllocation():
            if state is None:
                raise nowhere()
            if command.valid_from < state.valid_from:
                raise before_start()
            same = state.allowed.at(command.valid_from) is command.allowed
            told = command.model_dump()
            return [] if same else [ResponsibleAllocationAllowed(lot=state.lot, region=state.region, **told)]


# Evolve


def evolve(state: Lot | None, event: LotEvent) -> Lot:
    """The lot with what it allows through time."""
    if isinstance(event, LotDefined):
        allowed = Timeline(((event.valid_from, event.responsible_allocation),))
        return Lot(event.lot, event.region, event.name, allowed, event.valid_from)
    assert state is not None, "a stream of a lot begins with its definition"  # noqa: S101
    return replace(state, allowed=state.allowed.put(event.valid_from, event.allowed))
