"""Which provider a school has chosen in a programme (HR-07, INV-12).

Where the programme takes `R-ONE-PROVIDER` as `BLOCK` (judged beside it, `rules.CHOOSING`), two choices never share a
day. A choice that shares no day with another also claims its days in the log (`provider-of-school`), so that this holds
whatever the code thinks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from services.registry.codes import Command, Day, ProviderCode
from services.registry.refusals import not_participating, overlaps, reversed_period, unknown
from services.registry.timeline import ONE_DAY, Span
from shared.domain.events import Event
from shared.domain.findings import refuse
from shared.domain.texts import Text

# Events


class ProviderChosenForSchool(Event):
    """A school chose a provider for a period; `assumed` when the source does not say so itself (OQ-19)."""

    TYPE: ClassVar[str] = "provider-chosen-for-school.v1"

    programme: str
    site: str
    provider: str
    assumed: bool
    chosen_by: Literal["SCHOOL"]
    valid_from: date
    valid_to: date | None


class ProviderOfSchoolChanged(Event):
    """A school chose another provider; the previous choice ends the day before, not on `previous_valid_to`."""

    TYPE: ClassVar[str] = "provider-of-school-changed.v1"

    programme: str
    site: str
    provider: str
    assumed: bool
    chosen_by: Literal["SCHOOL"]
    valid_from: date
    valid_to: date | None
    previous_provider: str
    previous_valid_to: date | None = None


ProviderChoiceEvent = ProviderChosenForSchool | ProviderOfSchoolChanged

# Commands


class ChooseProvider(Command):
    """Record the school's choice, for a period."""

    provider: ProviderCode
    assumed: bool = False
    valid_from: Day
    valid_to: Day | None = None


class ChangeProvider(ChooseProvider):
    """Record that the school chose another provider from a day on; the present choice ends the day before."""


# States


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice; `claimed` when its days are claimed in the log."""

    provider: str
    span: Span
    assumed: bool
    claimed: bool


@dataclass(frozen=True, slots=True)
class ProviderChoices:
    """Every choice of one site in one programme, in order of their first days."""

    programme: str
    site: str
    choices: tuple[Choice, ...]

    def on(self, day: date) -> tuple[Choice, ...]:
        """The choices that hold on this day."""
        return tuple(choice for choice in self.choices if choice.span.holds(day))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a choice is decided by: whether the site takes part on the first day, and who is asked for."""

    programme: str
    site: str
    participates: bool
    provider_known: bool


# Decide


def decide(command: ChooseProvider, state: ProviderChoices | None, known: Circumstances) -> list[ProviderChoiceEvent]:
    """Choose where nothing stands in the way; change where something does."""
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise reversed_period()
    if not known.provider_known:
        raise unknown("provider", "/provider", "deze aanbieder", "this provider")
    if not known.participates:
        raise not_participating("/validFrom")
    choices = state.choices if state else ()
    asked = Span(command.valid_from, command.valid_to)
    if any((one.provider, one.span) == (command.provider, asked) for one in choices):
        return []
    if isinstance(command, ChangeProvider):
        return _change(command, choices, known)
    return _choose(command, choices, known)


def _choose(command: ChooseProvider, choices: tuple[Choice, ...], known: Circumstances) -> list[ProviderChoiceEvent]:
    asked = Span(command.valid_from, command.valid_to)
    for held in choices:
        if not held.span.overlaps(asked):
            continue
        if held.provider == command.provider:
            raise overlaps("/validFrom", asked, held.span)
    return [ProviderChosenForSchool.model_validate(_content(command, known))]


def _change(command: ChangeProvider, choices: tuple[Choice, ...], known: Circumstances) -> list[ProviderChoiceEvent]:
    asked = Span(command.valid_from, command.valid_to)
    present = [held for held in choices if held.span.holds(command.valid_from)]
    if not present:
        raise refuse(
            "no-provider-chosen",
            "/validFrom",
            "op die dag is er geen gekozen aanbieder",
            "no provider is chosen on that day",
            Text("leg een keuze vast met POST .../provider-choices", "record a choice with POST .../provider-choices"),
        )
    if present[0].provider == command.provider:
        raise overlaps("/provider", asked, present[0].span)
    previous = {"previous_provider": present[0].provider, "previous_valid_to": present[0].span.end}
    return [ProviderOfSchoolChanged.model_validate({**_content(command, known), **previous})]


def _content(command: ChooseProvider, known: Circumstances) -> dict[str, object]:
    return {
        "programme": known.programme,
        "site": known.site,
        "provider": command.provider,
        "assumed": command.assumed,
        "chosen_by": "SCHOOL",
        "valid_from": command.valid_from,
        "valid_to": command.valid_to,
    }


# Evolve


def evolve(state: ProviderChoices | None, event: ProviderChoiceEvent) -> ProviderChoices:
    """The choices; a change ends the previous one the day before, or takes its place when it began on that day."""
    before = state.choices if state else ()
    if isinstance(event, ProviderOfSchoolChanged):
        before = _ended(before, event.previous_provider, event.valid_from)
    span = Span(event.valid_from, event.valid_to)
    alone = not any(choice.span.overlaps(span) for choice in before)
    choices = (*before, Choice(event.provider, span, event.assumed, alone))
    by_start: Callable[[Choice], date] = lambda choice: choice.span.start  # noqa: E731
    return ProviderChoices(event.programme, event.site, tuple(sorted(choices, key=by_start)))


def _ended(choices: tuple[Choice, ...], provider: str, day: date) -> tuple[Choice, ...]:
    return tuple(
        Choice(one.provider, Span(one.span.start, day - ONE_DAY), one.assumed, one.claimed)
        if one.provider == provider and one.span.holds(day)
        else one
        for one in choices
        if not (one.provider == provider and one.span.start == day)
    )
