"""A municipality takes part in a programme (*deelnemende gemeente*), in periods."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from services.registry.codes import Command, Day, MunicipalityCode
from services.registry.refusals import overlaps, reversed_period
from services.registry.timeline import Span
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse

# Events


class MunicipalityJoinedProgramme(Event):
    """A municipality takes part from a day on; `assumed` when the source does not say so itself."""

    TYPE: ClassVar[str] = "municipality-joined-programme.v1"

    programme: str
    municipality: str
    assumed: bool
    valid_from: date


class MunicipalityLeftProgramme(Event):
    """A municipality takes part no longer; `valid_to` is its last day."""

    TYPE: ClassVar[str] = "municipality-left-programme.v1"

    programme: str
    municipality: str
    valid_to: date


MunicipalityParticipationEvent = MunicipalityJoinedProgramme | MunicipalityLeftProgramme

# Commands


class JoinMunicipality(Command):
    """Let a municipality take part, from a day on."""

    municipality: MunicipalityCode
    assumed: bool = False
    valid_from: Day


class Leave(Command):
    """End the participation after its last day."""

    valid_to: Day


# States


@dataclass(frozen=True, slots=True)
class MunicipalityParticipation:
    """The periods in which a municipality takes part; only the last can be open."""

    programme: str
    municipality: str
    assumed: bool
    spans: tuple[Span, ...]

    @property
    def valid_from(self) -> date:
        """The first day of the latest period."""
        return self.spans[-1].start

    @property
    def valid_to(self) -> date | None:
        """The last day of the latest period."""
        return self.spans[-1].end


# Decide


def decide(
    command: JoinMunicipality | Leave, state: MunicipalityParticipation | None, programme: str
) -> list[MunicipalityParticipationEvent]:
    """Join when no period overlaps, leave when one is open."""
    match command:
        case JoinMunicipality():
            return _join(command, state, programme)
        case Leave():
            return _leave(command, state)


def _join(
    command: JoinMunicipality, state: MunicipalityParticipation | None, programme: str
) -> list[MunicipalityParticipationEvent]:
    asked = Span(command.valid_from)
    for span in state.spans if state else ():
        if span.start == asked.start:
            return []
        if span.overlaps(asked):
            raise overlaps("/validFrom", asked, span)
    return [
        MunicipalityJoinedProgramme(
            programme=programme,
            municipality=command.municipality,
            assumed=command.assumed,
            valid_from=command.valid_from,
        )
    ]


def _leave(command: Leave, state: MunicipalityParticipation | None) -> list[MunicipalityParticipationEvent]:
    if state is None:
        raise nowhere()
    if state.valid_to is not None and state.valid_to != command.valid_to:
        raise refuse("already-left", "/validTo", "de deelname is al beëindigd", "the participation has ended already")
    if command.valid_to < state.valid_from:
        raise reversed_period()
    left = MunicipalityLeftProgramme(
        programme=state.programme, municipality=state.municipality, valid_to=command.valid_to
    )
    return [] if state.valid_to == command.valid_to else [left]


# Evolve


def evolve(state: MunicipalityParticipation | None, event: MunicipalityParticipationEvent) -> MunicipalityParticipation:
    """The periods, each with its end."""
    match event:
        case MunicipalityJoinedProgramme():
            spans = (*(state.spans if state else ()), Span(event.valid_from))
            return MunicipalityParticipation(event.programme, event.municipality, event.assumed, spans)
        case MunicipalityLeftProgramme():
            assert state is not None, "who leaves has joined"  # noqa: S101
            return replace(state, spans=(*state.spans[:-1], Span(state.valid_from, event.valid_to)))
