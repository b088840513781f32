"""What a campaign has shown once, by name, so that it never comes back."""

from pathlib import Path

import pytest

from shared.postgres.embedded import EmbeddedServer, ServerFailed
from shared.postgres.home import OURS, free_port, settle
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
