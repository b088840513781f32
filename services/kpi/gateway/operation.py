"""The OpenAPI text of `POST /graphql`, which FastAPI cannot see."""

from typing import Any

from services.kpi.gateway.route import MEDIA_TYPE

Json = dict[str, Any]

_OBJECT: Json = {"type": "object", "additionalProperties": True}
_REQUEST: Json = {
    "type": "object",
    "required": ["query"],
    "additionalProperties": True,
    "properties": {
        "query": {"type": "string", "maxLength": 10_240, "description": "Eén GraphQL-document met één vraag"},
        "operationName": {"type": ["string", "null"]},
        "variables": {"type": ["object", "null"], "additionalProperties": True},
    },
}
_ANSWER: Json = {
    "type": "object",
    "properties": {
        "data": {"type": ["object", "null"], "additionalProperties": True},
        "errors": {"type": "array", "items": _OBJECT},
        "extensions": {**_OBJECT, "description": "token (minstens zo nieuw als dit antwoord), kosten"},
    },
}
_EXAMPLE = {"query": "{ programmes { code } }"}


def describe(path: str, document: Json) -> None:
    """Add the operation at this path, with what its answers look like."""
    document["components"]["schemas"] |= {"GraphQLRequest": _REQUEST, "GraphQLAnswer": _ANSWER}
    asked = {"schema": {"$ref": "#/components/schemas/GraphQLRequest"}, "example": _EXAMPLE}
    document["paths"].setdefault(path, {})["post"] = {
        "tags": ["graphql"],
        "operationId": "ask",
        "summary": "Stel een vraag in GraphQL",
        "description": "GraphQL over HTTP. Het schema is op te vragen met introspectie; er zijn geen mutaties.",
        "security": [{"oauth2": []}],
        "requestBody": {"required": True, "content": {"application/json": asked}},
        "responses": {
            "200": _answer("Het antwoord; wat niet beantwoord kon worden staat in errors"),
            "400": _answer("De vraag klopt niet, of kost te veel"),
            "503": _answer("Nu niet beschikbaar, of nog niet zo nieuw als gevraagd"),
        },
    }


def _answer(description: str) -> Json:
    answer = {"schema": {"$ref": "#/components/schemas/GraphQLAnswer"}}
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {MEDIA_TYPE: answer}
    return {"description": description, "content": content | {"application/problem+json": problem}}
