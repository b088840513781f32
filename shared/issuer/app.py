"""The built-in issuer (OAuth 2.0 client credentials), for one machine and the demo; refused in production."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl
from uuid import uuid4

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.auth.claims import MAX_LIFETIME
from shared.auth.errors import TooMany
from shared.auth.rates import Rate
from shared.clock import Clock
from shared.issuer.assertions import Assertions
from shared.issuer.clients import Client, Clients
from shared.issuer.proof import Proofs
from shared.issuer.signing import SigningKeys
from shared.settings import Misconfigured, Settings
from shared.web.app import create_service_app
from shared.web.bodies import media_type, read_body
from shared.web.problems import Problem

REQUESTS_PER_SECOND = 20
"""From one address: each secret costs 50 ms of a processor to check."""
MAX_FORM = 16 * 1024


def create_issuer_app(settings: Settings, clock: Clock, clients_file: Path) -> FastAPI:
    """`/token`, `/jwks` and `/.well-known/openid-configuration`.

    Raises `Misconfigured` in production mode and for a file of clients that cannot be used.
    """
    if settings.mode == "production":
        raise Misconfigured("JOS_MODE", "the built-in issuer is not for production")
    issuer = Issuer(settings, clock, clients_file)
    app = create_service_app(
        "issuer", settings, clock, lifespan=_nothing_to_open, verifier=None, title="JOS: tokens", prefix=""
    )
    app.router.routes += [
        Route("/token", issuer.token, methods=["POST"]),
        Route("/jwks", issuer.jwks, methods=["GET"]),
        Route("/.well-known/openid-configuration", issuer.configuration, methods=["GET"]),
    ]
    return app


class Issuer:
    """Answers the three endpoints."""

    def __init__(self, settings: Settings, clock: Clock, clients_file: Path) -> None:
        self._settings = settings
        self._clock = clock
        self._keys = SigningKeys(settings.secrets_dir, clock)
        url = settings.issuer
        self._proofs = Proofs(Clients(clients_file), Assertions((url, f"{url}/token"), clock))
        self._rate = Rate(REQUESTS_PER_SECOND)

    async def token(self, request: Request) -> Response:
        """A token of 15 minutes for the client that proves who it is (RFC 6749 section 4.4)."""
        standing = await self._rate.hit(request.client.host if request.client else "")
        if not standing.allowed:
            raise TooMany(standing.reset)
        form = await _form(request)
        client = await self._proofs.client(request, form)
        if form.get("grant_type") != "client_credentials":
            raise _refused("unsupported_grant_type")
        scope = _scope(form, client)
        answer = {"token_type": "Bearer", "expires_in": MAX_LIFETIME, "scope": scope}
        return JSONResponse({"access_token": self._issue(client, scope), **answer})

    async def jwks(self, _request: Request) -> Response:
        """The public keys, for every verifier."""
        return JSONResponse(self._keys.published())

    async def configuration(self, _request: Request) -> Response:
        """Where everything is (OpenID Connect Discovery)."""
        url = self._settings.issuer
        return JSONResponse(
            {
                "issuer": url,
                "token_endpoint": f"{url}/token",
                "jwks_uri": f"{url}/jwks",
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": [],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                    "private_key_jwt",
                ],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "PS256"],
            }
        )

    def _issue(self, client: Client, scope: str) -> str:
        now = int(self._clock.now().timestamp())
        usual = {"iss": self._settings.issuer, "aud": self._settings.audience, "jti": str(uuid4()), "scope": scope}
        return self._keys.sign({**usual, **client.claims(), "iat": now, "nbf": now, "exp": now + MAX_LIFETIME})


@asynccontextmanager
async def _nothing_to_open(_app: FastAPI) -> AsyncIterator[None]:
    yield


async def _form(request: Request) -> dict[str, str]:
    """The form, each parameter once."""
    media_type(request, ("application/x-www-form-urlencoded",))
    raw = await read_body(request, MAX_FORM)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise _refused("invalid_request") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _refused("invalid_request")
    return form


def _scope(form: dict[str, str], client: Client) -> str:
    """What was asked for, if the client may have it; all of its scopes when nothing was asked."""
    asked = form.get("scope", "").split()
    if not set(asked) <= set(client.scopes):
        raise _refused("invalid_scope")
    return " ".join(asked or client.scopes)


def _refused(error: str) -> Problem:
    """A 400 that carries OAuth's own word for it too (RFC 6749 section 5.2)."""
    return Problem(400, "invalid-request", more={"error": error})
