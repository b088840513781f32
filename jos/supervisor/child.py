"""One service in its own process: started, watched, started again when it dies."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from jos.exits import Exit, Stop
from jos.supervisor.birth import Bearer, Born

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0
STEADY = 30.0
"""Seconds after which a child counts as steady: the next death is again its first."""


class Child:
    """A process of this installation, restarted with a growing pause (seconds) for as long as it is wanted.

    Its output goes to `log`. A child that says its configuration is wrong (78) is not started again.
    """

    def __init__(self, name: str, bearer: Bearer, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.starts = 0
        self._bearer = bearer
        self._environment = environment
        self._log = log
        self._born: Born | None = None
        self._unwanted = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        return self._born.pid if self._born is not None and not self._born.ended.done() else None

    async def run(self) -> None:
        """Keep it running until `stop`. Raises `Stop` (78) when its configuration is wrong."""
        pause = FIRST_PAUSE
        while not self._unwanted.is_set():
            started = asyncio.get_running_loop().time()
            code = await self._once()
            if code == Exit.CONFIGURATION:
                raise Stop(Exit.CONFIGURATION, self._last_words())
            steady = asyncio.get_running_loop().time() - started > STEADY
            pause = FIRST_PAUSE if steady else min(2 * pause, LONGEST_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._unwanted.wait(), pause)

    async def stop(self, patience: float) -> None:
        """Ask it to finish (SIGTERM); kill it when it has not after `patience` seconds. `run` then returns."""
        self._unwanted.set()
        if self._born is None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(self._born.ended), patience)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._born.ended

    async def _once(self) -> int:
        """Start it and wait for its end; its exit code."""
        try:
            self._born = await self._bearer.bear(self.name, self._environment, self._log)
        except ConnectionError:
            return Exit.TEMPORARY
        self.starts += 1
        if self._unwanted.is_set():
            self._signal(signal.SIGTERM)
        return await self._born.ended

    def _signal(self, number: signal.Signals) -> None:
        pid = self.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _last_words(self) -> str:
        """The last line of its log: the one that names the setting."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].removeprefix("jos: ") if lines else f"{self.name}: configuration is wrong"
