"""A worker is introduced to a school (*kennismakingsgesprek*), before the first day of an assignment (HG-29)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, assert_never

from services.registry.at_school import AtSchool
from services.registry.codes import Command, Day, ProgrammeCode, ProviderCode, SiteReference, StaffKey
from shared.domain.events import Event
from shared.domain.findings import nowhere

# Events


class IntroductionMeetingHeld(Event):
    """School and worker met on this day."""

    TYPE: ClassVar[str] = "introduction-meeting-held.v1"

    programme: str
    site: str
    provider: str
    staff: str
    held_on: date


class IntroductionMeetingWithdrawn(Event):
    """The meeting of this day was recorded by mistake."""

    TYPE: ClassVar[str] = "introduction-meeting-withdrawn.v1"

    programme: str
    site: str
    provider: str
    staff: str
    held_on: date


IntroductionEvent = IntroductionMeetingHeld | IntroductionMeetingWithdrawn

# Commands


class RecordIntroduction(Command):
    """Record a meeting."""

    programme: ProgrammeCode
    site: SiteReference
    provider: ProviderCode
    staff: StaffKey
    held_on: Day


class WithdrawIntroduction(Command):
    """Take back a meeting that was not held."""

    held_on: Day


# States


@dataclass(frozen=True, slots=True)
class Introduction:
    """The meetings of one worker with one school, by day."""

    programme: str
    site: str
    provider: str
    staff: str
    days: tuple[date, ...]

    def by(self, day: date) -> bool:
        """Whether a meeting was held on or before this day (INV-10)."""
        return any(held <= day for held in self.days)


# Decide


def decide(
    command: RecordIntroduction | WithdrawIntroduction, state: Introduction | None, known: AtSchool
) -> list[IntroductionEvent]:
    """Record a day once; a meeting may precede the participation, not the programme's knowledge of the school."""
    match command:
        case RecordIntroduction():
            known.check_worker(_first_day(command.held_on, known), "/heldOn")
            recorded = state is not None and command.held_on in state.days
            return [] if recorded else [IntroductionMeetingHeld(**command.model_dump())]
        case WithdrawIntroduction():
            if state is None or known.programme is None:
                raise nowhere()
            if command.held_on not in state.days:
                return []
            return [
                IntroductionMeetingWithdrawn(
                    programme=state.programme,
                    site=state.site,
                    provider=state.provider,
                    staff=state.staff,
                    held_on=command.held_on,
                )
            ]
        case _:
            assert_never(command)


def _first_day(day: date, known: AtSchool) -> date:
    """People meet before a school begins: such a meeting is held against the school's first day."""
    return max(day, known.participation.spans[0].start) if known.participation else day


# Evolve


def evolve(state: Introduction | None, event: IntroductionEvent) -> Introduction:
    """The days of the meetings, in order."""
    before = state or Introduction(event.programme, event.site, event.provider, event.staff, ())
    match event:
        case IntroductionMeetingHeld():
            return replace(before, days=tuple(sorted({*before.days, event.held_on})))
        case IntroductionMeetingWithdrawn():
            return replace(before, days=tuple(day for day in before.days if day != event.held_on))
