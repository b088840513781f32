"""The proxy does to a connection what it is told, and nothing else."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.faults.proxy import Proxy, proxied

Ask = Callable[[bytes], Awaitable[bytes]]


class Echo:
    """A server that counts what it was asked and says it back."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.more = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            self.asked.append(line)
            self.more.set()
            writer.write(line)
        writer.close()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with proxied("127.0.0.1", server.sockets[0].getsockname()[1], random.Random(1)) as one:  # noqa: S311
        yield one
    server.close()


async def asked(proxy: Proxy, line: bytes, within: float = 5.0) -> bytes:
    """The answer, empty for a connection that was cut. Raises `TimeoutError` for silence."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(line)
        async with asyncio.timeout(within):
            return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def test_it_passes_on(proxy: Proxy) -> None:
    assert await asked(proxy, b"one\n") == b"one\n"
    assert not proxy.done


async def test_a_reply_is_cut_after_the_server_has_worked(proxy: Proxy, echo: Echo) -> None:
    proxy.cut_replies = 1.0
    assert await asked(proxy, b"one\n") == b""
    assert echo.asked == [b"one\n"]
    assert proxy.done["reply cut"] == 1


async def test_a_request_is_delivered_twice(proxy: Proxy, echo: Echo) -> None:
    proxy.send_twice = 1.0
    assert await asked(proxy, b"one\n") == b"one\n"
    async with asyncio.timeout(5):
        while len(echo.asked) < 2:
            echo.more.clear()
            await echo.more.wait()
    assert echo.asked == [b"one\n", b"one\n"]


async def test_silence_holds_back_until_it_speaks(proxy: Proxy, echo: Echo) -> None:
    proxy.go_silent()
    with pytest.raises(TimeoutError):
        await asked(proxy, b"one\n", 0.1)
    assert not echo.asked
    proxy.speak()
    assert await asked(proxy, b"two\n") == b"two\n"


async def test_every_open_connection_is_cut(proxy: Proxy, echo: Echo) -> None:
    proxy.go_silent()
    waiting = asyncio.create_task(asked(proxy, b"one\n"))
    while not proxy._open:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    proxy.cut_all()
    assert await waiting == b""
    assert proxy.done["cut"] == 1
