"""What only a real connection shows: the bytes on the wire, and what they may not do."""

import asyncio
import os
import signal
import socket
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator

import pytest

SERVE = """
import sys
from datetime import UTC, datetime
from shared.auth.verifier import Verifier
from shared.clock import FrozenClock
from shared.settings import Settings
from shared.web import protocol, edge
from shared.web.serve import run
from tests.fixtures.auth import AUDIENCE, ISSUER, SIGNING_KEY
from shared.auth.keys import StaticKeys
from tests.web.sample import create_sample
protocol.HEAD_SECONDS = edge.BODY_SECONDS = 0.5
clock = FrozenClock(datetime(2022, 7, 5, 10, tzinfo=UTC))
keys = StaticKeys({"keys": [SIGNING_KEY.as_dict(private=False)]})
run(create_sample(Settings(), clock, Verifier(keys, ISSUER, AUDIENCE, clock)), "127.0.0.1", int(sys.argv[1]))
"""

GET = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[tuple[Process, int]]:
    """The sample service as a process of its own; its deadlines are half a second here."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVE, str(port), stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                assert process.returncode is None, (await process.communicate())[1].decode()
                await asyncio.wait([asyncio.ensure_future(process.wait())], timeout=0.05)
    writer.close()
    yield process, port
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def connect(server: tuple[Process, int]) -> tuple[StreamReader, StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", server[1])


async def answer_to(server: tuple[Process, int], raw: bytes) -> bytes:
    """What comes back until the other side closes; the sender says nothing more but stays connected."""
    reader, writer = await connect(server)
    writer.write(raw)
    received = b""
    try:
        async with asyncio.timeout(10):
            received = await reader.read(1_000_000)
            while chunk := await reader.read(1_000_000):
                received += chunk
    except ConnectionError:
        pass
    writer.close()
    return received


async def test_a_plain_request_is_answered_without_a_server_header(server: tuple[Process, int]) -> None:
    answer = await answer_to(server, GET + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nserver:" not in answer.lower()
    assert b"\r\ndate:" in answer.lower()


async def test_head_is_answered_with_the_length_and_without_the_body(server: tuple[Process, int]) -> None:
    head = GET.replace(b"GET", b"HEAD")
    answer = await answer_to(server, head + b"\r\n" + GET + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.count(b"content-length: 15") == 2
    assert answer.count(b'{"status":"ok"}') == 1


@pytest.mark.parametrize(
    "raw",
    [
        GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding: xchunked\r\n\r\nx",
        GET + b"Content-Length: -1\r\n\r\n",
        GET + b"Content-Length: x\r\n\r\n",
        GET + b"Bad Header: 1\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"HACK /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
async def test_an_ambiguous_request_is_refused_and_the_connection_closed(
    server: tuple[Process, int], raw: bytes
) -> None:
    assert (await answer_to(server, raw)).startswith(b"HTTP/1.1 400 ")


async def test_a_head_that_never_ends_is_cut_off_by_its_size(server: tuple[Process, int]) -> None:
    many = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 100) for number in range(2_000))
    assert (await answer_to(server, GET + many)).startswith(b"HTTP/1.1 431 ")


async def test_a_large_head_that_ends_gets_its_problem(server: tuple[Process, int]) -> None:
    answer = await answer_to(server, GET + b"X: " + b"x" * 40_000 + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"headers-too-large" in answer


@pytest.mark.parametrize("raw", [b"", b"GET /li", GET])
async def test_a_head_that_does_not_come_is_not_waited_for(server: tuple[Process, int], raw: bytes) -> None:
    assert await answer_to(server, raw) == b""


async def test_another_host_in_the_request_line_is_refused(server: tuple[Process, int]) -> None:
    raw = b"GET /sample/v1/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert b" 400 " in (await answer_to(server, raw)).split(b"\r\n")[0]


async def test_requests_on_one_connection_each_get_their_answer(server: tuple[Process, int]) -> None:
    answer = await answer_to(server, (GET + b"\r\n") * 20 + GET + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 21


async def test_after_a_refused_body_the_sender_is_not_listened_to_for_ever(server: tuple[Process, int]) -> None:
    reader, writer = await connect(server)
    writer.write(b"POST /sample/v1/raw HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
    with pytest.raises(ConnectionError):
        async with asyncio.timeout(20):
            while True:
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                await writer.drain()


async def test_g19_sigterm_ends_what_is_under_way_and_then_the_process(server: tuple[Process, int]) -> None:
    """G-19: SIGTERM drains; an idle process ends at once."""
    process, _ = server
    assert (await answer_to(server, GET + b"Connection: close\r\n\r\n")).startswith(b"HTTP/1.1 200")
    os.kill(process.pid, signal.SIGTERM)
    async with asyncio.timeout(10):
        await process.wait()
    assert process.returncode == -signal.SIGTERM
