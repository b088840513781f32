"""The development questions (*ontwikkelvragen*) that a school works on with youth help (ALK-18).

How many there are and how each stands. The text stays where it was written: a reference and a hash may point to it.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, assert_never

from pydantic import Field

from services.registry.at_school import AtSchool
from services.registry.codes import Command, Day, DocumentHash, DocumentReference, ProgrammeCode, SiteReference
from shared.domain.events import Event
from shared.domain.findings import nowhere, refuse


class QuestionState(StrEnum):
    """How a question stands."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    DROPPED = "DROPPED"


# Events


class DevelopmentQuestionFormulated(Event):
    """School and youth help formulated a question, the n-th of this school."""

    TYPE: ClassVar[str] = "development-question-formulated.v1"

    programme: str
    site: str
    number: int
    document: str | None
    document_hash: str | None
    valid_from: date


class DevelopmentQuestionStateChanged(Event):
    """A question stands otherwise from a day on."""

    TYPE: ClassVar[str] = "development-question-state-changed.v1"

    programme: str
    site: str
    number: int
    state: QuestionState
    valid_from: date


DevelopmentQuestionEvent = DevelopmentQuestionFormulated | DevelopmentQuestionStateChanged

# Commands

Number = Annotated[int, Field(ge=1, le=99)]


class FormulateQuestion(Command):
    """Record the n-th question of a school."""

    programme: ProgrammeCode
    site: SiteReference
    number: Number
    document: DocumentReference | None = None
    document_hash: DocumentHash | None = None
    valid_from: Day


class ChangeQuestionState(Command):
    """Record how a question stands from a day on."""

    number: Number
    state: QuestionState
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its states by the day from which each holds."""

    number: int
    document: str | None
    document_hash: str | None
    valid_from: date
    states: tuple[tuple[date, QuestionState], ...]

    def on(self, day: date) -> QuestionState | None:
        """How it stands on this day; None before it was formulated."""
        held = [state for start, state in self.states if start <= day]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class DevelopmentQuestions:
    """The questions of one school in one programme, by number."""

    programme: str
    site: str
    questions: tuple[Question, ...]

    @property
    def valid_from(self) -> date:
        """The first day of the first question."""
        return min(question.valid_from for question in self.questions)

    def open(self, day: date) -> int:
        """How many are open on this day (R-PLAN: at least one per pilot school)."""
        return sum(question.on(day) is QuestionState.OPEN for question in self.questions)


# Decide


def decide(
    command: FormulateQuestion | ChangeQuestionState, state: DevelopmentQuestions | None, known: AtSchool
) -> list[DevelopmentQuestionEvent]:
    """Formulate a number once, change how it stands."""
    match command:
        case FormulateQuestion():
            known.check(command.valid_from)
            event = DevelopmentQuestionFormulated(**command.model_dump())
            found = _numbered(state, command.number)
            if found is None:
                return [event]
            if evolve(state, event) == state:
                return []
            nl, en = "deze ontwikkelvraag staat er anders in", "this question is recorded otherwise"
            raise refuse("already-registered", "/number", nl, en)
        case ChangeQuestionState():
            question = _numbered(state, command.number)
            if state is None or question is None or known.programme is None:
                raise nowhere()
            if command.valid_from < question.valid_from:
                nl, en = "de vraag is dan nog niet geformuleerd", "the question is not formulated by then"
                raise refuse("before-start", "/validFrom", nl, en, None, "invalid")
            if question.on(command.valid_from) is command.state:
                return []
            told = {"programme": state.programme, "site": state.site, **command.model_dump()}
            return [DevelopmentQuestionStateChanged(**told)]
        case _:
            assert_never(command)


def _numbered(state: DevelopmentQuestions | None, number: int) -> Question | None:
    return next((one for one in state.questions if one.number == number), None) if state else None


# Evolve


def evolve(state: DevelopmentQuestions | None, event: DevelopmentQuestionEvent) -> DevelopmentQuestions:
    """The questions with their states through time."""
    before = state or DevelopmentQuestions(event.programme, event.site, ())
    match event:
        case DevelopmentQuestionFormulated():
            old = _numbered(before, event.number)
            states = old.states if old else ((event.valid_from, QuestionState.OPEN),)
            one = Question(event.number, event.document, event.document_hash, event.valid_from, states)
            return replace(before, questions=_with(before, one))
        case DevelopmentQuestionStateChanged():
            one = next(question for question in before.questions if question.number == event.number)
            others = [step for step in one.states if step[0] != event.valid_from]
            states = tuple(sorted([*others, (event.valid_from, event.state)], key=lambda step: step[0]))
            return replace(before, questions=_with(before, replace(one, states=states)))


def _with(state: DevelopmentQuestions, question: Question) -> tuple[Question, ...]:
    others = [one for one in state.questions if one.number != question.number]
    return tuple(sorted([*others, question], key=lambda one: one.number))
