"""The interventions service and its issuer as processes: what only a real connection shows, and what they log."""

import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from shared.clock import SystemClock
from shared.feeds.postgres import PostgresFeed
from shared.issuer.secrets import hash_secret
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from shared.telemetry import FIELDS
from tests.interventions.given import AJ, Neighbours, a_school_in_order, event, programme
from tests.polite.processes import Served, free_port, serving

BASE = "/interventions/v1"
CLIENTS = 10
SECRET = "a secret that no line may hold 0123456789"
PERSONAL = ("Sanne de Vries", "999991772", "sanne.devries@example.org")
KIND = "application/cloudevents+json"


@dataclass
class Running:
    """Both processes, and a token for each client."""

    issuer: Served
    interventions: Served
    settings: Settings
    tokens: list[str]
    neighbours: Neighbours

    def head(self, method: str = "POST", path: str = f"{BASE}/events", client: int = 0, **headers: str) -> bytes:
        """The beginning of a request; its end is for the caller."""
        fields = {"Host": "localhost", "Authorization": f"Bearer {self.tokens[client]}", "Content-Type": KIND} | headers
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join(lines).encode() + b"\r\n"

    async def stored(self) -> int:
        """How many events are in the log."""
        feed = PostgresFeed("interventions", self.settings)
        try:
            return await feed.head(1)
        finally:
            await feed.close()

    def alive(self) -> None:
        """Both still answer."""
        for served in (self.issuer, self.interventions):
            assert httpx.get(f"{served.origin}/readyz", trust_env=False, timeout=20).status_code == 200


