"""The embedded PostgreSQL: started, watched and stopped by this program, on a data directory that outlives it.

The first process to come locks the directory and runs the server; a later one attaches to it. The server dies with
the process that runs it (`PR_SET_PDEATHSIG`), even when that is killed.
"""

import asyncio
import ctypes
import fcntl
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import asyncpg

from shared.postgres.binaries import find_programs
from shared.postgres.cluster import Cluster
from shared.postgres.home import Home, State, free_port, settle
from shared.postgres.tuning import SETTINGS, configuration

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 15.0
SUPERUSER = "jos"
ACCESS = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # loaded before any fork


class ServerFailed(Exception):
    """The server did not come up; the text is the end of its log."""


class EmbeddedServer:
    """A server on `directory`. `port` is the wished one, 0 for any; `programs` another build than the wheel's."""

    def __init__(
        self,
        directory: Path,
        *,
        port: int = 0,
        programs: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.directory = directory
        self._wish = port
        self._programs = programs
        self._settings = {**SETTINGS, **(settings or {})}
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._home: Home | None = None

    @property
    def attached(self) -> bool:
        """Whether another process runs the server."""
        return self._process is None

    @property
    def pid(self) -> int | None:
        """The server's process, when it is ours."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the server that we run has not ended."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> Cluster:
        """Run the server, or attach to the one that runs; a second start finds the data of the first.

        Raises `ServerFailed`, and `Misconfigured` when there is no build that can be run.
        """
        home = self._home = settle(self.directory)
        if not self._take_lock(home):
            return await self._attach(home)
        try:
            programs = find_programs(self._programs, home.account, home.place)
            if not (home.data / "PG_VERSION").exists():
                self._initialise(home, programs)
            (home.data / "postgresql.conf").write_text(configuration(self._settings), encoding="utf-8")
            (home.data / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
            return await self._run(home, programs)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server if it is ours (fast, then at once); leave it alone if we only attached."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                process.send_signal(how)
                if await _ended(process, STOP_TIMEOUT_S):
                    break
        if self._lock is not None and self._home is not None:
            self._home.withdraw()
            self._lock.close()
            self._lock = None

    def _take_lock(self, home: Home) -> bool:
        lock = home.lock.open("a", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        home.withdraw()
        return True

    async def _attach(self, home: Home) -> Cluster:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            state = home.state()
            if state is not None:
                return self._cluster(home, state.port)
            await asyncio.sleep(0.05)
        raise ServerFailed(f"another process holds {home.lock} and has not started its server")

    def _initialise(self, home: Home, programs: Path) -> None:
        """Make the cluster in a directory beside, then move it: a half made one is never used."""
        if not home.password.exists():
            home.password.touch(mode=0o600)
            home.password.write_text(secrets.token_urlsafe(36) + "\n", encoding="utf-8")
        unfinished = home.place / f"data.{os.getpid()}"
        unfinished.mkdir(mode=0o700)
        home.account.own(unfinished)
        command = [
            str(programs / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--pwfile=/dev/stdin", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums",
            "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--no-sync",
        ]  # fmt: skip
        done = subprocess.run(
            command, input=home.password.read_bytes(), capture_output=True, cwd="/", check=False,
            **home.account.identity(),
        )  # fmt: skip
        if done.returncode:
            raise ServerFailed(done.stderr.decode(errors="replace")[-2000:])
        subprocess.run(["sync", "-f", str(unfinished)], check=False)
        unfinished.rename(home.data)

    async def _run(self, home: Home, programs: Path) -> Cluster:
        """Two tries: a port that was free may be taken by the time the server asks for it."""
        for _ in range(2):
            port = free_port(self._wish)
            self._process = self._spawn(home, programs, port)
            cluster = self._cluster(home, port)
            if await self._ready(cluster):
                home.announce(State(self._process.pid, port, _text(home.socket_directory(port))))
                return cluster
        raise ServerFailed(home.log.read_text(encoding="utf-8", errors="replace")[-2000:])

    def _spawn(self, home: Home, programs: Path, port: int) -> "subprocess.Popen[bytes]":
        sockets = _text(home.socket_directory(port)) or ""
        command = [
            str(programs / "postgres"), "-D", str(home.data), "-p", str(port), "-c", f"unix_socket_directories={sockets}",
        ]  # fmt: skip
        # Only the main thread may tie a child's life to its own: the tie is to the thread that forks.
        main = threading.current_thread() is threading.main_thread()
        with home.log.open("ab") as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                preexec_fn=_die_with_parent if main else None, **home.account.identity(),
            )  # fmt: skip

    async def _ready(self, cluster: Cluster) -> bool:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self.alive:
            try:
                connection = await asyncpg.connect(f"{cluster.superuser}/postgres", timeout=5)
            except (OSError, asyncpg.PostgresError, TimeoutError, asyncpg.InterfaceError):
                await asyncio.sleep(0.02)
                continue
            await connection.close()
            return True
        return False

    def _cluster(self, home: Home, port: int) -> Cluster:
        password = home.password.read_text(encoding="utf-8").strip()
        return Cluster("127.0.0.1", port, f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}")


def _die_with_parent() -> None:
    # SIGINT is PostgreSQL's fast shutdown: clean, and at once. Set after the change of user, which would clear it.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


async def _ended(process: "subprocess.Popen[bytes]", timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return True
        await asyncio.sleep(0.02)
    return False


def _text(path: Path | None) -> str | None:
    return str(path) if path else None
