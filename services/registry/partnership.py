"""A partnership of school boards (*samenwerkingsverband*), by its number: `PO` or `VO` and four digits."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from services.registry.codes import Command, Day, Name
from services.registry.refusals import already, before_start
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

PartnershipCode = Annotated[str, StringConstraints(pattern=r"^(PO|VO)[0-9]{4}$")]
Sector = Literal["PO", "VO"]
"""Primary (*primair*) or secondary (*voortgezet*) education; it is the beginning of the code."""

# Events


class PartnershipRegistered(Event):
    """A partnership became known."""

    TYPE: ClassVar[str] = "partnership-registered.v1"

    partnership: str
    name: str
    sector: Sector
    valid_from: date


class PartnershipRenamed(Event):
    """A partnership has another name from a day on."""

    TYPE: ClassVar[str] = "partnership-renamed.v1"

    partnership: str
    name: str
    valid_from: date


PartnershipEvent = PartnershipRegistered | PartnershipRenamed

# Commands


class RegisterPartnership(Command):
    """Make a partnership known, from a day on."""

    partnership: PartnershipCode
    name: Name
    valid_from: Day


class RenamePartnership(Command):
    """Give it another name, from a day on."""

    name: Name
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Partnership:
    """A known partnership with its names through time."""

    partnership: str
    sector: Sector
    names: Timeline[str]
    valid_from: date


# Decide


def decide(command: RegisterPartnership | RenamePartnership, state: Partnership | None) -> list[PartnershipEvent]:
    """Register once; rename when the name differs on that day."""
    match command:
        case RegisterPartnership():
            sector: Sector = "PO" if command.partnership.startswith("PO") else "VO"
            if state is None:
                return [PartnershipRegistered(sector=sector, **command.model_dump())]
            if (state.valid_from, state.names.at(state.valid_from)) == (command.valid_from, command.name):
                return []
            nl, en = "dit samenwerkingsverband staat er anders in", "this partnership is recorded otherwise"
            raise already("/partnership", nl, en)
        case RenamePartnership():
            if state is None:
                raise nowhere()
            if command.valid_from < state.valid_from:
                raise before_start()
            same = state.names.at(command.valid_from) == command.name
            return [] if same else [PartnershipRenamed(partnership=state.partnership, **command.model_dump())]


# Evolve


def evolve(state: Partnership | None, event: PartnershipEvent) -> Partnership:
    """The partnership with its names through time."""
    if isinstance(event, PartnershipRegistered):
        names = Timeline(((event.valid_from, event.name),))
        return Partnership(event.partnership, event.sector, names, event.valid_from)
    assert state is not None, "a stream of a partnership begins with its registration"  # noqa: S101
    return Partnership(state.partnership, state.sector, state.names.put(event.valid_from, event.name), state.valid_from)
