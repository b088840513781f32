"""How a client proves to the issuer who it is: Basic, a secret in the form, or a signed assertion; exactly one."""

import asyncio
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import unquote_plus

from starlette.requests import Request

from shared.auth.errors import Unauthenticated
from shared.issuer.assertions import Assertions
from shared.issuer.clients import Client, Clients
from shared.issuer.secrets import NOBODY, matches
from shared.web.problems import Problem

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Proofs:
    """Finds the client of a token request; one secret at a time is checked, beside the event loop."""

    def __init__(self, clients: Clients, assertions: Assertions) -> None:
        self._clients = clients
        self._assertions = assertions
        self._one_at_a_time = asyncio.Semaphore(1)

    async def client(self, request: Request, form: Mapping[str, str]) -> Client:
        """The client. Raises the 401 `invalid_client`, the same whatever is wrong."""
        basic = request.headers.getlist("authorization")
        ways = (bool(basic), "client_secret" in form, "client_assertion" in form)
        try:
            if sum(ways) != 1 or len(basic) > 1:
                raise Unauthenticated
            if "client_assertion" in form:
                return self._by_assertion(form)
            return await self._by_secret(*(_basic(basic[0]) if basic else _posted(form)))
        except Unauthenticated:
            challenge = {"WWW-Authenticate": 'Basic realm="jos"'}
            raise Problem(401, "invalid-client", headers=challenge, more={"error": "invalid_client"}) from None

    async def _by_secret(self, client_id: str, secret: str) -> Client:
        client = self._clients.find(client_id)
        kept = client.secret_hash if client and client.secret_hash else NOBODY
        async with self._one_at_a_time:
            right = await asyncio.to_thread(matches, secret[:512], kept)
        if client is None or not right:
            raise Unauthenticated
        return client

    def _by_assertion(self, form: Mapping[str, str]) -> Client:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise Unauthenticated
        assertion = form["client_assertion"]
        client = self._clients.find(self._assertions.client_id(assertion))
        if client is None or form.get("client_id", client.id) != client.id:
            raise Unauthenticated
        self._assertions.check(assertion, client)
        return client


def _basic(value: str) -> tuple[str, str]:
    """The id and the secret, each form-encoded within Basic (RFC 6749 section 2.3.1)."""
    scheme, _, encoded = value.partition(" ")
    try:
        pair = b64decode(encoded, validate=True).decode()
    except ValueError:
        raise Unauthenticated from None
    client_id, colon, secret = pair.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise Unauthenticated
    return unquote_plus(client_id), unquote_plus(secret)


def _posted(form: Mapping[str, str]) -> tuple[str, str]:
    return form.get("client_id", ""), form["client_secret"]
