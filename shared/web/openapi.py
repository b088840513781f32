"""The OpenAPI document of a service: what FastAPI derives, with the problems every operation may answer with."""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.alias_generators import to_camel

from shared.web.problems import MEDIA_TYPE

Document = dict[str, Any]
"""An OpenAPI document or a part of it: JSON."""

Describe = Callable[[Document], None]
"""Adds to a document what FastAPI cannot see: the operations of raw routes."""

CONTACT = {"name": "JOS", "url": "https://example.org/jos", "email": "jos@example.org"}

_WRITES = ("post", "put", "patch", "delete")

_FIELD_ERROR: Document = {
    "type": "object",
    "title": "FieldError",
    "description": "Wat er op één plaats niet klopt; nooit met de waarde die gestuurd is.",
    "required": ["pointer", "code", "message"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer (RFC 6901)"},
        "code": {"type": "string", "description": "Vaste code, uitgelegd onder /errors/{code}"},
        "message": {"type": "string"},
        "hint": {"type": "string"},
    },
}

_PROBLEM: Document = {
    "type": "object",
    "title": "Problem",
    "description": "Een antwoord dat geen succes is (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "code", "errors", "traceId"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "traceId": {"type": "string"},
    },
    "additionalProperties": True,
}

_REASONS = {
    400: "De aanvraag klopt niet",
    401: "Niet aangemeld",
    403: "Niet toegestaan",
    404: "Bestaat niet, of niet voor u",
    408: "De inhoud kwam niet op tijd",
    409: "Past niet bij wat er al is",
    412: "Intussen veranderd",
    413: "Te groot",
    415: "Soort inhoud niet ondersteund",
    429: "Te veel aanvragen",
    503: "Nu niet beschikbaar",
}


def describe_app(app: FastAPI, describe: Describe | None, token_url: str) -> None:
    """Let `app.openapi()` give the whole document, made once."""

    def openapi() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, describe, token_url)
        return app.openapi_schema

    setattr(app, "openapi", openapi)  # noqa: B010  (FastAPI's own way, which mypy refuses as an assignment)


def _document(app: FastAPI, describe: Describe | None, token_url: str) -> Document:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description or app.title,
        license_info=app.license_info,
        servers=app.servers,
        routes=app.routes,
    )
    document["info"]["contact"] = CONTACT
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    if describe is not None:
        describe(document)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= {"Problem": _PROBLEM, "FieldError": _FIELD_ERROR}
    components["responses"] = {f"Problem{status}": _response(reason) for status, reason in _REASONS.items()}
    flow = {"clientCredentials": {"tokenUrl": token_url, "scopes": {}}}
    components["securitySchemes"] = {"oauth2": {"type": "oauth2", "flows": flow}}
    taken: set[str] = set()
    for path, method, operation in _operations(document):
        _summarise(operation)
        _complete(path, method, operation)
        operation["operationId"] = _name(operation, method, path, taken)
    return cast("Document", tidy(document))


def tidy(schema: object) -> object:
    """A JSON Schema, or a document of them, without what only pydantic has a use for.

    Gone are titles made from a field's name, and `default: null`: generated clients take it for a field that must be
    there.
    """
    if isinstance(schema, list):
        return [tidy(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: tidy(value) for key, value in schema.items() if (key, value) != ("default", None)}
    fields = told.get("properties")
    if isinstance(fields, dict):
        told["properties"] = {name: _untitled(field) for name, field in fields.items()}
    return told


def _untitled(field: object) -> object:
    return {key: value for key, value in field.items() if key != "title"} if isinstance(field, dict) else field


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield path, method, operation


def _response(reason: str) -> Document:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": reason, "content": {MEDIA_TYPE: {"schema": schema}}}


def _summarise(operation: Document) -> None:
    """A title in the language of the description, its beginning, in place of the function's name in English words."""
    derived = str(operation.get("operationId", "")).replace("_", " ").title()
    if operation.get("summary") == derived and operation.get("description"):
        operation["summary"] = re.split(r"[:;.,\n]", operation["description"], maxsplit=1)[0]


def _complete(path: str, method: str, operation: Document) -> None:
    """Add the problems that this kind of operation may answer with."""
    responses = operation["responses"]
    responses.pop("422", None)
    if "201" in responses and "content" in responses["201"]:
        nothing = "Er was niets te doen, of het is alleen getoond (dryRun)"
        responses.setdefault("200", {"description": nothing, "content": responses["201"]["content"]})
    for status in _problems(path, method, operation):
        responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})


def _problems(path: str, method: str, operation: Document) -> Iterator[int]:
    if operation.get("parameters") or "requestBody" in operation:
        yield 400
    if operation.get("security"):
        yield from (401, 403, 429)
    if "{" in path or method == "delete":
        yield 404
    if method in _WRITES:
        yield 409
    if any(parameter["name"].lower() == "if-match" for parameter in operation.get("parameters", ())):
        yield 412
    if "requestBody" in operation:
        yield from (408, 413, 415)
    yield 503


def _name(operation: Document, method: str, path: str, taken: set[str]) -> str:
    """A short name for the generated client's function: the function's own, and the path's too where it is taken."""
    short = str(operation.get("operationId", method))
    name = to_camel(short)
    if name in taken:
        name = to_camel(f"{short}_{method}_{'_'.join(filter(str.isidentifier, path.strip('{}/').split('/')))}")
    taken.add(name)
    return name
