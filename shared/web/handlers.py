"""The handler of every exception that stands for a problem."""

from collections.abc import Iterable

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from shared.auth.errors import Forbidden, KeysUnavailable, TooMany, Unauthenticated
from shared.domain.findings import Refused
from shared.domain.texts import Text
from shared.log.errors import Unavailable
from shared.strict_json import Malformed
from shared.web.problems import Problem
from shared.web.rules import methods_at
from shared.web.translation import problem_for, render


async def answer(request: Request, exception: Exception) -> Response:
    """The handler for every exception that stands for a problem."""
    problem = problem_for(exception, request.scope)
    if problem is None:
        raise exception
    if problem.status == 405:
        problem = _teach(problem, request)
    return render(problem, request.scope, request.app.state.base)


def _teach(problem: Problem, request: Request) -> Problem:
    """A 405 with every method that is possible here, and the lesson that goes with this place."""
    lessons: dict[str, Text] = request.app.state.lessons
    path = request.scope["path"]
    lesson = next((text for place, text in lessons.items() if compile_path(place)[0].match(path)), None)
    allowed = ", ".join(methods_at(request.app, path))
    return Problem(405, problem.code, detail=lesson, headers={**problem.headers, "Allow": allowed})


def handled() -> Iterable[type[Exception]]:
    """The exceptions that `answer` takes."""
    return (
        Problem,
        Malformed,
        Refused,
        RequestValidationError,
        HTTPException,
        Unauthenticated,
        Forbidden,
        TooMany,
        KeysUnavailable,
        Unavailable,
    )
