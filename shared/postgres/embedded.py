"""PostgreSQL inside our own installation: made, started, found again and stopped without anyone installing it."""

import asyncio
import fcntl
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from shared.postgres.binaries import find_programs
from shared.postgres.cluster import Cluster
from shared.postgres.home import Home, State, free_port, settle
from shared.postgres.initial import SUPERUSER, ServerFailed, make_cluster
from shared.postgres.process import (
    PATIENCE_SECONDS,
    POLL_SECONDS,
    accepts_connections,
    end_left_behind,
    shut_down,
    spawn,
)
from shared.postgres.tuning import SETTINGS, configuration

__all__ = ["EmbeddedServer", "ServerFailed"]

LONGEST_LOG_BYTES = 10_000_000
TRIES_FOR_A_PORT = 3


class EmbeddedServer:
    """One PostgreSQL server on a directory, on the loopback address and a Unix socket, with a password.

    The first process to start it runs it; a second one attaches to the running server, and stopping there only lets
    go. A second start finds the data of the first and, when it is still free, its port. Start it from the main
    thread: then the server ends when this process is killed.
    """

    def __init__(
        self,
        directory: Path,
        *,
        port: int = 0,
        programs: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`port` is the wished one, 0 for the previous or any free one; `programs` the operator's build (`PG_BIN`);
        `settings` of PostgreSQL go before the usual ones.
        """
        self.directory = directory
        self._wish = port
        self._programs = programs
        self._settings = {**SETTINGS, **(settings or {})}
        self._home: Home | None = None
        self._lock: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._state: State | None = None

    @property
    def attached(self) -> bool:
        """Whether another process runs the server."""
        return self._state is not None and self._process is None

    @property
    def pid(self) -> int | None:
        """The server's main process, when it was started or attached to."""
        return self._state.pid if self._state else None

    @property
    def alive(self) -> bool:
        """Whether the server is there; a supervisor that finds it gone stops it and starts it again."""
        if self._process is not None:
            return self._process.poll() is None
        return bool(self._home and self._state and accepts_connections(self._home.data, self._state.pid))

    @property
    def socket_directory(self) -> Path | None:
        """The directory of the Unix socket, usable as a host; nothing when its path would be too long."""
        place = self._state.socket_directory if self._state else None
        return Path(place) if place else None

    async def start(self) -> Cluster:
        """Run the server, or attach to the one that runs; returns when it accepts connections.

        Raises `ServerFailed`, `PermissionError` (the data belong to someone else), `TimeoutError`, and `Misconfigured`
        when there is no build that can be run.
        """
        home = self._home = settle(self.directory)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._state is None and not self._take_lock(home):
            state = home.state()
            if state is not None and accepts_connections(home.data, state.pid):
                self._state = state
            elif time.monotonic() > deadline:
                raise TimeoutError(f"another process holds {home.lock} and its server does not come up")
            else:
                await asyncio.sleep(POLL_SECONDS)
        if self._state is None:
            await self._run(home)
        return self._cluster(home)

    async def stop(self) -> None:
        """Stop the server if it is ours; let go of it if we only attached. A second call does nothing."""
        process, self._process, self._state = self._process, None, None
        try:
            if process is not None:
                await shut_down(process)
        finally:
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def _take_lock(self, home: Home) -> bool:
        lock = home.lock.open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    async def _run(self, home: Home) -> None:
        try:
            self._state = await self._launch(home)
            self._wish = self._state.port  # whoever knows it looks for it there, also after a start that failed
            home.announce(self._state)
        except BaseException:
            await self.stop()
            raise

    async def _launch(self, home: Home) -> State:
        previous = home.state()
        home.withdraw()
        programs = find_programs(self._programs, home.account, home.place)
        if home.data.exists():
            await end_left_behind(home.data)
        else:
            await asyncio.to_thread(make_cluster, programs, home)
        home.configuration.write_text(configuration(self._settings), encoding="utf-8")
        home.configuration.chmod(0o644)
        if home.log.exists() and home.log.stat().st_size > LONGEST_LOG_BYTES:
            home.log.unlink()
        wish = self._wish or (previous.port if previous else 0)
        for _ in range(TRIES_FOR_A_PORT):
            state = await self._try(home, programs, free_port(wish))
            if state is not None:
                return state
        raise ServerFailed(last_lines(home.log))

    async def _try(self, home: Home, programs: Path, port: int) -> State | None:
        """Start on this port; nothing when someone else took it in the meantime."""
        sockets = home.socket_directory(port)
        written = home.log.stat().st_size if home.log.exists() else 0
        command = [str(programs / "postgres"), "-D", str(home.data), f"--config-file={home.configuration}"]
        command += ["-p", str(port), "-k", str(sockets or "")]
        process = self._process = spawn(command, home.log, home.account)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not accepts_connections(home.data, process.pid):
            if process.poll() is not None and "could not bind" in last_lines(home.log, written):
                return None
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerFailed(last_lines(home.log, written))
            await asyncio.sleep(POLL_SECONDS)
        return State(process.pid, port, str(sockets) if sockets else None)

    def _cluster(self, home: Home) -> Cluster:
        if self._state is None:
            raise ServerFailed("the server was stopped while it started")
        password = home.password.read_text(encoding="utf-8").strip()
        port = self._state.port
        return Cluster("127.0.0.1", port, f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}")


def last_lines(log: Path, after: int = 0) -> str:
    """The end of the server's log, from this byte on at the earliest."""
    with log.open("rb") as file:
        file.seek(max(after, log.stat().st_size - 2000))
        return file.read().decode(errors="replace").strip()
