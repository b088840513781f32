"""What every service tells about itself: its OpenAPI document, its error codes, and who the caller is."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from shared.auth.caller import Caller
from shared.auth.require import require
from shared.web.exchange import language_of
from shared.web.problems import CATALOGUE, Problem
from shared.web.routing import router


def document_routes() -> APIRouter:
    """`/openapi.json`, `/errors/{code}` and `/me`, to be put under the service's prefix."""
    routes = router(tags=["about"])

    @routes.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> Response:
        """The description of this service, open to any origin (NLgov API Design Rules)."""
        body = orjson.dumps(request.app.openapi())
        return Response(body, media_type="application/json", headers={"Access-Control-Allow-Origin": "*"})

    @routes.get("/errors/{code}", summary="Uitleg van een foutcode")
    async def explain_error(code: str, request: Request) -> dict[str, str | int]:
        """What a problem's code means and what to do about it."""
        kind = CATALOGUE.get(code)
        if kind is None:
            raise Problem(None, "not-found")
        language = language_of(request.scope)
        told = {"title": kind.title.in_(language), "explanation": kind.explanation.in_(language)}
        return {"code": kind.code, "status": kind.status, **told}

    return routes


def me_routes(per_second: int) -> APIRouter:
    """`/me`: what the token says, as it was understood."""
    routes = router(tags=["about"])

    @routes.get("/me", summary="Wie ben ik?")
    async def who_am_i(caller: Annotated[Caller, Depends(require())]) -> dict[str, Any]:
        """The caller's organisation, roles, scopes, schools and limits."""
        return {
            "clientId": caller.client_id,
            "organisation": caller.organisation,
            "roles": sorted(caller.roles),
            "scopes": sorted(caller.scopes),
            "schools": sorted(caller.schools),
            "programmes": sorted(caller.programmes),
            "municipalities": sorted(caller.municipalities),
            "region": caller.region,
            "limits": {"requestsPerSecond": per_second},
        }

    return routes
