"""`jos up` itself is killed: everything goes with it, and the next start has all that was acknowledged (G-01)."""

import asyncio
import json
import os
import random
import select
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from jos.client import Credentials
from jos.demo.clients import make_clients
from jos.installation import Installation
from services.interventions.reading import OWN
from shared.log.rows import COLUMNS, stored_event
from tests.faults import checkers
from tests.faults.conftest import full
from tests.faults.history import History, attempts
from tests.faults.load import Load
from tests.faults.processes import descendants, kill
from tests.faults.stack import furnish

pytestmark = [full, pytest.mark.slow, pytest.mark.timeout(300)]

FIRST_PORT = 20400
KILLS = 3


class Up:
    """`jos up` on a directory, as somebody starts it from a shell."""

    def __init__(self, home: Path) -> None:
        self.installation = Installation(home)
        self.installation.create()
        make_clients(self.installation)
        self.told: dict[str, dict[str, str]] = {}
        self._process: subprocess.Popen[str] | None = None

    async def start(self) -> None:
        """Start it, and wait until it says where everything is."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("JOS_")}
        command = [sys.executable, "-m", "jos", "up", "--json", "--data", str(self.installation.data)]
        self._process = subprocess.Popen(  # noqa: ASYNC220
            [*command, "--port", str(FIRST_PORT)], env=plain, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = await asyncio.to_thread(self._process.stdout.readline)
        assert line, "it ended without a word"
        self.told = json.loads(line)

    def kill(self) -> None:
        """SIGKILL, and see that nothing that it started stays behind."""
        assert self._process is not None
        family = [os.pidfd_open(pid) for pid in descendants(self._process.pid)]
        assert len(family) > 10
        assert kill(self._process.pid)
        self._process.communicate()
        for one in family:
            assert select.select([one], [], [], 25)[0], "a process was left behind"
            os.close(one)

    def end(self) -> None:
        """Whatever is left."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def url(self, service: str) -> str:
        return self.told["baseUrls"][service]

    def urls(self) -> dict[str, str]:
        return self.told["baseUrls"]

    def credentials(self, client: str) -> Credentials:
        return Credentials(str(self.told["tokenEndpoint"]), client, self.installation.secret_of(client))


async def test_g01_the_supervisor_is_killed_and_started_again(
    home: Path, tmp_path: Path, chance: random.Random
) -> None:
    """G-01, G-04, G-05, G-16: while EHRs push, with every process of the installation dying at once."""
    up, history = Up(home / "up"), History(tmp_path / "history.jsonl")
    load = Load(up, history, chance, "u")
    async with AsyncExitStack() as over:
        over.callback(up.end)
        over.push_async_callback(load.give_up)
        over.callback(history.close)
        await up.start()
        before = dict(up.urls())
        await furnish(up)
        load.start()
        for _ in range(KILLS):
            assert await load.progress(chance.randint(5, 60))
            await asyncio.to_thread(up.kill)
            await up.start()
            assert up.urls() == before
        assert await load.progress(20)
        await load.finish()
        rows = [stored_event(row) for row in await _log(up)]
    tried = list(attempts(history.path))
    assert [
        *checkers.lost(tried, rows),
        *checkers.phantoms(tried, rows, OWN),
        *checkers.receipts(tried, rows),
        *checkers.unsettled(tried),
        *checkers.twice(rows),
        *checkers.dense(rows),
    ] == []


async def _log(up: Up) -> list[asyncpg.Record]:
    postgres = up.installation.postgres
    port = json.loads((postgres / "server.json").read_text())["port"]
    password = (postgres / "superuser.password").read_text().strip()
    connection = await asyncpg.connect(f"postgresql://jos:{password}@127.0.0.1:{port}/interventions")
    try:
        return list(await connection.fetch(f"select {COLUMNS} from log.feed order by position"))
    finally:
        await connection.close()
