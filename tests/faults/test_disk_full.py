"""A disk that is full: nothing more is accepted, nothing is lost, and it ends by itself when there is room (G-17)."""

import asyncio
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from shared.postgres.home import settle
from tests.faults.campaign import Campaign
from tests.faults.checkers import by_kind
from tests.faults.conftest import full
from tests.faults.stack import Stack, stack

pytestmark = [full, pytest.mark.slow, pytest.mark.timeout(300)]

SIZE = "600m"
REFUSED = {503, 507}


@pytest.fixture
def small(home: Path) -> Iterator[Path]:
    """A small disk: a tmpfs of its own, which only root may mount, where PostgreSQL's account may come."""
    place = home / "small"
    place.mkdir(mode=0o755)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", place], check=False)
    if mounted.returncode:
        place.rmdir()
        pytest.skip("NOT TESTED: G-17 needs a small tmpfs, and this account may not mount one (run as root)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()


@pytest.fixture
async def running(small: Path, chance: random.Random) -> AsyncIterator[Stack]:
    """Everything on that disk: data, WAL, the services' own logs, the heads."""
    async with stack(small / "all", chance) as one:
        assert settle(small / "all" / "postgres").place.is_relative_to(small), "the data are on another disk"
        yield one


@pytest.mark.parametrize("what", ["data", "wal"])
async def test_g17_a_full_disk_stops_acceptance_and_ends_by_itself(
    running: Stack, small: Path, tmp_path: Path, chance: random.Random, what: str
) -> None:
    """G-17: full until pushes are refused and ten seconds more; with data alone, and without room for WAL either."""
    campaign = Campaign(running, tmp_path / "history.jsonl", chance)
    ballast = small / "ballast"
    try:
        await campaign.start()
        await asyncio.to_thread(fill, ballast)
        if what == "wal":
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                for _ in range(10):
                    await running.victim.execute("interventions", "select pg_switch_wal()")
                    await asyncio.to_thread(fill, ballast)
        async with asyncio.timeout(40):
            while not campaign.load.statuses.keys() & REFUSED:  # there is room in the pages that exist
                campaign.load.fail_if_broken()
                await asyncio.sleep(0.1)
                await asyncio.to_thread(fill, ballast)  # a checkpoint gives WAL back
        await asyncio.sleep(10)
        assert shutil.disk_usage(small).free < 1 << 20, "the disk was not full: the run proves nothing"
        ballast.unlink()
        assert await campaign.load.progress(50), "no push goes through though there is room again"
        assert by_kind(await campaign.end()) == {}
    finally:
        ballast.unlink(missing_ok=True)
        await campaign.give_up()


def fill(ballast: Path) -> None:
    """Write until there is no room for another byte."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
