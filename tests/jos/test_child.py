"""A process of an installation: started again when it dies, ended when it is no longer wanted."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from jos.exits import Exit, Stop
from jos.supervisor.child import Child

REPORTS = (
    "import os, signal, socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
    "s.send(str(os.getpid()).encode()); s.close()\n"
)
STAYS = REPORTS + "signal.pause()"
IGNORES = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + REPORTS + "while True: signal.pause()"
Reports = asyncio.Queue[int]


@pytest.fixture
async def reports(tmp_path: Path) -> AsyncIterator[Reports]:
    """The process ids of children, as they report that they are up."""
    queue = Reports()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        queue.put_nowait(int(await reader.read()))
        writer.close()

    async with await asyncio.start_unix_server(hear, tmp_path / "reports"):
        yield queue


class Process:
    """A plain process in place of a service."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.pid = process.pid
        self.ended = asyncio.ensure_future(process.wait())


class Programs:
    """Starts the program whose text is given as the name of the service."""

    def __init__(self, reports: Path) -> None:
        self._reports = reports

    async def bear(self, service: str, environment: Mapping[str, str], log: Path) -> Process:
        with log.open("ab") as output:
            command = (sys.executable, "-c", service, str(self._reports))
            return Process(
                await asyncio.create_subprocess_exec(*command, env=environment, stdout=output, stderr=output)
            )


def _child(program: str, tmp_path: Path) -> Child:
    return Child(program, Programs(tmp_path / "reports"), os.environ, tmp_path / "example.log")


async def test_a_child_that_is_killed_is_started_again(tmp_path: Path, reports: Reports) -> None:
    child = _child(STAYS, tmp_path)
    run = asyncio.create_task(child.run())
    first = await reports.get()
    os.kill(first, signal.SIGKILL)
    assert await reports.get() != first
    await child.stop(5.0)
    await run
    assert child.pid is None


async def test_a_child_that_keeps_dying_is_started_less_and_less_often(tmp_path: Path, reports: Reports) -> None:
    child = _child(REPORTS, tmp_path)
    run = asyncio.create_task(child.run())
    times = []
    for _ in range(4):
        await reports.get()
        times.append(asyncio.get_running_loop().time())
    await child.stop(5.0)
    await run
    assert times[3] - times[2] > times[1] - times[0]
    assert times[3] - times[2] >= 0.8


async def test_a_child_that_does_not_drain_in_time_is_killed(tmp_path: Path, reports: Reports) -> None:
    child = _child(IGNORES, tmp_path)
    run = asyncio.create_task(child.run())
    await reports.get()
    await child.stop(0.2)
    await run
    assert child.pid is None


async def test_a_wrong_configuration_is_not_tried_again_and_its_line_is_passed_on(tmp_path: Path) -> None:
    child = _child("import sys; print('jos: JOS_PORT: is no port'); sys.exit(78)", tmp_path)
    with pytest.raises(Stop, match=r"^JOS_PORT: is no port$") as stopped:
        await child.run()
    assert stopped.value.code is Exit.CONFIGURATION
    assert child.starts == 1
