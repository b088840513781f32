"""The door of a service: who is there, and may they come in now."""

from starlette.requests import HTTPConnection

from shared.auth.caller import Caller
from shared.auth.errors import TooMany, Unauthenticated
from shared.auth.rates import Rate
from shared.auth.verifier import Verifier

FAILURES_PER_SECOND = 100
"""Tokens that may fail from one address in a second before the next ones are not even looked at."""


class Gate:
    """Verifies the caller of a request and keeps the rate of each client."""

    def __init__(self, verifier: Verifier, per_second: int) -> None:
        self._verifier = verifier
        self._clients = Rate(per_second)
        self._failures = Rate(FAILURES_PER_SECOND)

    async def caller(self, connection: HTTPConnection) -> Caller:
        """The caller of this request, found once per request.

        Raises `Unauthenticated`, `NotYetValid`, `Forbidden`, `TooMany` or `KeysUnavailable`.
        """
        known = connection.scope.get("jos.caller")
        if isinstance(known, Caller):
            return known
        caller = await self._verified(connection)
        standing = await self._clients.hit(caller.client_id)
        connection.scope["jos.rate"] = standing
        if not standing.allowed:
            raise TooMany(standing.reset)
        connection.scope["jos.caller"] = caller
        return caller

    async def _verified(self, connection: HTTPConnection) -> Caller:
        token = bearer(connection)
        remembered = await self._verifier.remembered(token)
        if remembered is not None:
            return remembered
        address = connection.client.host if connection.client else ""
        if await self._failures.spent(address):
            raise TooMany(1)
        try:
            return await self._verifier.verify(token)
        except Unauthenticated:
            await self._failures.hit(address)
            raise


def bearer(connection: HTTPConnection) -> str:
    """The token of the one Authorization header; never from the query (NLgov). Raises `Unauthenticated`."""
    values = connection.headers.getlist("authorization")
    if len(values) != 1:
        raise Unauthenticated(offered=bool(values))
    scheme, _, token = values[0].partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise Unauthenticated
    return token
