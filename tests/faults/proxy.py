"""A TCP proxy that delays, cuts, cuts the reply after the server has worked, goes silent, and sends twice."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 1 << 18


class Proxy:
    """Passes connections on to `host:port`; what it does to them may be changed at any moment.

    `cut_replies` and `send_twice` are chances (0 to 1) per request: what a client sends until the server answers.
    """

    def __init__(self, host: str, port: int, chance: random.Random) -> None:
        self.upstream = (host, port)
        self.delay = 0.0
        self.cut_replies = 0.0
        self.send_twice = 0.0
        self.silent = False
        self.done: Counter[str] = Counter()
        self.port = 0
        self._chance = chance
        self._speaking = asyncio.Event()
        self._speaking.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._repeats: set[asyncio.Task[None]] = set()

    def go_silent(self) -> None:
        """Take bytes and pass nothing on, from now on and on every connection."""
        self.silent = True
        self._speaking.clear()
        self.done["silent"] += 1

    def speak(self) -> None:
        """Pass on again; what was held back goes first."""
        self.silent = False
        self._speaking.set()

    def cut_all(self) -> None:
        """Cut every connection that is open."""
        for writer in [*self._open]:
            writer.transport.abort()
        self.done["cut"] += bool(self._open)

    async def serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        try:
            server, to_server = await asyncio.open_connection(*self.upstream)
        except OSError:
            to_client.transport.abort()
            return
        self._open |= {to_client, to_server}
        asked = bytearray()
        try:
            ways = [self._to_server(client, to_server, asked), self._to_client(server, to_client, asked)]
            _, others = await asyncio.wait(map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED)
            for other in others:
                other.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        finally:
            self._open -= {to_client, to_server}
            to_client.transport.abort()
            to_server.transport.abort()

    async def _to_server(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytearray) -> None:
        with suppress(OSError):
            while sent := await reader.read(CHUNK):
                await self._hold()
                asked += sent
                writer.write(sent)
                await writer.drain()

    async def _to_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytearray) -> None:
        with suppress(OSError):
            while answer := await reader.read(CHUNK):
                await self._hold()
                if asked:
                    request = bytes(asked)
                    asked.clear()
                    if self._chance.random() < self.send_twice:
                        self._repeat(request)
                    if self._chance.random() < self.cut_replies:
                        self.done["reply cut"] += 1
                        return
                writer.write(answer)
                await writer.drain()

    async def _hold(self) -> None:
        await self._speaking.wait()
        if self.delay:
            self.done["delay"] += 1
            await asyncio.sleep(self.delay * self._chance.random())

    def _repeat(self, request: bytes) -> None:
        """The network delivers it a second time, on a connection of its own; nobody hears the answer."""
        self.done["sent twice"] += 1
        task = asyncio.create_task(self._again(request))
        self._repeats.add(task)
        task.add_done_callback(self._repeats.discard)

    async def _again(self, request: bytes) -> None:
        with suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_connection(*self.upstream)
            try:
                writer.write(request)
                async with asyncio.timeout(10):
                    await reader.read(CHUNK)
            finally:
                writer.transport.abort()


@asynccontextmanager
async def proxied(host: str, port: int, chance: random.Random) -> AsyncIterator[Proxy]:
    """A proxy on a free port of the loopback address."""
    proxy = Proxy(host, port, chance)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.speak()
        proxy.cut_all()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await server.wait_closed()
