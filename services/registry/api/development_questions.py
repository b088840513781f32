"""Development questions (*ontwikkelvragen*): how many, and how each stands; the text stays where it was written."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import PLAN_WRITER, Act, Done
from services.registry.api.at_school import rests_on, within
from services.registry.api.hints import whole_site
from services.registry.codes import ProgrammeCode, SiteReference
from services.registry.development_question import (
    ChangeQuestionState,
    DevelopmentQuestions,
    FormulateQuestion,
    QuestionState,
    decide,
)
from services.registry.kept import DEVELOPMENT_QUESTIONS
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["development-questions"])


class QuestionView(Shown):
    """A question and how it stands on the day."""

    number: int
    state: QuestionState
    document: str | None
    document_hash: str | None


class DevelopmentQuestionsView(Shown):
    """The questions of a school that were formulated by the day, and how many of them are open."""

    programme: str
    site: str
    open: int
    questions: list[QuestionView]


def view(state: DevelopmentQuestions, on: date) -> DevelopmentQuestionsView:
    """The questions."""
    shown = [
        QuestionView(
            number=one.number,
            state=stands,
            document=one.document,
            document_hash=one.document_hash,
            valid_from=one.valid_from,
        )
        for one in state.questions
        if (stands := one.on(on)) is not None
    ]
    return DevelopmentQuestionsView(
        programme=state.programme,
        site=state.site,
        open=state.open(on),
        questions=shown,
        valid_from=state.valid_from,
    )


@routes.post("/development-questions", dependencies=[PLAN_WRITER], status_code=201)
async def formulate_question(body: FormulateQuestion, acting: Act) -> Done[DevelopmentQuestionsView]:
    """Leg vast dat een school een ontwikkelvraag heeft, zonder de tekst."""
    return await acting.do_known(
        DEVELOPMENT_QUESTIONS,
        streams.development_questions(body.programme, body.site),
        body,
        lambda state, known: decide(body, state, known.at_school(body.programme, body.site)),
        view,
        others=rests_on(acting.caller, body.programme, body.site),
        location=f"/development-questions/{body.programme}/{body.site}",
    )


@routes.post("/development-questions/{programme}/{site}/states", dependencies=[PLAN_WRITER], status_code=201)
async def change_question_state(
    programme: ProgrammeCode, site: SiteReference, body: ChangeQuestionState, acting: Act
) -> Done[DevelopmentQuestionsView]:
    """Leg vast hoe een ontwikkelvraag ervoor staat."""
    code = whole_site(site, "/path/site", acting.running.directory)
    return await acting.do_known(
        DEVELOPMENT_QUESTIONS,
        streams.development_questions(programme, code),
        body,
        lambda state, known: decide(body, state, known.at_school(programme, code)),
        view,
        others=rests_on(acting.caller, programme, code),
    )


@routes.get("/development-questions", dependencies=[ANYONE])
async def list_development_questions(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
) -> Page[DevelopmentQuestionsView]:
    """De ontwikkelvragen per school, op de dag."""
    return await listing.page(
        DEVELOPMENT_QUESTIONS,
        "development-questions",
        view,
        lambda one: site is None or one.site.startswith(site),
        within=within(programme, site),
    )


@routes.get("/development-questions/{programme}/{site}", dependencies=[ANYONE])
async def read_development_questions(
    programme: ProgrammeCode, site: SiteReference, reading: Read
) -> DevelopmentQuestionsView:
    """De ontwikkelvragen van één school."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.one(DEVELOPMENT_QUESTIONS, streams.development_questions(programme, code), view)


@routes.get("/development-questions/{programme}/{site}/history", dependencies=[ANYONE])
async def development_question_history(
    programme: ProgrammeCode, site: SiteReference, reading: Read
) -> Page[HistoryEntry]:
    """Alles wat over de ontwikkelvragen van een school is vastgelegd."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(DEVELOPMENT_QUESTIONS, streams.development_questions(programme, code))
