"""The authorisation rule of a route. A route without one does not start (G-23)."""

from collections.abc import Awaitable, Callable
from functools import wraps

from fastapi.openapi.models import OAuth2 as OAuth2Model
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from shared.auth.caller import ROLES, Caller
from shared.auth.errors import Forbidden
from shared.auth.gate import Gate

Endpoint = Callable[[Request], Awaitable[Response]]

RULE = "__authorisation__"
"""The attribute of a raw endpoint that holds its rule."""


class Requirement(SecurityBase):
    """Lets a caller in that has one of `roles` (none named: any signed-in caller) and, if named, the `scope`."""

    scheme_name = "oauth2"
    model = OAuth2Model(flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="/token", scopes={})))

    def __init__(self, roles: frozenset[str], scope: str | None = None) -> None:
        unknown = roles - ROLES
        if unknown:
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        self.roles = roles
        self.scope = scope

    async def __call__(self, connection: HTTPConnection) -> Caller:
        """The caller. Raises what `Gate.caller` raises, and `Forbidden`."""
        gate: Gate = connection.app.state.gate
        caller = await gate.caller(connection)
        if (self.roles and not caller.has(*self.roles)) or (self.scope and self.scope not in caller.scopes):
            raise Forbidden
        return caller


def require(*roles: str, scope: str | None = None) -> Requirement:
    """The rule to hang on a route: `caller: Annotated[Caller, Depends(require("provider-system"))]`."""
    return Requirement(frozenset(roles), scope)


def authorised(*roles: str, scope: str | None = None) -> Callable[[Endpoint], Endpoint]:
    """The same for a raw Starlette endpoint; the caller is then in `caller_of(request)`."""
    rule = require(*roles, scope=scope)

    def decorate(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response:
            await rule(request)
            return await endpoint(request)

        setattr(guarded, RULE, rule)
        return guarded

    return decorate


def caller_of(connection: HTTPConnection) -> Caller:
    """The caller that a rule has let in. Raises `LookupError` where no rule ran."""
    caller = connection.scope.get("jos.caller")
    if not isinstance(caller, Caller):
        raise LookupError("no authorisation rule ran for this request")
    return caller
