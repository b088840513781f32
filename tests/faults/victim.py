"""A PostgreSQL server of its own, to be killed: not the one that the other tests share."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
import stamina

from shared.log.errors import UNREACHABLE
from shared.log.events import StoredEvent
from shared.log.rows import COLUMNS, stored_event
from shared.postgres.cluster import Cluster
from shared.postgres.embedded import EmbeddedServer
from shared.settings import Settings
from tests.faults.processes import alive, kill

AWAY = (*UNREACHABLE, asyncpg.PostgresError)


@dataclass
class Victim:
    """A server with every database, prepared by the real migrations; `settings` lead to it."""

    server: EmbeddedServer
    cluster: Cluster
    settings: Settings
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def pid(self) -> int:
        """The postmaster."""
        assert self.server.pid is not None
        return self.server.pid

    def kill_postmaster(self) -> bool:
        """SIGKILL; the supervisor starts it again, here `again`."""
        return kill(self.pid)

    async def again(self) -> None:
        """What the supervisor does when it finds the server gone: the same port, or nobody would find it."""
        async with self._busy:
            if not self.server.alive:
                await self.server.stop()
                cluster = await self.server.start()
                assert cluster.port == self.cluster.port, "the server came back on another port"

    async def stop(self) -> None:
        """An orderly stop (SIGINT, fast shutdown), to be started again by whoever watches over it."""
        pid = self.pid
        os.kill(pid, signal.SIGINT)
        while alive(pid):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)

    async def fetch(self, name: str, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask as the superuser, until it answers."""
        async for attempt in stamina.retry_context(on=AWAY, timeout=60, attempts=None, wait_max=0.5):
            with attempt:
                async with self.connected(name) as connection:
                    return list(await connection.fetch(query, *arguments))
        raise AssertionError("a retry ends in an answer or an error")

    async def execute(self, name: str, script: str) -> None:
        """Do something as the superuser."""
        async with self.connected(name) as connection:
            await connection.execute(script)

    @asynccontextmanager
    async def connected(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection as the superuser, past every proxy."""
        async with self.cluster.connected(self.settings.database(name)) as connection:
            yield connection

    async def rows(self, name: str) -> list[StoredEvent]:
        """A whole log."""
        return [
            stored_event(row) for row in await self.fetch(name, f"select {COLUMNS} from log.feed order by position")
        ]

    async def log_id(self, name: str) -> UUID:
        """What the chain of the log starts from."""
        [(found,)] = await self.fetch(name, "select log_id from log.epoch")
        return UUID(str(found))


@asynccontextmanager
async def victim(home: Path, prefix: str = "", **more: str) -> AsyncIterator[Victim]:
    """A server in this directory, with fsync on; `more` are settings of PostgreSQL."""
    server = EmbeddedServer(home / "postgres", settings={"max_wal_size": "96MB", "shared_buffers": "32MB", **more})
    cluster = await server.start()
    try:
        settings = Settings(
            mode="demo",
            database_host=cluster.host,
            database_port=cluster.port,
            database_prefix=prefix,
            secrets_dir=home / "secrets",
            data_dir=home,
        )
        await cluster.prepare(settings)
        yield Victim(server, cluster, settings)
    finally:
        await server.stop()
