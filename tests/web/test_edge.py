"""What holds for every request and every answer, whoever asks and whatever is asked."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.verifier import Verifier
from shared.clock import FrozenClock
from shared.settings import Settings
from shared.web.app import VERSION
from shared.web.edge import SECURITY_HEADERS
from tests.fixtures.auth import Mint
from tests.web.sample import create_sample

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("place", ["/livez", "/sample/v1/me", "/sample/v1/nothing", "/sample/v1/visits", "/"])
async def test_every_answer_carries_the_same_headers(nobody: httpx.AsyncClient, place: str) -> None:
    answer = await nobody.get(place)
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["api-version"] == VERSION
    assert "server" not in answer.headers


async def test_a_trace_goes_on_and_a_bad_one_is_not_believed(nobody: httpx.AsyncClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await nobody.get("/sample/v1/me", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.headers["traceparent"].startswith(f"00-{trace}-")
    assert "00f067aa0ba902b7" not in answer.headers["traceparent"]
    assert answer.json()["traceId"] == trace
    for bad in ("00-" + "0" * 32 + "-00f067aa0ba902b7-01", "x", f"00-{trace.upper()}-00f067aa0ba902b7-01"):
        other = await nobody.get("/sample/v1/me", headers={"traceparent": bad})
        assert trace not in other.headers["traceparent"]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "nl"),
        ("en", "en"),
        ("en-GB,nl;q=0.5", "en"),
        ("de, nl;q=0.3, en;q=0.2", "nl"),
        ("en;q=x", "nl"),
        ("fr", "nl"),
    ],
)
async def test_texts_come_in_the_language_that_was_asked_for(
    nobody: httpx.AsyncClient, asked: str, spoken: str
) -> None:
    answer = await nobody.get("/sample/v1/nothing", headers={"Accept-Language": asked})
    assert answer.headers["content-language"] == spoken
    assert answer.json()["title"] == {"nl": "Niet gevonden", "en": "Not found"}[spoken]


@pytest.mark.parametrize("place", ["/sample/v1/visits/", "/sample/v1/me/", "/livez/", "/sample/v1/openapi.json/"])
async def test_a_trailing_slash_is_not_found_and_not_redirected(client: httpx.AsyncClient, place: str) -> None:
    assert (await client.get(place)).status_code == 404


async def test_a_method_that_is_not_possible_teaches(client: httpx.AsyncClient) -> None:
    answer = await client.put("/sample/v1/visits/7", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["detail"], answer.headers["allow"]) == (405, "Send a correction.", "POST")
    both = await client.delete("/sample/v1/visits")
    assert (both.status_code, both.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "HACK"])
async def test_unknown_methods_are_not_possible(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/sample/v1/me", headers={"X-HTTP-Method-Override": "GET"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/sample/v1/me")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil", "", "localhost:99999999"])
async def test_another_host_is_refused_but_for_probes(nobody: httpx.AsyncClient, host: str) -> None:
    answer = await nobody.get("/sample/v1/openapi.json", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "host")
    assert (await nobody.get("/livez", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "multipart/form-data; boundary=x", "application/json; charset=latin-1"]
)
async def test_another_kind_of_body_is_refused_and_told_which(client: httpx.AsyncClient, kind: str | None) -> None:
    answer = await client.post("/sample/v1/visits", content=b"{}", headers={"Content-Type": kind} if kind else {})
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type")
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "Application/JSON"]
)
async def test_utf_8_may_be_said(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post("/sample/v1/visits", content=b"{}", headers={"Content-Type": kind})
    assert answer.json()["errors"][0]["code"] == "missing"


async def test_a_compressed_body_is_refused_unread(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sample/v1/visits", content=b"x", headers=JSON | {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "content-encoding")


async def test_whatever_is_accepted_as_an_answer_it_is_json(client: httpx.AsyncClient) -> None:
    assert (await client.get("/sample/v1/me", headers={"Accept": "text/html"})).json()["clientId"]


async def test_too_many_headers_are_refused(nobody: httpx.AsyncClient) -> None:
    many = await nobody.get("/livez", headers={f"X-{number}": "x" for number in range(200)})
    large = await nobody.get("/livez", headers={"X-Large": "x" * 40_000})
    assert (many.status_code, large.status_code) == (431, 431)


async def test_a_foreign_page_gets_no_leave_to_read(client: httpx.AsyncClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (
        await client.options("/sample/v1/visits", headers=asked),
        await client.get("/sample/v1/me", headers=asked),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert (await client.get("/sample/v1/openapi.json")).headers["access-control-allow-origin"] == "*"


async def test_what_nobody_foresaw_is_a_problem_without_its_text(auditor: httpx.AsyncClient) -> None:
    answer = await auditor.get("/sample/v1/trouble/other")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "123456782" not in answer.text


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("refused", 409, "conflict"),
        ("invalid", 400, "format"),
        ("unknown", 404, "not-found"),
        ("overloaded", 503, "unavailable"),
        ("full", 507, "storage-full"),
    ],
)
async def test_what_the_domain_and_the_log_say_becomes_a_status(
    auditor: httpx.AsyncClient, kind: str, status: int, code: str
) -> None:
    answer = await auditor.get(f"/sample/v1/trouble/{kind}", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("retry-after" in answer.headers) == (status >= 500)
    if kind == "refused":
        assert answer.json()["errors"] == [
            {"pointer": "/siteCode", "code": "school-closed", "message": "the school is closed"}
        ]


async def test_a_busy_client_is_told_to_wait_and_another_is_not(
    clock: FrozenClock, verifier: Verifier, mint: Mint
) -> None:
    app = create_sample(Settings(rate_per_second=5), clock, verifier)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        busy, calm = ({"Authorization": f"Bearer {mint(client_id=name)}"} for name in ("busy", "calm"))
        answers = [await client.get("/sample/v1/me", headers=busy) for _ in range(40)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert refused[0].headers["retry-after"] == "1"
        assert refused[0].headers["ratelimit"] == '"client";r=0;t=1'
        assert refused[0].headers["ratelimit-policy"] == '"client";q=5;w=1'
        assert (await client.get("/sample/v1/me", headers=calm)).status_code == 200


async def test_a_body_that_never_comes_ends_in_a_timeout(
    sample: FastAPI, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.web.edge.BODY_SECONDS", 0.05)
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {mint()}".encode())]
    headers.append((b"content-type", b"application/json"))
    scope = {"type": "http", "method": "POST", "path": "/sample/v1/visits", "query_string": b"", "headers": headers}
    await sample({**scope, "http_version": "1.1", "client": ("x", 1), "root_path": ""}, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 408


async def test_a_body_of_no_announced_length_is_cut_off_at_the_limit(client: httpx.AsyncClient) -> None:
    taken = 0

    async def endless() -> "asyncio.AsyncIterator[bytes]":  # type: ignore[name-defined]
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 10_000

    answer = await client.post("/sample/v1/raw", content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert taken == 1
