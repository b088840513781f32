"""What a campaign has shown once, by name, so that it never comes back."""

import asyncio
from collections.abc import Sequence
from errno import ENOSPC
from pathlib import Path

import pytest

from jos.supervisor import database
from shared.postgres.cluster import Cluster
from shared.postgres.embedded import EmbeddedServer, ServerFailed
from shared.postgres.home import OURS, free_port, settle
from shared.settings import Settings
from tests.faults.processes import kill


def _kernels_own() -> range:
    low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    return range(low, high + 1)


def test_g16_a_port_that_was_drawn_is_none_that_the_kernel_gives_to_clients() -> None:
    """G-16: else a client that keeps trying while the server is down may be given that port, and keep it."""
    assert free_port(0) in OURS
    assert not set(OURS) & set(_kernels_own())


async def test_g16_a_server_that_failed_to_start_comes_back_on_its_port_all_the_same(home: Path) -> None:
    """G-16 (seed 20261125, campaign 1): killed, then one start that fails; the next must be where everybody looks."""
    server = EmbeddedServer(home / "comes-back")
    try:
        port = (await server.start()).port
        assert server.pid is not None
        assert kill(server.pid)
        await server.stop()
        data = settle(home / "comes-back").data
        control = data / "global" / "pg_control"
        control.rename(control.with_name("away"))
        with pytest.raises(ServerFailed):
            await server.start()
        control.with_name("away").rename(control)
        assert (await server.start()).port == port
    finally:
        await server.stop()


class Ailing(EmbeddedServer):
    """A server that is gone, and does not start as long as its disk is full."""

    def __init__(self, cluster: Cluster, failures: Sequence[Exception]) -> None:
        self._cluster_to_be = cluster
        self._failures = [*failures]
        self._back = False
        self.back = asyncio.Event()

    @property
    def alive(self) -> bool:
        return self._back

    async def start(self) -> Cluster:
        if self._failures:
            raise self._failures.pop()
        self._back = True
        self.back.set()
        return self._cluster_to_be

    async def stop(self) -> None:
        """It has stopped already."""


async def test_g17_the_supervisor_does_not_give_up_on_a_database_whose_disk_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """G-17: neither PostgreSQL that does not start nor a configuration that cannot be written ends the supervisor."""
    monkeypatch.setattr(database, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(database, "AGAIN_EVERY", 0.0)
    failures = [ServerFailed("no space left"), OSError(ENOSPC, "no space left"), TimeoutError("still recovering")] * 40
    server = Ailing(Cluster("127.0.0.1", 5432, "postgresql://jos@127.0.0.1:5432"), failures)
    watching = asyncio.create_task(database.Database(Settings(database_port=5432), server).watch())
    async with asyncio.timeout(20):
        await server.back.wait()
    assert not watching.done()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
