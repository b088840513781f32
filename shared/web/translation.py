"""Turns every exception into a problem, and a problem into an answer, in this one place."""

from typing import cast

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from shared.auth.errors import Forbidden, KeysUnavailable, NotYetValid, TooMany, Unauthenticated
from shared.domain.findings import Finding, Refused
from shared.domain.texts import Text
from shared.log.errors import StorageFull, Unavailable
from shared.strict_json import Malformed
from shared.web.exchange import exchange_of, language_of
from shared.web.problems import CATALOGUE, MEDIA_TYPE, FieldError, Problem, error
from shared.web.schema_errors import bad_request, field_errors

BODY_ERRORS = "jos.body_errors"
"""Where a route leaves what is wrong with its body, to be told together with the rest."""

_STATUS = {"invalid": 400, "conflict": 409, "forbidden": 403, "unknown": 404}
_GENERAL = {400: "invalid-body", 409: "conflict", 403: "forbidden", 404: "not-found"}


def problem_for(exception: Exception, scope: Scope) -> Problem | None:
    """The problem that an exception stands for, or None for one that nobody foresaw."""
    match exception:
        case Problem():
            return exception
        case Malformed(code=code):
            return Problem(None, code, [error(code)])
        case Refused():
            return _refused(exception)
        case RequestValidationError():
            return _request(exception, scope)
        case HTTPException():
            return _http(exception)
        case _:
            return _door(exception)


def _door(exception: Exception) -> Problem | None:
    """What the door of the service says."""
    match exception:
        case NotYetValid(now=now):
            told = Text(
                f"De klok hier staat op {now:%Y-%m-%dT%H:%M:%SZ}.", f"The time here is {now:%Y-%m-%dT%H:%M:%SZ}."
            )
            return Problem(None, "token-not-yet-valid", detail=told, headers=_challenge(True))
        case Unauthenticated(offered=offered):
            return Problem(None, "invalid-token", headers=_challenge(offered))
        case Forbidden(code=code):
            return Problem(403, code)
        case TooMany(retry_after=seconds):
            return Problem(None, "too-many-requests", headers={"Retry-After": str(seconds)})
        case KeysUnavailable():
            return Problem(None, "unavailable", headers={"Retry-After": "5"})
        case _:
            return _log(exception)


def _log(exception: Exception) -> Problem | None:
    """What the log says: nothing was acknowledged, and the same request may be sent again (G-05)."""
    match exception:
        case StorageFull():
            return Problem(None, "storage-full", headers={"Retry-After": "30"})
        case Unavailable():
            return Problem(None, "unavailable", headers={"Retry-After": "1"})
        case _:
            return None


def _challenge(offered: bool) -> dict[str, str]:
    return {"WWW-Authenticate": 'Bearer realm="jos", error="invalid_token"' if offered else 'Bearer realm="jos"'}


def _refused(refused: Refused) -> Problem:
    status = _STATUS[refused.kind]
    first = refused.findings[0].code if len(refused.findings) == 1 else ""
    code = first if first in CATALOGUE else _GENERAL[status]
    return Problem(status, code, [_finding(finding) for finding in refused.findings])


def _finding(finding: Finding) -> FieldError:
    return FieldError(finding.pointer, finding.code, finding.text, finding.hint)


def _request(exception: RequestValidationError, scope: Scope) -> Problem:
    """Errors of path, query and headers, together with those that the route found in the body."""
    body = cast("list[FieldError]", scope.get(BODY_ERRORS, []))
    details = [cast("ErrorDetails", detail) for detail in exception.errors()]
    others = [detail for detail in details if not (body and detail["loc"][0] == "body")]
    found = [entry for detail in others for entry in field_errors([detail])]
    general = "invalid-request" if others else "invalid-body"
    return bad_request([*found, *body], general)


def _http(exception: HTTPException) -> Problem:
    codes: dict[int, str] = {401: "invalid-token", 403: "forbidden", 404: "not-found", 405: "method-not-allowed"}
    codes |= {413: "too-large", 415: "media-type"}
    code = codes.get(exception.status_code, "invalid-request" if exception.status_code < 500 else "internal")
    status = exception.status_code if exception.status_code in codes or exception.status_code >= 500 else 400
    return Problem(status, code, headers=exception.headers)


def render(problem: Problem, scope: Scope, base: str) -> Response:
    """The answer with the document, in the language that was asked for."""
    exchange, language = exchange_of(scope), language_of(scope)
    document = problem.document(language, base, exchange.instance, exchange.trace_id)
    headers = {**problem.headers, "Content-Language": language, "Vary": "Accept-Language"}
    return Response(orjson.dumps(document), problem.status, headers, media_type=MEDIA_TYPE)
