"""Schools become other schools (*fusie, splitsing, omnummering*): planned, confirmed, or taken back while planned.

The sources stay what they were: their codes stay searchable, and figures of the past stay theirs (`AS_WAS`). Where
there is one target, figures as of today (`AS_TODAY`) count the sources with it. A split has no single target: as of
today its source still stands by itself.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, assert_never

from pydantic import Field

from services.registry.codes import AssignmentId, Command, Day, SiteCode
from services.registry.refusals import already
from shared.domain.events import Event
from shared.domain.findings import Finding, Refused, Severity, nowhere, refuse
from shared.domain.texts import Text


class TransitionKind(StrEnum):
    """Several into one, one into several, or another code for the same."""

    MERGER = "MERGER"
    SPLIT = "SPLIT"
    RENUMBERING = "RENUMBERING"


# Events


class SchoolTransitionPlanned(Event):
    """From a day on the sources will go on as the targets."""

    TYPE: ClassVar[str] = "school-transition-planned.v1"

    transition: str
    kind: TransitionKind
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    valid_from: date


class SchoolTransitionConfirmed(Event):
    """It is so; `successors` says of each source as what it goes on, where that is one site."""

    TYPE: ClassVar[str] = "school-transition-confirmed.v1"

    transition: str
    kind: TransitionKind
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    successors: tuple["Successor", ...]
    valid_from: date


class Successor(Command):
    """As what a site goes on."""

    site: str
    successor: str


class SchoolTransitionWithdrawn(Event):
    """The plan is off."""

    TYPE: ClassVar[str] = "school-transition-withdrawn.v1"

    transition: str


TransitionEvent = SchoolTransitionPlanned | SchoolTransitionConfirmed | SchoolTransitionWithdrawn

# Commands

Sites = Annotated[list[SiteCode], Field(min_length=1, max_length=20)]


class PlanTransition(Command):
    """Announce a transition; `transition` is the client's own id, or it gets one."""

    transition: AssignmentId | None = None
    kind: TransitionKind
    sources: Sites
    targets: Sites
    valid_from: Day


class ConfirmTransition(Command):
    """Confirm that it is so."""


class WithdrawTransition(Command):
    """Take back what was only planned."""


TransitionCommand = PlanTransition | ConfirmTransition | WithdrawTransition

# States


class TransitionState(StrEnum):
    """How it stands."""

    PLANNED = "PLANNED"
    CONFIRMED = "CONFIRMED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition as it stands."""

    transition: str
    kind: TransitionKind
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    valid_from: date
    state: TransitionState = TransitionState.PLANNED


# Decide


def decide(
    command: TransitionCommand, state: Transition | None, known: frozenset[str], transition: str
) -> list[TransitionEvent]:
    """Plan under the id `transition`, confirm or withdraw; `known` are the sites of the caller's region."""
    if isinstance(command, PlanTransition):
        return _plan(command, state, known, transition)
    if state is None or not known.issuperset((*state.sources, *state.targets)):
        raise nowhere()
    match command:
        case ConfirmTransition():
            if state.state is TransitionState.WITHDRAWN:
                raise refuse("transition-withdrawn", "", "het plan is ingetrokken", "the plan was withdrawn")
            return [] if state.state is TransitionState.CONFIRMED else [_confirmed(state)]
        case WithdrawTransition():
            if state.state is TransitionState.CONFIRMED:
                nl, en = (
                    "wat bevestigd is blijft: leg een nieuwe overgang vast",
                    "what is confirmed stays: plan another",
                )
                raise refuse("transition-confirmed", "", nl, en)
            withdrawn = state.state is TransitionState.WITHDRAWN
            return [] if withdrawn else [SchoolTransitionWithdrawn(transition=state.transition)]
        case _:
            assert_never(command)


def _plan(
    command: PlanTransition, state: Transition | None, known: frozenset[str], transition: str
) -> list[TransitionEvent]:
    wrong = [
        _unknown(f"/{name}/{index}")
        for name, sites in (("sources", command.sources), ("targets", command.targets))
        for index, site in enumerate(sites)
        if site not in known
    ]
    if wrong:
        raise Refused(*wrong, kind="invalid")
    _check_shape(command)
    told = {"sources": tuple(sorted(set(command.sources))), "targets": tuple(sorted(set(command.targets)))}
    event = SchoolTransitionPlanned(**{**command.model_dump(), **told, "transition": transition})
    if state is None:
        return [event]
    if replace(state, state=TransitionState.PLANNED) == evolve(None, event):
        return []
    raise already("/transition", "deze overgang staat er anders in", "this transition is recorded otherwise")


def _unknown(pointer: str) -> Finding:
    text = Text("deze vestiging is niet geregistreerd", "this site is not registered")
    hint = Text("leg haar eerst vast met POST /sites", "record it first with POST /sites")
    return Finding("no-such-site", Severity.BLOCK, pointer, text, hint)


def _check_shape(command: PlanTransition) -> None:
    """A merger has several sources (the target may be one of them), a split several targets, a new number one each."""
    sources, targets = len(set(command.sources)), len(set(command.targets))
    fits = {
        TransitionKind.MERGER: sources >= 2 and targets == 1,
        TransitionKind.SPLIT: sources == 1 and targets >= 2,
        TransitionKind.RENUMBERING: sources == targets == 1 and command.sources != command.targets,
    }
    if not fits[command.kind]:
        nl = "fusie: meer bronnen, één doel; splitsing: één bron, meer doelen; omnummering: één en één, verschillend"
        en = "merger: several sources, one target; split: one source, several targets; renumbering: one and another one"
        raise refuse("transition-shape", "/targets", nl, en, None, "invalid")


def _confirmed(state: Transition) -> SchoolTransitionConfirmed:
    one = state.targets[0] if len(state.targets) == 1 else None
    successors = tuple(Successor(site=site, successor=one) for site in state.sources if one and site != one)
    return SchoolTransitionConfirmed(
        transition=state.transition,
        kind=state.kind,
        sources=state.sources,
        targets=state.targets,
        successors=successors,
        valid_from=state.valid_from,
    )


# Evolve


def evolve(state: Transition | None, event: TransitionEvent) -> Transition:
    """The transition as it stands."""
    if isinstance(event, SchoolTransitionPlanned):
        return Transition(event.transition, event.kind, event.sources, event.targets, event.valid_from)
    assert state is not None, "a stream of a transition begins with its plan"  # noqa: S101
    match event:
        case SchoolTransitionConfirmed():
            return replace(state, state=TransitionState.CONFIRMED)
        case SchoolTransitionWithdrawn():
            return replace(state, state=TransitionState.WITHDRAWN)
