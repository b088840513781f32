"""A token is accepted only if everything about it matches the profile (G-24); nobody is told which check failed."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from joserfc.jwk import ECKey
from ruamel.yaml import YAML

from shared.clock import FrozenClock
from tests.fixtures.auth import SIGNING_KEY, Mint, claims_for, sign

ROWS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(
    Path(__file__).with_name("bad_tokens.yaml").read_text("utf-8")
)
GOOD_HEADER = {"alg": "ES256", "kid": "test-1", "typ": "at+jwt"}


def part(value: object) -> str:
    """A part of a token: JSON, or bytes as they are."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: object, claims: object) -> str:
    """A token with exactly this header and these claims, whatever they are, well signed with the right key."""
    content = f"{part(header)}.{part(claims)}"
    key = SIGNING_KEY.private_key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    r, s = utils.decode_dss_signature(key.sign(content.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{content}.{part(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def filled(value: Any, now: int, times: int) -> Any:
    """A value of a row: `{now: n}` is a moment, LONG a long text."""
    if isinstance(value, Mapping) and set(value) == {"now"}:
        return now + value["now"]
    return "x" * times if value == "LONG" else value


def changed(usual: dict[str, Any], row: dict[str, Any], part_: str, now: int) -> dict[str, Any]:
    """The usual fields with the row's changes; null leaves one out."""
    fields = usual | {name: filled(value, now, row.get("times", 1)) for name, value in row.get(part_, {}).items()}
    return {name: value for name, value in fields.items() if value is not None}


async def knock(door: httpx.AsyncClient, token: str) -> httpx.Response:
    """Ask who one is, with this token."""
    return await door.get("/door/v1/me", headers={"Authorization": f"Bearer {token}"})


def without_names(answer: httpx.Response) -> dict[str, Any]:
    """The document without what names this one request."""
    return {name: value for name, value in answer.json().items() if name not in ("instance", "traceId")}


async def test_g24_a_good_token_is_accepted(door: httpx.AsyncClient, clock: FrozenClock) -> None:
    """G-24: the same way of making tokens as every row below, with nothing changed."""
    token = signed(GOOD_HEADER, claims_for(clock.now(), "kvknr:99990001", ["provider-system"]))
    assert (await knock(door, token)).json()["organisation"] == "kvknr:99990001"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']}-{row['what'].replace(' ', '-')}")
async def test_g24_a_bad_token_is_refused(door: httpx.AsyncClient, clock: FrozenClock, row: dict[str, Any]) -> None:
    """G-24: algorithm, key, type, issuer, audience, binding, lifetime, size and claims all must match."""
    now = int(clock.now().timestamp())
    usual = claims_for(clock.now(), "kvknr:99990001", ["provider-system"])
    token = signed(changed(GOOD_HEADER, row, "header", now), changed(usual, row, "claims", now))
    answer = await knock(door, token)
    code = row.get("code", "invalid-token")
    assert (answer.status_code, answer.json()["code"]) == (row.get("status", 401), code)
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == 'Bearer realm="jos", error="invalid_token"'
    if code == "invalid-token":
        assert without_names(answer) == without_names(await door.get("/door/v1/me"))
    if code == "token-not-yet-valid":
        assert "2022-07-05T10:00:00Z" in answer.json()["detail"]


def mangled(good: str) -> dict[str, str]:
    """Tokens made of a good one by somebody without the key."""
    head, body, signature = good.split(".")
    other = ECKey.generate_key("P-256", {"kid": "test-1"})
    zero, order = b"\0" * 64, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    return {
        "nothing": "",
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.x",
        "five parts (JWE)": f"{good}.x.y",
        "signature stripped": f"{head}.{body}.",
        "signature of zeros": f"{head}.{body}.{part(zero)}",
        "s equals n": f"{head}.{body}.{part(zero[:32] + order.to_bytes(32, 'big'))}",
        "signature cut short": f"{head}.{body}.{signature[:40]}",
        "signature swapped": f"{head}.{body}.{sign({'a': 1}).split('.')[2]}",
        "payload changed": f"{head}.{part({'sub': 'x'})}.{signature}",
        "header changed": f"{part({**GOOD_HEADER, 'x5t': 'a'})}.{body}.{signature}",
        "another key": sign({"sub": "x"}, key=other),
        "JSON serialisation": json.dumps({"payload": body, "protected": head, "signature": signature}),
        "payload no JSON": signed(GOOD_HEADER, b"{"),
        "payload a list": signed(GOOD_HEADER, []),
        "header no JSON": signed(b"{", {}),
        "header a list": signed([], {}),
        "a nested token": signed(GOOD_HEADER, good.encode()),
        "payload with NaN": signed(GOOD_HEADER, b'{"exp":NaN}'),
        "padding": f"{head}=.{body}.{signature}",
        "white space": f"{head} .{body}.{signature}",
        "twenty kilobytes": f"{head}.{body}.{'A' * 20_000}",
    }


@pytest.mark.parametrize("kind", list(mangled("a.b.c")))
async def test_g24_a_token_that_was_tampered_with_is_refused(door: httpx.AsyncClient, mint: Mint, kind: str) -> None:
    """G-24: what was made or changed without the key."""
    answer = await knock(door, mangled(mint())[kind])
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid-token")


async def test_g24_a_claim_that_occurs_twice_is_refused(door: httpx.AsyncClient, clock: FrozenClock) -> None:
    """G-24: whoever reads the first and whoever reads the last must not disagree."""
    good = json.dumps(claims_for(clock.now(), "kvknr:99990001", ["provider-system"])).encode()
    assert (await knock(door, signed(GOOD_HEADER, good))).status_code == 200
    twice = good[:-1] + b',"organisation":"kvknr:99990002"}'
    assert (await knock(door, signed(GOOD_HEADER, twice))).status_code == 401


@pytest.mark.parametrize(
    "scheme", ["", "Bearer", "Bearer ", "bearer  {0}", "Basic {0}", "{0}", "Bearer {0} x", "Token {0}"]
)
async def test_the_header_has_one_form(door: httpx.AsyncClient, mint: Mint, scheme: str) -> None:
    answer = await door.get("/door/v1/me", headers={"Authorization": scheme.format(mint())})
    assert answer.status_code == 401


async def test_a_token_in_the_query_or_given_twice_is_no_token(door: httpx.AsyncClient, mint: Mint) -> None:
    token = mint()
    assert (await door.get("/door/v1/me", params={"access_token": token})).status_code == 401
    twice = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    assert (await door.get("/door/v1/me", headers=twice)).status_code == 401
    assert (await door.get("/door/v1/me", headers={"authorization": f"bEARER {token}"})).status_code == 200


async def test_after_many_bad_tokens_an_address_must_wait(door: httpx.AsyncClient, mint: Mint) -> None:
    good = mint()
    assert (await knock(door, good)).status_code == 200
    statuses = [(await knock(door, f"a.b.c{number}")).status_code for number in range(500)]
    assert set(statuses) == {401, 429}
    assert (await knock(door, good)).status_code == 200
