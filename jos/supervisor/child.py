"""One service in its own process: started, watched, started again when it dies."""

import asyncio
import contextlib
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from jos.exits import Exit, Stop

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0
STEADY = 30.0
"""Seconds after which a child counts as steady: the next death is again its first."""


class Child:
    """A process of this installation, restarted with a growing pause (seconds) for as long as it is wanted.

    Its output goes to `log`. A child that says its configuration is wrong (78) is not started again.
    """

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._command = command
        self.starts = 0
        self._environment = dict(environment)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._unwanted = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

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
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), patience)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()

    async def _once(self) -> int:
        """Start it and wait for its end; its exit code.

        A session of its own keeps the terminal's Ctrl-C from it: the supervisor decides the order.
        """
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.starts += 1
        if self._unwanted.is_set():
            self._signal(signal.SIGTERM)
        return await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _last_words(self) -> str:
        """The last line of its log: the one that names the setting."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1].removeprefix("jos: ") if lines else f"{self.name}: configuration is wrong"
