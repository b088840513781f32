"""A proxy before the database that passes a statement on and then cuts the line, so that its answer is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.settings import Settings

CHUNK = 65536


class Cut:
    """When to cut: after the next `times` statements that contain these bytes have been answered by the server."""

    def __init__(self) -> None:
        self._statement = b""
        self._times = 0

    def at(self, statement: bytes, times: int = 1) -> None:
        """Cut the answers to this statement."""
        self._statement, self._times = statement, times

    def is_due(self, sent: bytes) -> bool:
        """Whether what the client sends is to lose its answer."""
        if self._times == 0 or self._statement not in sent:
            return False
        self._times -= 1
        return True


@asynccontextmanager
async def answers_cut(settings: Settings) -> AsyncIterator[tuple[Settings, Cut]]:
    """Settings that lead to the same databases through the proxy, and its cut."""
    cut = Cut()

    async def serve(client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection(settings.database_host, settings.database_port)
        back = asyncio.create_task(_pass_on(server, to_client))
        try:
            while sent := await client.read(CHUNK):
                if cut.is_due(sent):
                    back.cancel()
                    await asyncio.wait([back])
                    to_server.write(sent)
                    await server.read(CHUNK)  # it has been done
                    return
                to_server.write(sent)
        finally:
            back.cancel()
            to_client.close()
            to_server.close()

    proxy = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with proxy:
        yield settings.model_copy(update={"database_port": proxy.sockets[0].getsockname()[1]}), cut


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while answer := await reader.read(CHUNK):
        writer.write(answer)
    writer.close()
