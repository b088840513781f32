"""What comes before a worker's first day at a school: an introduction, the school's say, and a plan."""

from services.registry.rules.facts import Deployment, Facts
from services.registry.rules.rule import found
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text

PILOT = "PILOT"


def introduction(event: Deployment, facts: Facts) -> Finding | None:
    """R-INTRO: school and worker met on or before the first day (HG-29, INV-10); in an emergency never a BLOCK."""
    if facts.introduction is not None and facts.introduction.by(event.first):
        return None
    text = Text(
        f"{event.staff} heeft voor {event.first} geen kennismaking met de school gehad",
        f"{event.staff} was not introduced to the school by {event.first}",
    )
    return found("/validFrom", text, _INTRODUCE, Severity.FLAG if facts.replaces else Severity.BLOCK)


def recruitment(event: Deployment, facts: Facts) -> Finding | None:
    """R-RECRUITMENT: the school had a part in choosing the worker, by the first day (HG-30)."""
    if facts.recruitment is not None and facts.recruitment.held_on <= event.first:
        return None
    text = Text(
        f"de school was niet betrokken bij de werving van {event.staff}",
        f"the school had no part in the recruitment of {event.staff}",
    )
    return found("/staff", text, _INVOLVE)


def plan(event: Deployment, facts: Facts) -> Finding | None:
    """R-PLAN: the school's plan is there before the first day, with its sections (HR-39, HG-62), or its questions.

    `sections` asks for a plan with those complete (none: the plan alone); `developmentQuestions` for so many questions
    of a pilot school (ALK-18).
    """
    asked = facts.parameters("R-PLAN")
    if "sections" in asked and (lacking := _sections(event, facts)):
        return lacking
    wanted = facts.number("R-PLAN", "developmentQuestions", 0)
    stated = facts.questions.questions if facts.questions else ()
    number = sum(question.valid_from <= event.first for question in stated)
    if facts.level != PILOT or number >= wanted:
        return None
    text = Text(
        f"deze pilotschool heeft {number} van {wanted} ontwikkelvragen",
        f"this pilot school has {number} of {wanted} development questions",
    )
    return found("/site", text, _ASK)


def _sections(event: Deployment, facts: Facts) -> Finding | None:
    if facts.plan is None or facts.plan.valid_from > event.first:
        text = Text(f"op {event.first} is er geen plan van aanpak", f"there is no action plan on {event.first}")
        return found("/site", text, _DRAFT)
    complete = facts.plan.completed(event.first)
    missing = ", ".join(one for one in facts.names("R-PLAN", "sections") if one not in complete)
    if not missing:
        return None
    text = Text(f"het plan mist onderdelen: {missing}", f"the plan lacks sections: {missing}")
    return found("/site", text, _COMPLETE)


_INTRODUCE = Text(
    "leg de kennismaking vast met POST /introductions, of laat de inzet later beginnen",
    "record the introduction with POST /introductions, or let the assignment begin later",
)
_INVOLVE = Text("leg het vast met POST /recruitment-involvements", "record it with POST /recruitment-involvements")
_ASK = Text("leg de vraag vast met POST /development-questions", "record the question with POST /development-questions")
_DRAFT = Text("begin het plan met POST /action-plans", "begin the plan with POST /action-plans")
_COMPLETE = Text("rond ze af met POST /action-plans/.../sections", "complete them with POST /action-plans/.../sections")