@pytest.fixture(scope="module")
async def running(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """An issuer with ten clients of one provider, and the service that they push to."""
    place = tmp_path_factory.mktemp("processes")
    who = {"secretHash": hash_secret(SECRET), "organisation": AJ, "roles": ["provider-system"]}
    (place / "clients.json").write_text(json.dumps([{"id": f"ehr-{n}", **who} for n in range(CLIENTS)]), "utf-8")
    port = free_port()
    common = {"data_dir": place, "issuer": f"http://127.0.0.1:{port}", "mode": "demo"}
    own = settings.model_copy(update=common | {"port": port})
    with ExitStack() as stack:
        pools, logs = [], {}
        for name in ("registry", "contracts"):
            pools.append(await open_pool(settings, name))
            logs[name] = Log(name, pools[-1], SystemClock())
            await logs[name].start()
        neighbours = Neighbours(logs, SystemClock())
        await neighbours.tell(*programme(), *a_school_in_order())
        issuer = stack.enter_context(serving("issuer", own, place / "issuer.log"))
        service = own.model_copy(update={"port": free_port(), "metrics_port": free_port()})
        interventions = stack.enter_context(serving("interventions", service, place / "interventions.log"))
        tokens = [token(issuer, f"ehr-{n}") for n in range(CLIENTS)]
        yield Running(issuer, interventions, service, tokens, neighbours)
        for log in logs.values():
            await log.close()
        for pool in pools:
            await pool.close()


def token(issuer: Served, client: str) -> str:
    """A token, as a client gets it."""
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": SECRET}
    answer = httpx.post(f"{issuer.origin}/token", data=form, trust_env=False)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def good(id_: str) -> bytes:
    """A group intervention."""
    return json.dumps(event("group", id_)).encode()


def statuses(answer: bytes) -> list[int]:
    """The statuses in what came back."""
    return [int(one) for one in re.findall(rb"HTTP/1\.1 (\d{3})", answer)]


async def test_what_is_too_slow_or_endless_gets_408_and_nothing_is_stored(running: Running) -> None:
    """R-25, R-27, R-61: at the same time, so that the ten seconds are waited for once."""
    before = await running.stored()
    body = good("slow-1")
    half = running.head(**{"Content-Length": str(len(body) + 10)}) + b"\r\n" + body
    chunks = running.head(**{"Transfer-Encoding": "chunked"}) + b'\r\n5\r\n{"id"\r\n'
    expect = running.head(**{"Content-Length": "500", "Expect": "100-continue"}) + b"\r\n"
    answers = await asyncio.gather(
        running.interventions.answer_to(half),
        running.interventions.answer_to(chunks),
        running.interventions.answer_to(expect),
        trickled(running, chunks),
    )
    assert [statuses(one)[-1] for one in answers] == [408] * 4
    assert statuses(answers[2]) == [100, 408]
    assert all(b"slow-1" not in one for one in answers)
    assert await running.stored() == before
    running.alive()


async def trickled(running: Running, beginning: bytes) -> bytes:
    """A byte now and then for ever; what came back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.interventions.port)
    writer.write(beginning)

    async def trickle() -> None:
        while True:
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(0.5)

    task = asyncio.create_task(trickle())
    try:
        async with asyncio.timeout(20):
            return await reader.read(100_000)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        writer.close()


SMUGGLED = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: "
AMBIGUOUS = {
    "length below the body": {"Content-Length": "10"},
    "length and chunked": {"Content-Length": "5", "Transfer-Encoding": "chunked"},
    "two lengths": {"Content-Length": "5\r\nContent-Length: 6"},
    "a coding nobody knows": {"Transfer-Encoding": "xchunked"},
    "chunked twice": {"Transfer-Encoding": "chunked, chunked"},
    "chunked in disguise": {"Transfer-Encoding": " \tchunked\x0b"},
    "a length with a sign": {"Content-Length": "+5"},
    "a length in hexadecimal": {"Content-Length": "0x5"},
    "a length of many": {"Content-Length": "5, 5"},
    "a folded header": {"X-Folded": "a\r\n b"},
    "a space before the colon": {"Content-Length ": "5"},
    "a bare line feed": {"X-A": "b\nContent-Length: 5"},
    "a bare carriage return": {"X-A": "b\rContent-Length: 5"},
    "NUL in a header": {"X-A": "b\x00c"},
}


@pytest.mark.parametrize("headers", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_what_can_be_read_in_two_ways_is_not_read_at_all(running: Running, headers: dict[str, str]) -> None:
    """R-26: 400 and the connection closed; nothing after it is taken for a request of its own."""
    before = await running.stored()
    raw = running.head(**headers) + b"\r\n" + good("smuggled-1") + b"\r\n0\r\n\r\n" + SMUGGLED
    answer = await running.interventions.answer_to(raw, 15)
    found = statuses(answer)
    assert found and set(found) <= {400, 408, 415}, answer[:200]
    assert b'"ok"' not in answer
    assert b"smuggled-1" not in answer
    assert await running.stored() == before


async def test_floods_of_headers_other_hosts_and_other_verbs_are_refused(running: Running) -> None:
    """R-31, R-32, R-34, J-25."""
    close = {"Connection": "close"}
    cases = [
        (running.head("GET", **close, **{f"X-{n}": "y" for n in range(500)}), 431),
        (running.head("GET", **close, **{"X-Large": "y" * 64_000}), 431),
        (running.head("GET", **close, Authorization="Bearer " + "a" * 9_000), 401),
        (running.head("GET", **close, Authorization="Bearer " + "a" * 1_000_000), 431),
        (running.head("GET", **close, Host="evil.example"), 400),
        (running.head("GET", f"http://evil.example{BASE}/events", **close, Host="evil.example"), 400),
        (running.head("TRACE", **close), 405),
        (running.head("PROPFIND", **close), 405),
        (running.head("GET", **close, **{"X-HTTP-Method-Override": "DELETE"}), 200),
        (running.head("GET", f"{BASE}/events?{'a' * 70_000}", **close), 400),
    ]
    for raw, status in cases:
        answer = await running.interventions.answer_to(raw + b"\r\n")
        assert statuses(answer) == [status], (raw[:80], answer[:200])
        assert b"y" * 20 not in answer and b"evil" not in answer and b"a" * 20 not in answer
    running.alive()


async def test_a_client_that_leaves_after_the_body_finds_on_retry_what_became_of_it(running: Running) -> None:
    """R-64: stored or not, and once."""
    before = await running.stored()
    for number in range(20):
        body = good(f"left-{number}")
        _, writer = await asyncio.open_connection("127.0.0.1", running.interventions.port)
        writer.write(running.head(**{"Content-Length": str(len(body))}) + b"\r\n" + body)
        await writer.drain()
        writer.transport.abort()
    async with httpx.AsyncClient(base_url=running.interventions.origin, trust_env=False) as client:
        who = {"Authorization": f"Bearer {running.tokens[0]}", "Content-Type": KIND}
        for number in range(20):
            answer = await client.post(f"{BASE}/events", content=good(f"left-{number}"), headers=who)
            assert answer.status_code in (200, 201)
    assert await running.stored() == before + 20


async def test_ten_thousand_bad_tokens_cost_little_and_are_told_to_wait(running: Running) -> None:
    """J-27: after a hundred in a second the next ones are not even looked at; a good one still comes in."""
    bad = running.head("GET", Authorization=f"Bearer {running.tokens[0][:-4]}AAAA") + b"\r\n"
    last = running.head("GET", Authorization="Bearer x.y.z", Connection="close") + b"\r\n"
    found = Counter(statuses(await running.interventions.answer_to(bad * 1_000 + last, 60)))
    assert set(found) <= {401, 429} and found[429] > found[401], found
    good_one = running.head("GET", Connection="close") + b"\r\n"
    assert statuses(await running.interventions.answer_to(good_one)) == [200]


@dataclass
class Flood:
    """What came of a load: answers by status, refusals that say when to come again, seconds."""

    found: Counter[int]
    polite: int
    seconds: float

    @property
    def goodput(self) -> float:
        """Events stored per second."""
        return self.found[201] / self.seconds


async def load(running: Running, name: str, connections: int, each: int, at_once: int) -> Flood:
    """Push from many connections, each so many events, `at_once` of them before it looks at the answers."""
    began, answers = time.monotonic(), []

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.interventions.port)
        for first in range(0, each, at_once):
            requests = []
            for n in range(first, first + at_once):
                body = good(f"{name}-{number}-{n}")
                head = running.head(client=number % CLIENTS, **{"Content-Length": str(len(body))})
                requests.append(head + b"\r\n" + body)
            writer.write(b"".join(requests))
            received = b""
            while len(statuses(received)) < at_once or not received.endswith(b"}"):
                chunk = await reader.read(1_000_000)
                assert chunk, "cut off"
                received += chunk
            answers.append(received)
        writer.close()

    await asyncio.gather(*(one(number) for number in range(connections)))
    whole = b"".join(answers)
    polite = len(re.findall(rb"(?i)\r\nretry-after: \d+", whole))
    return Flood(Counter(statuses(whole)), polite, time.monotonic() - began)


@pytest.mark.timeout(240)
async def test_g15_five_times_what_it_can_bear_is_refused_politely_and_loses_nothing(running: Running) -> None:
    """G-15: whatever was answered 201 is stored; every refusal is 429 or 503 and says when to come again."""
    before = await running.stored()
    usual = await load(running, "usual", 16, 40, 1)
    memory = running.interventions.memory()
    flood = await load(running, "flood", 160, 40, 10)
    grown = running.interventions.memory() - memory
    assert set(flood.found) <= {201, 429, 503}, flood.found
    assert flood.polite == flood.found[429] + flood.found[503]
    assert await running.stored() == before + usual.found[201] + flood.found[201]
    assert grown < 64 * 1024 * 1024, grown
    ratio = flood.goodput / usual.goodput
    sys.stdout.write(
        f"goodput {flood.goodput:.0f}/s of {usual.goodput:.0f}/s: {ratio:.2f}; memory {grown}, {flood.found}\n"
    )
    running.alive()


async def test_g28_no_line_holds_anything_that_somebody_sent(running: Running) -> None:
    """G-28: names, numbers, tokens and secrets in every place of a request; what is logged is JSON of known fields."""
    async with httpx.AsyncClient(base_url=running.interventions.origin, trust_env=False) as client:
        for secret in PERSONAL:
            who = {"Authorization": f"Bearer {running.tokens[0]}", "Content-Type": KIND, "X-Name": secret}
            for path in (f"{BASE}/events/{secret}", f"{BASE}/{secret}", f"{BASE}/events?cursor={secret}"):
                await client.get(path, headers=who)
            for key in ("id", "source", "type", "time", "data", secret):
                await client.post(f"{BASE}/events", json=event("group", "e-1") | {key: secret}, headers=who)
            await client.get(f"{BASE}/events", headers={"Authorization": f"Bearer {secret}"})
        await client.post(f"{running.issuer.origin}/token", data={"client_id": PERSONAL[0], "client_secret": SECRET})
        metrics = (await client.get(f"http://127.0.0.1:{running.settings.metrics_port}/metrics")).text
    assert "jos_reader_lag_events" in metrics
    for served in (running.issuer, running.interventions):
        lines = served.lines.read_text("utf-8")
        told = [json.loads(line) for line in lines.splitlines()]
        assert all(one.keys() <= FIELDS for one in told)
        for secret in (*PERSONAL, SECRET, *running.tokens, *passwords(running.settings.secrets_dir)):
            assert secret not in lines
            assert secret not in metrics
    assert "reader turned" in running.interventions.lines.read_text("utf-8")


def passwords(folder: Path) -> list[str]:
    """Every secret of the installation."""
    return [path.read_text("utf-8").strip() for path in folder.iterdir() if path.is_file()]
