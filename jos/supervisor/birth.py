"""The supervisor's side of the nursery: asks for services and hears of their ends."""

import asyncio
import contextlib
import json
import os
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class Born(Protocol):
    """A process that was started; `ended` gives its exit code, negative the signal that killed it."""

    pid: int
    ended: "asyncio.Future[int]"


class Bearer(Protocol):
    """Starts processes by the name of their service."""

    async def bear(self, service: str, environment: Mapping[str, str], log: Path) -> Born:
        """Start one; its output is added to `log`."""
        ...


class Offspring:
    """A service that the nursery started."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()


class Nursery:
    """The nursery's process, started when it is first needed and again when it has died; its services die with it."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._asked: deque[asyncio.Future[Offspring]] = deque()
        self._living: dict[int, Offspring] = {}
        self._starting = asyncio.Lock()

    async def open(self) -> None:
        """Start loading what every service stands on, so that it is there when the first is asked for."""
        await self._started()

    async def bear(self, service: str, environment: Mapping[str, str], log: Path) -> Offspring:
        """Start a service. Raises `ConnectionError` when the nursery dies meanwhile."""
        process = await self._started()
        asked: asyncio.Future[Offspring] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        line = json.dumps({"service": service, "environment": dict(environment), "log": str(log)})
        if process.stdin is None:
            raise AssertionError("it was started with a pipe")
        process.stdin.write(line.encode() + b"\n")
        return await asked

    async def close(self) -> None:
        """End it, and what is left of its services with it."""
        if self._process is not None and self._hearing is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._hearing

    async def _started(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                with self._log.open("ab") as log:
                    self._process = await asyncio.create_subprocess_exec(
                        *(sys.executable, "-m", "jos.nursery", str(os.getpid())),
                        stdin=asyncio.subprocess.PIPE,
                        stdout=asyncio.subprocess.PIPE,
                        stderr=log,
                        start_new_session=True,
                    )
                self._hearing = asyncio.create_task(self._hear(self._process))
            return self._process

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise AssertionError("it was started with a pipe")
        async for line in process.stdout:
            told = json.loads(line)
            if "born" in told:
                born = self._living[told["born"]] = Offspring(told["born"])
                self._asked.popleft().set_result(born)
            else:
                self._living.pop(told["ended"]).ended.set_result(told["code"])
        await process.wait()
        self._all_ended()

    def _all_ended(self) -> None:
        """The kernel kills what the nursery leaves behind."""
        for born in self._living.values():
            born.ended.set_result(-9)
        for asked in self._asked:
            asked.set_exception(ConnectionError("the nursery has died"))
        self._living.clear()
        self._asked.clear()
