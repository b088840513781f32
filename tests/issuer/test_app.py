"""The built-in issuer: who gets a token, what is in it, and what is kept where."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from shared.auth.keys import StaticKeys
from shared.auth.verifier import Verifier
from shared.clock import FrozenClock
from shared.issuer.app import create_issuer_app
from shared.issuer.proof import ASSERTION_TYPE
from shared.issuer.secrets import hash_secret, new_secret
from shared.settings import Misconfigured, Settings
from shared.web.rules import check_routes

SECRET = new_secret()
CLIENT_KEY = ECKey.generate_key("P-256", {"kid": "client-1"})
CLIENTS: list[dict[str, object]] = [
    {
        "id": "demo-ehr",
        "secretHash": hash_secret(SECRET),
        "organisation": "kvknr:99990001",
        "roles": ["provider-system"],
        "scopes": ["events", "findings"],
    },
    {
        "id": "signer",
        "jwks": {"keys": [CLIENT_KEY.as_dict(private=False)]},
        "organisation": "region:HR",
        "roles": ["programme-admin"],
        "programmes": ["HR-JOS"],
        "region": "HR",
    },
]
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(mode="demo", secrets_dir=tmp_path / "secrets")


@pytest.fixture
def clients_file(tmp_path: Path) -> Path:
    path = tmp_path / "clients.json"
    path.write_text(json.dumps(CLIENTS))
    return path


@pytest.fixture
async def issuer(settings: Settings, clock: FrozenClock, clients_file: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_issuer_app(settings, clock, clients_file)
    check_routes(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        yield client


def assertion(clock: FrozenClock, settings: Settings, **claims: object) -> dict[str, str]:
    """The form of a client that signs; further claims replace or (None) leave out."""
    now = int(clock.now().timestamp())
    usual = {"iss": "signer", "sub": "signer", "aud": settings.issuer, "iat": now, "exp": now + 60, "jti": str(uuid4())}
    said = {name: value for name, value in (usual | claims).items() if value is not None}
    signed = jwt.encode({"alg": "ES256", "kid": "client-1"}, said, CLIENT_KEY, algorithms=["ES256"])
    return GRANT | {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


async def test_the_token_says_what_the_file_says_and_every_service_accepts_it(
    issuer: httpx.AsyncClient, settings: Settings, clock: FrozenClock
) -> None:
    answer = (await issuer.post("/token", data=GRANT, auth=("demo-ehr", SECRET))).json()
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 900, "events findings")
    keys = StaticKeys((await issuer.get("/jwks")).json())
    caller = await Verifier(keys, settings.issuer, settings.audience, clock).verify(answer["access_token"])
    assert (caller.client_id, caller.organisation) == ("demo-ehr", "kvknr:99990001")
    assert caller.roles == {"provider-system"}
    assert caller.scopes == {"events", "findings"}


async def test_the_three_ways_to_prove_who_one_is(
    issuer: httpx.AsyncClient, settings: Settings, clock: FrozenClock
) -> None:
    posted = GRANT | {"client_id": "demo-ehr", "client_secret": SECRET}
    assert (await issuer.post("/token", data=posted)).status_code == 200
    assert (await issuer.post("/token", data=GRANT, auth=("demo-ehr", SECRET))).status_code == 200
    assert (await issuer.post("/token", data=assertion(clock, settings))).status_code == 200


async def test_a_narrower_scope_may_be_asked_for_and_a_wider_one_not(issuer: httpx.AsyncClient) -> None:
    narrow = await issuer.post("/token", data=GRANT | {"scope": "events"}, auth=("demo-ehr", SECRET))
    wide = await issuer.post("/token", data=GRANT | {"scope": "events admin"}, auth=("demo-ehr", SECRET))
    assert narrow.json()["scope"] == "events"
    assert (wide.status_code, wide.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("form", "auth"),
    [
        (GRANT, None),
        (GRANT, ("demo-ehr", "wrong")),
        (GRANT, ("nobody", SECRET)),
        (GRANT, ("signer", SECRET)),
        (GRANT | {"client_id": "demo-ehr", "client_secret": SECRET}, ("demo-ehr", SECRET)),
        (GRANT | {"client_secret": SECRET}, None),
        (GRANT | {"client_assertion_type": ASSERTION_TYPE, "client_assertion": "a.b.c"}, None),
        (GRANT | {"client_assertion_type": ASSERTION_TYPE, "client_assertion": "x" * 9000}, None),
    ],
)
async def test_whoever_proves_nothing_gets_nothing(
    issuer: httpx.AsyncClient, form: dict[str, str], auth: tuple[str, str] | None
) -> None:
    answer = await issuer.post("/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"] == 'Basic realm="jos"'


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "other"},
        {"aud": "http://other"},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"jti": None},
        {"exp": 9999999999},
        {"exp": "soon"},
        {"sub": "demo-ehr"},
        {"iat": 1},
    ],
)
async def test_an_assertion_must_be_whole_short_and_for_us(
    issuer: httpx.AsyncClient, settings: Settings, clock: FrozenClock, claims: dict[str, object]
) -> None:
    assert (await issuer.post("/token", data=assertion(clock, settings, **claims))).status_code == 401


async def test_an_assertion_works_once_and_not_from_before_the_start(
    issuer: httpx.AsyncClient, settings: Settings, clock: FrozenClock
) -> None:
    once = assertion(clock, settings)
    before = int(clock.now().timestamp()) - 1
    assert (await issuer.post("/token", data=once)).status_code == 200
    assert (await issuer.post("/token", data=once)).status_code == 401
    assert (await issuer.post("/token", data=assertion(clock, settings, iat=before))).status_code == 401


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"grant_type=password", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"grant_type=client_credentials&grant_type=x", "application/x-www-form-urlencoded", 400),
        (b"%ff%fe=1", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_another_form_is_refused(issuer: httpx.AsyncClient, content: bytes, kind: str, status: int) -> None:
    answer = await issuer.post("/token", content=content, headers={"Content-Type": kind}, auth=("demo-ehr", SECRET))
    assert answer.status_code == status


def write(path: Path, clients: list[dict[str, object]]) -> None:
    path.write_text(json.dumps(clients))


async def test_a_client_that_is_added_to_the_file_is_known_without_a_restart(
    issuer: httpx.AsyncClient, clients_file: Path
) -> None:
    write(clients_file, [*CLIENTS, {**CLIENTS[0], "id": "second"}])
    assert (await issuer.post("/token", data=GRANT, auth=("second", SECRET))).status_code == 200


async def test_where_everything_is(issuer: httpx.AsyncClient, settings: Settings) -> None:
    told = (await issuer.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == settings.issuer
    assert told["jwks_uri"] == f"{settings.issuer}/jwks"
    (key,) = (await issuer.get("/jwks")).json()["keys"]
    assert "d" not in key


def test_production_has_no_built_in_issuer(settings: Settings, clock: FrozenClock, clients_file: Path) -> None:
    with pytest.raises(Misconfigured, match="JOS_MODE"):
        create_issuer_app(settings.model_copy(update={"mode": "production"}), clock, clients_file)


@pytest.mark.parametrize("content", ["[", "[{}]", json.dumps([{**CLIENTS[0], "roles": ["king"]}]), None])
def test_a_file_of_clients_that_is_wrong_stops_the_start_without_telling_what_is_in_it(
    settings: Settings, clock: FrozenClock, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "other.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Misconfigured) as caught:
        create_issuer_app(settings, clock, path)
    assert "king" not in str(caught.value)
