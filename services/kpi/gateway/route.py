"""`POST /graphql`: GraphQL over HTTP. What comes before GraphQL (who, how large, which kind) is a problem document."""

import asyncio
from collections.abc import Coroutine, Sequence

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.kpi.gateway.documents import GraphQLErrors
from services.kpi.gateway.gateway import Answer, Gateway, described
from services.kpi.gateway.refusal import Json, Refusal, extensions, refusal_of, shown
from services.kpi.gateway.request import MAX_BODY, read_request
from shared.auth.require import authorised, caller_of
from shared.web.bodies import media_type, read_body
from shared.web.exchange import exchange_of, language_of

MEDIA_TYPE = "application/graphql-response+json"


@authorised()
async def graphql(request: Request) -> Response:
    """Answer one operation. Raises what comes before GraphQL: 401, 413, 415, 429."""
    gateway: Gateway = request.app.state.gateway
    media_type(request, ("application/json",))
    raw = await read_body(request, MAX_BODY)
    language = language_of(request.scope)
    try:
        asked = read_request(raw)
        answer = await _unless_left(request, gateway.answer(asked, caller_of(request), language))
    except GraphQLErrors as found:
        return _failed(request, found.errors, before=True)
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        return _refused(refusal, language)
    return _response(200, answer.body) if answer.body is not None else _shown(request, gateway, answer)


async def _unless_left(request: Request, answering: Coroutine[None, None, Answer]) -> Answer:
    """The answer, given up as soon as nobody waits for it: its statement is cancelled in the database (Q-34)."""
    work = asyncio.ensure_future(answering)
    left = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((work, left), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        return work.result()
    finally:
        left.cancel()
        work.cancel()
        await asyncio.gather(work, left, return_exceptions=True)


def _shown(request: Request, gateway: Gateway, answer: Answer) -> Response:
    result = answer.result
    if result is None:
        raise LookupError("an answer has a body or a result")
    if result.errors:
        return _failed(request, result.errors, data=result.data, more=described(answer))
    body = orjson.dumps({"data": result.data, "extensions": described(answer)})
    gateway.keep(answer, body)
    return _response(200, body)


def _failed(
    request: Request,
    errors: Sequence[GraphQLError],
    *,
    before: bool = False,
    data: Json | None = None,
    more: Json | None = None,
) -> Response:
    """Errors, with what could be answered beside them; the status is that of the gravest."""
    language, trace_id = language_of(request.scope), exchange_of(request.scope).trace_id
    told = [shown(error, language, trace_id, before) for error in errors]
    body: Json = {"errors": [error for _, error in told]}
    if not before:
        body |= {"data": data, "extensions": more or {}}
    return _response(max(status for status, _ in told), orjson.dumps(body))


def _refused(refusal: Refusal, language: str) -> Response:
    error = {"message": refusal.text.in_(language), "extensions": extensions(refusal, language)}
    return _response(refusal.status, orjson.dumps({"errors": [error]}))


def _response(status: int, body: bytes) -> Response:
    headers = {"Retry-After": "1"} if status == 503 else None
    return Response(body, status, headers, media_type=MEDIA_TYPE)
