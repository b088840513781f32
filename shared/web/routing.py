"""Routes whose bodies are read strictly, and in the right order: first who, then what."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from shared.auth.require import Requirement
from shared.web.bodies import media_type, read_body, read_model
from shared.web.problems import error
from shared.web.schema_errors import bad_request, query_errors
from shared.web.translation import BODY_ERRORS

_REFUSED = 0
"""Stands for a body that was refused: no model takes it, so that the route ends in an answer with all errors."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ServiceRoute(APIRoute):
    """A FastAPI route that asks for the caller before it reads a byte of the body.

    The body is JSON (RFC 8259 and no more), validated strictly from its bytes; what is wrong with it is told together
    with what is wrong with path and query. A query parameter that the route does not have is refused: left aside, a
    slip of the pen in `validOn` would get the answer of another day.
    """

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()
        rules = list(requirements(self.dependant))
        reader = _reader(self)
        known = sorted(query_names(self.dependant))

        async def handler(request: Request) -> Response:
            for rule in rules:
                await rule(request)
            read = await reader(request) if reader else request
            if rules and (wrong := query_errors(request.query_params, known)):
                raise bad_request([*wrong, *request.scope.get(BODY_ERRORS, [])], "invalid-request")
            return await inner(read)

        return handler


def router(**options: Any) -> APIRouter:
    """A router of service routes; takes what `APIRouter` takes."""
    return APIRouter(route_class=ServiceRoute, redirect_slashes=False, **options)


def requirements(dependant: Dependant | None) -> Iterator[Requirement]:
    """The authorisation rules of a route, its routers' included."""
    if dependant is None:
        return
    if isinstance(dependant.call, Requirement):
        yield dependant.call
    for deeper in dependant.dependencies:
        yield from requirements(deeper)


def query_names(dependant: Dependant) -> Iterator[str]:
    """The query parameters of a route, those of its dependencies among them, as they are spelled outside."""
    yield from (field.alias for field in dependant.query_params)
    for deeper in dependant.dependencies:
        yield from query_names(deeper)


class _ReadRequest(Request):
    """A request whose body has been read and validated already."""

    def __init__(self, request: Request, raw: bytes, value: object) -> None:
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._value = value

    async def body(self) -> bytes:
        return self._raw

    async def json(self) -> object:
        return self._value


def _reader(route: APIRoute) -> Callable[[Request], Coroutine[Any, Any, Request]] | None:
    field = route.body_field
    if field is None:
        return None
    if len(route.dependant.body_params) != 1:
        raise TypeError(f"{route.path}: a route takes one body, as one model")
    annotation: Any = Annotated[field.field_info.annotation, field.field_info]
    adapter: TypeAdapter[object] = TypeAdapter(annotation)
    required = field.field_info.is_required()

    async def read(request: Request) -> Request:
        raw = await read_body(request)
        if not raw:
            request.scope[BODY_ERRORS] = [error("body-empty")] if required else []
            return _ReadRequest(request, raw, None)
        media_type(request, ("application/json",))
        value, errors = read_model(raw, adapter, field.field_info.annotation)
        request.scope[BODY_ERRORS] = errors
        return _ReadRequest(request, raw, _REFUSED if errors else value)

    return read
