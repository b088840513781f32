"""Servers of one's own, for what would disturb the one that all tests share."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from shared.postgres.account import Account, account_for
from shared.postgres.binaries import find_programs
from shared.postgres.cluster import Cluster
from shared.postgres.embedded import EmbeddedServer
from shared.settings import Settings

_numbers = count(1)
DRIVER = Path(__file__).with_name("driver.py")

Drive = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def place(home: Path) -> Path:
    """A directory that does not exist yet, where a server may come."""
    return home / f"s{next(_numbers)}"


@pytest.fixture
async def server(place: Path) -> AsyncIterator[EmbeddedServer]:
    """A running server that nobody else uses."""
    server = EmbeddedServer(place)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def settings_for(place: Path) -> Callable[[Cluster], Settings]:
    """Settings that lead to a cluster of one's own, with secrets of its own."""

    def made(cluster: Cluster) -> Settings:
        return Settings(
            database_host=cluster.host,
            database_port=cluster.port,
            secrets_dir=place / "secrets",
            data_dir=place,
        )

    return made


@pytest.fixture
def drive() -> Iterator[Drive]:
    """Runs `driver.py`: a process that starts a server, says so in a line, and stays until its input ends."""
    with ExitStack() as running:

        def driven(directory: Path, *options: str) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, str(DRIVER), str(directory), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(DRIVER.parents[2])},
            )
            running.enter_context(process)
            running.callback(process.kill)
            return process

        yield driven


@pytest.fixture(scope="session")
def stranger() -> Account:
    """An account other than ours that a server could run as; root alone can become it."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return Account(65534, 65534)


@pytest.fixture(scope="session")
def programs(home: Path) -> Path:
    """PostgreSQL's programs, where everybody can run them."""
    return find_programs(None, account_for(home / "none"), home)
