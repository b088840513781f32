"""What goes wrong inside, or takes too much: each ends in a problem, and nothing of what was sent is noted."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.verifier import Verifier
from shared.clock import FrozenClock
from shared.settings import Settings
from tests.fixtures.auth import Mint
from tests.web.sample import create_sample

JSON = {"Content-Type": "application/json"}


async def test_what_nobody_foresaw_is_a_problem_without_its_text(auditor: httpx.AsyncClient) -> None:
    answer = await auditor.get("/sample/v1/trouble/other")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "123456782" not in answer.text


async def call(app: FastAPI, kind: str, path: str, host: bytes, token: str) -> list[dict[str, Any]]:
    """What the application sends for one request or socket, message by message."""
    sent: list[dict[str, Any]] = []

    waiting = [{"type": "websocket.connect" if kind == "websocket" else "http.request"}]

    async def receive() -> dict[str, str]:
        return waiting.pop() if waiting else await asyncio.Future()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(dict(message))

    headers = [(b"host", host), (b"authorization", f"Bearer {token}".encode())]
    scope = {"type": kind, "method": "GET", "path": path, "headers": headers, "query_string": b"", "root_path": ""}
    await app({**scope, "http_version": "1.1", "client": ("x", 1), "subprotocols": []}, receive, send)
    return sent


async def test_g28_what_nobody_foresaw_is_noted_without_its_text(
    sample: FastAPI, mint: Mint, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """G-28: an exception's text may hold what was sent, before and after an answer has begun."""
    token = mint("region:HR", ["auditor"], scope="trouble")
    sent = [await call(sample, "http", f"/sample/v1/trouble/{kind}", b"localhost", token) for kind in ("x", "halfway")]
    assert [messages[0]["status"] for messages in sent] == [500, 200]
    assert sent[1][-1]["body"] == b"begun"
    noted = capfd.readouterr().out + caplog.text
    assert noted.count("request.failed") == 2
    assert "RuntimeError" in noted
    assert "123456782" not in noted


@pytest.mark.parametrize(("host", "codes"), [(b"evil.example", [1008]), (b"localhost", [1000])])
async def test_a_socket_to_another_host_is_closed_unseen(sample: FastAPI, host: bytes, codes: list[int]) -> None:
    sent = await call(sample, "websocket", "/nothing", host, "")
    assert [message["code"] for message in sent] == codes


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
            {"pointer": "/siteCode", "code": "roof-leaks", "message": "the school is closed"}
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

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 10_000

    answer = await client.post("/sample/v1/raw", content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert taken == 1
