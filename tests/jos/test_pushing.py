"""Pushing events: in batches, repeated when it is safe to, counted by verdict."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jos.client import Client, Credentials
from jos.exits import Exit, Stop
from jos.pushing import BATCH, batches, push

BASE = "http://service/interventions/v1"
EVENTS = [{"id": f"e-{number}"} for number in range(BATCH + 10)]


class Service:
    """An issuer and an interventions service that keep what they got; `busy` answers come before the first verdicts."""

    def __init__(self, busy: list[Response] | None = None, lifetime: int = 900) -> None:
        self.stored: list[str] = []
        self.sign_ins = 0
        self._busy = busy or []
        self._lifetime = lifetime
        routes = [
            Route("/token", self.token, methods=["POST"]),
            Route("/interventions/v1/events", self.events, methods=["POST"]),
        ]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=routes)))

    def client(self, proof: str = "right") -> Client:
        return Client(Credentials("http://service/token", "demo-ehr", proof), http=self.http)

    async def token(self, request: Request) -> Response:
        self.sign_ins += 1
        if request.headers["Authorization"] != httpx.BasicAuth("demo-ehr", "right")._auth_header:
            return JSONResponse({"code": "unauthorised"}, 401)
        return JSONResponse({"access_token": f"t-{self.sign_ins}", "expires_in": self._lifetime})

    async def events(self, request: Request) -> Response:
        if self._busy:
            return self._busy.pop(0)
        results = [self._judge(index, event["id"]) for index, event in enumerate(json.loads(await request.body()))]
        status = 200 if all(result["status"] < 300 for result in results) else 207
        return JSONResponse({"results": results, "token": f"at-{len(self.stored)}"}, status)

    def _judge(self, index: int, id_: str) -> dict[str, Any]:
        if id_ == "bad":
            errors = [{"code": "unknown-field", "pointer": "/data/siteKode"}]
            return {"index": index, "id": id_, "status": 400, "verdict": "rejected", "errors": errors}
        if id_ in self.stored:
            return {"index": index, "id": id_, "status": 200, "verdict": "duplicate"}
        self.stored.append(id_)
        return {"index": index, "id": id_, "status": 201, "verdict": "created"}


async def _push(service: Service, events: list[dict[str, str]], told: Callable[[int], None] = lambda _: None) -> Any:
    async with service.client() as client:
        return await push(client, BASE, events, told)


async def test_events_go_in_order_in_batches_and_are_counted() -> None:
    service, told = Service(), []
    verdicts = await _push(service, EVENTS, told.append)
    assert service.stored == [event["id"] for event in EVENTS]
    assert verdicts.counts == {"created": len(EVENTS)}
    assert verdicts.token == f"at-{len(EVENTS)}"
    assert told == [BATCH, 10]


async def test_pushing_again_gives_duplicates() -> None:
    service = Service()
    async with service.client() as client:
        await push(client, BASE, EVENTS[:5], lambda _: None)
        again = await push(client, BASE, EVENTS, lambda _: None)
    assert again.counts == {"duplicate": 5, "created": len(EVENTS) - 5}


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_service_that_is_busy_is_asked_again(status: int) -> None:
    service = Service(busy=[Response(status_code=status, headers={"Retry-After": "0"})])
    assert (await _push(service, EVENTS[:3])).counts == {"created": 3}


async def test_a_rejected_event_is_named_by_its_place_and_the_others_count() -> None:
    events = [*EVENTS[:BATCH], {"id": "bad"}, {"id": "e-last"}]
    verdicts = await _push(Service(), events)
    [(place, result)] = verdicts.refused
    assert place == BATCH
    assert result["errors"][0]["code"] == "unknown-field"
    assert verdicts.counts == {"created": BATCH + 1, "rejected": 1}


@pytest.mark.parametrize(("status", "code"), [(403, Exit.PERMISSION), (400, Exit.DATA), (413, Exit.DATA)])
async def test_a_batch_that_is_refused_as_a_whole_ends_the_push(status: int, code: Exit) -> None:
    service = Service(busy=[JSONResponse({"code": "no"}, status)])
    with pytest.raises(Stop, match="no") as stopped:
        await _push(service, EVENTS[:3])
    assert stopped.value.code is code


async def test_a_wrong_secret_is_a_matter_of_permission() -> None:
    async with Service().client("wrong") as client:
        with pytest.raises(Stop) as stopped:
            await client.token()
    assert stopped.value.code is Exit.PERMISSION
    assert "wrong" not in str(stopped.value)


async def test_a_token_is_used_until_shortly_before_its_end() -> None:
    long, short = Service(), Service(lifetime=30)
    await _push(long, EVENTS)
    await _push(short, EVENTS)
    assert long.sign_ins == 1
    assert short.sign_ins == 2


def test_a_batch_never_grows_too_large_for_a_request() -> None:
    large = [{"id": "x" * 60_000} for _ in range(300)]
    sizes = [sum(map(len, batch)) for batch in batches(large)]
    assert len(sizes) > 1
    assert max(sizes) < 8 * 1024 * 1024
