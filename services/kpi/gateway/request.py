"""The body of a request: GraphQL over HTTP, one operation, nothing else."""

from dataclasses import dataclass, field

import orjson

from services.kpi.gateway.documents import MAX_DOCUMENT
from services.kpi.gateway.refusal import Refusal
from shared.domain.texts import Text
from shared.strict_json import Malformed, parse
from shared.web.bodies import too_large

MAX_BODY = 1_280 * 1024
"""Bytes of a body: what is too large inside it gets an answer that says so."""
MAX_VARIABLES = 64 * 1024
"""Bytes of everything beside the document."""

_NOT_JSON = Text("De inhoud is geen JSON zoals wij die lezen.", "The body is not JSON as we read it.")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What is asked."""

    query: str
    variables: dict[str, object] = field(default_factory=dict)
    operation_name: str | None = None


def read_request(raw: bytes) -> GraphQLRequest:
    """The request in a body. Raises `Refusal`, and `Problem` (413) for a document that is too large."""
    body = _body(raw)
    query = body.get("query")
    if _persisted(body.get("extensions")):
        told = Text("Stuur het document zelf mee in query.", "Send the document itself in query.")
        raise Refusal("PERSISTED_QUERY", told)
    if not isinstance(query, str) or not query.strip():
        raise _wrong("query", "een GraphQL-document", "a GraphQL document")
    size = len(query.encode())
    if size > MAX_DOCUMENT:
        raise too_large(MAX_DOCUMENT)
    return GraphQLRequest(query, _variables(body, len(raw) - size), _name(body))


def _body(raw: bytes) -> dict[str, object]:
    """The object in a body, read as strictly as any, but for the document: that is text of several lines."""
    try:
        body = orjson.loads(raw)
        if isinstance(body, dict):
            parse(orjson.dumps({**body, "query": None}))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the second for what is nested too deeply
        raise Refusal("INVALID_REQUEST", _NOT_JSON) from None
    except Malformed as malformed:
        raise Refusal("INVALID_REQUEST", _NOT_JSON, reason=malformed.code) from None
    if isinstance(body, list):
        raise Refusal("BATCHING_DISABLED", Text("Eén verzoek tegelijk.", "One request at a time."))
    if not isinstance(body, dict):
        raise _wrong("", "een object", "an object")
    return body


def _variables(body: dict[str, object], size: int) -> dict[str, object]:
    variables = body.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise _wrong("variables", "een object", "an object")
    if size > MAX_VARIABLES:
        told = Text(f"Hoogstens {MAX_VARIABLES} bytes aan variabelen.", f"At most {MAX_VARIABLES} bytes of variables.")
        raise Refusal("VARIABLES", told, allowed=MAX_VARIABLES)
    return variables or {}


def _name(body: dict[str, object]) -> str | None:
    name = body.get("operationName")
    if name is not None and not isinstance(name, str):
        raise _wrong("operationName", "een tekst", "a text")
    return name or None


def _persisted(extensions: object) -> bool:
    return isinstance(extensions, dict) and "persistedQuery" in extensions


def _wrong(pointer: str, nl: str, en: str) -> Refusal:
    place = pointer or "body"
    return Refusal("INVALID_REQUEST", Text(f"{place} is {nl}.", f"{place} is {en}."), argument=pointer)
