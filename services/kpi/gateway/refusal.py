"""What the gateway refuses, and how every error stands in an answer: a code, a sentence, never what was sent.

| code | HTTP | |
|---|---|---|
| `INVALID_REQUEST`, `SYNTAX`, `VALIDATION`, `OPERATION`, `VARIABLES` | 400 | no request, or not of this schema |
| `BATCHING_DISABLED`, `PERSISTED_QUERY` | 400 | not offered |
| `QUERY_TOO_DEEP`, `TOO_MANY_ALIASES`, `TOO_MANY_TOKENS`, `TOO_MANY_FIELDS` | 400 | a limit of the document |
| `PAGE_SIZE`, `COST_EXCEEDED` | 400 | a limit of what is asked |
| `ARGUMENT` | 400 | an argument that cannot be: a period, a moment, a cursor |
| `FORBIDDEN` | 403 (200 beside an allowed parent) | not for this caller |
| `NOT_FOUND` | 200 | there is no such thing, or not for this caller: the answer is the same |
| `NOT_YET_VISIBLE`, `UNAVAILABLE` | 503 | ask again |
| `INTERNAL` | 200 | ours; `requestId` finds it in the log |
"""

import re

import asyncpg
import structlog
from graphql import GraphQLError

from shared.domain.findings import Refused
from shared.domain.texts import Text
from shared.web.problems import Problem

Json = dict[str, object]

_INTERNAL = Text("Er ging hier iets mis.", "Something went wrong here.")
_UNAVAILABLE = Text("Dit lukt nu niet; probeer het zo opnieuw.", "This does not work now; try again in a moment.")
_SYNTAX = Text("Dit is geen geldig GraphQL-document.", "This is not a valid GraphQL document.")

# What graphql-core says about a value ends with the value; about a name it may go on with names that do exist.
_TOLD_TOO_MUCH = (
    (re.compile(r"^(Variable '\$\w+') .*non-null type ('[\w!\[\]]+') to be provided\.$"), r"\1 of type \2 is missing."),
    (re.compile(r"^(Variable '\$\w+') (?:got|has) invalid .*", re.DOTALL), r"\1 got an invalid value."),
    (re.compile(r" Did you mean .*", re.DOTALL), ""),
    (re.compile(r"^(\w+ cannot represent [^:]*): .*", re.DOTALL), r"\1."),
    (re.compile(r", (?:found|but encountered)\b.*", re.DOTALL), "."),
    (re.compile(r"^Value '.*' does not exist in ('\w+' enum).*", re.DOTALL), r"A value does not exist in \1."),
    (re.compile(r"^Enum '(\w+)' cannot represent .*", re.DOTALL), r"A value does not exist in '\1' enum."),
)
_LISTED = {
    "code": "{ kpis { code } }",
    "programme": "{ programmes { code } }",
    "region": "{ programmes { code region } }",
    "school": '{ schools(programme: "...") { nodes { siteCode } } }',
}
"""By argument: the query that lists what can stand there."""

_log = structlog.get_logger()


class Refusal(Exception):
    """A request, or a part of it, that is not answered. `more` goes into the error's `extensions`."""

    def __init__(self, code: str, text: Text, status: int = 400, hint: Text | None = None, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.status = status
        self.hint = hint
        self.more = more


def argument(pointer: str, nl: str, en: str, hint: Text | None = None) -> Refusal:
    """An argument that cannot be; `pointer` names it."""
    return Refusal("ARGUMENT", Text(nl, en), hint=hint, argument=pointer)


def not_found(pointer: str) -> Refusal:
    """What is said of something that does not exist and of something that is somebody else's."""
    text = Text("Bestaat niet, of niet voor u.", "Does not exist, or not for you.")
    query = _LISTED.get(pointer)
    hint = Text(f"Wat er is: {query}", f"What there is: {query}") if query else None
    return Refusal("NOT_FOUND", text, 200, hint, argument=pointer)


def unavailable(code: str = "UNAVAILABLE", text: Text = _UNAVAILABLE) -> Refusal:
    """The database is busy or away; asking again may help."""
    return Refusal(code, text, 503)


def refusal_of(error: BaseException | None) -> Refusal | None:
    """The refusal that an exception stands for; None for one that nobody foresaw."""
    match error:
        case Refusal():
            return error
        case Refused():
            return _refused(error)
        case Problem(code="token-invalid" | "cursor-invalid"):
            return Refusal("ARGUMENT", error.kind.explanation, reason=error.code)
        case TimeoutError() | OSError() | asyncpg.PostgresConnectionError() | asyncpg.InterfaceError():
            return _busy(error)
        case asyncpg.QueryCanceledError() | asyncpg.InsufficientResourcesError() | asyncpg.LockNotAvailableError():
            return _busy(error)
        case asyncpg.OperatorInterventionError() | asyncpg.InFailedSQLTransactionError():
            return _busy(error)
        case _:
            return None


def _busy(error: BaseException) -> Refusal:
    _log.warning("gateway.unavailable", kind=type(error).__name__)
    return unavailable()


def _refused(refused: Refused) -> Refusal:
    finding = refused.findings[0]
    more = {"reason": finding.code, "argument": finding.pointer.removeprefix("/")}
    if refused.kind == "unknown":
        return not_found(more["argument"])
    if refused.kind == "forbidden":
        return Refusal("FORBIDDEN", finding.text, 403, finding.hint, **more)
    return Refusal("ARGUMENT", finding.text, 400, finding.hint, **more)


def shown(error: GraphQLError, language: str, request_id: str, before: bool) -> tuple[int, Json]:
    """HTTP status and form of an error; `before`: found before anything was executed."""
    refusal = refusal_of(error.original_error) or (_before(error) if before else None)
    if refusal is None:
        _log.error("gateway.failed", trace_id=request_id, kind=type(error.original_error or error).__name__)
        refusal = Refusal("INTERNAL", _INTERNAL, 200, requestId=request_id)
    told: Json = {"message": refusal.text.in_(language)}
    if error.locations:
        told["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        told["path"] = list(error.path)
    told["extensions"] = extensions(refusal, language)
    return refusal.status, told


def extensions(refusal: Refusal, language: str) -> Json:
    """The code of a refusal and what goes with it."""
    told: Json = {"code": refusal.code, **refusal.more}
    return told if refusal.hint is None else {**told, "hint": refusal.hint.in_(language)}


def _before(error: GraphQLError) -> Refusal:
    """What was found wrong with a document or its variables, without what stood in it."""
    if error.message.startswith("Syntax Error"):
        return _syntax(error.message)
    code = str((error.extensions or {}).get("code", "VALIDATION"))
    message = error.message
    for pattern, rest in _TOLD_TOO_MUCH:
        message = pattern.sub(rest, message)
    return Refusal(code, Text(message, message))


def _syntax(message: str) -> Refusal:
    if " tokens." in message:
        return Refusal("TOO_MANY_TOKENS", Text("Het document is te lang.", "The document is too long."))
    if "nested too deeply" in message:
        return Refusal("QUERY_TOO_DEEP", Text("Het document is te diep genest.", "The document is nested too deeply."))
    return Refusal("SYNTAX", _SYNTAX)
