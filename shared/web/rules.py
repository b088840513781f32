"""Which routes an application has, and by which rule each lets a caller in (G-23)."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, compile_path

from shared.auth.require import RULE, Requirement
from shared.web.routing import ServiceRoute, requirements

PUBLIC = ("/livez", "/readyz", "/openapi.json", "/errors/{code}", "/token", "/jwks", "/openid-configuration")
"""The ends of the paths that need no caller; the whole list."""


@dataclass(frozen=True, slots=True)
class Served:
    """A route as it is served: its path with parameters, its methods and its rule (None: open to anyone)."""

    path: str
    methods: tuple[str, ...]
    rule: Requirement | None
    kind: type[BaseRoute]


def routes_of(app: FastAPI) -> Iterator[Served]:
    """Every route, those of included routers among them."""
    for context in iter_route_contexts(app.routes):
        methods = tuple(sorted((context.methods or set()) - {"HEAD"}))
        rules = list(requirements(getattr(context, "dependant", None)))
        raw = getattr(context.endpoint, RULE, None)
        rule = rules[0] if rules else raw if isinstance(raw, Requirement) else None
        yield Served(context.path or "", methods, rule, type(context.original_route))


def methods_at(app: FastAPI, path: str) -> list[str]:
    """The methods that are possible at a path, over all routes that match it; `HEAD` goes with `GET`."""
    found = {method for one in routes_of(app) if compile_path(one.path)[0].match(path) for method in one.methods}
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


def check_routes(app: FastAPI) -> None:
    """Raise `LookupError`, naming them, when routes outside the short list have no rule or read bodies loosely."""
    open_to_all = [one.path for one in routes_of(app) if one.rule is None and not one.path.endswith(PUBLIC)]
    if open_to_all:
        raise LookupError(f"routes without an authorisation rule: {', '.join(open_to_all)}")
    loose = [one.path for one in routes_of(app) if issubclass(one.kind, APIRoute) and one.kind is not ServiceRoute]
    if loose:
        raise LookupError(f"routes that are no ServiceRoute: {', '.join(loose)}")
