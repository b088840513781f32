"""The server's processes: started so that they end with us, stopped so that nothing is lost, found when left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from shared.postgres.account import Account

PATIENCE_SECONDS = 60.0
"""For a start with recovery, and for what an earlier run left behind to end."""
FAST_SHUTDOWN_SECONDS = 20.0
POLL_SECONDS = 0.01

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded before any fork: the child may not load anything


def spawn(programs: Path, data: Path, arguments: list[str], log: Path, account: Account) -> subprocess.Popen[bytes]:
    """Start the postmaster in a session of its own: Ctrl-C reaches us, and we decide when it stops.

    When we die without a word, the kernel tells it to shut down. That tie is to the thread that started it, so it is
    made in the main thread only.
    """
    tie: Callable[[], None] | None = None
    if threading.current_thread() is threading.main_thread():
        parent = os.getpid()

        def tie() -> None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
            if os.getppid() != parent:
                os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: PLW1509
            [str(programs / "postgres"), "-D", str(data), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=tie,
            **account.identity(),
        )


def shut_down(postmaster: subprocess.Popen[bytes]) -> None:
    """Stop: sessions cut and everything written (SIGINT); if that takes too long, at once, with recovery later (SIGQUIT)."""
    for how, seconds in ((signal.SIGINT, FAST_SHUTDOWN_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            postmaster.send_signal(how)
        try:
            postmaster.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def end_left_behind(data: Path) -> None:
    """See to it that no process of an earlier run works in this data directory any more, and clear its stale lock.

    The caller holds the directory's own lock, so whatever still runs there has lost its supervisor: it is told to
    shut down and waited for. Only when not one process is left (its backends outlive a killed postmaster for a
    moment) is `postmaster.pid` removed: the process id in it may meanwhile belong to someone else's program, which
    would keep PostgreSQL from starting. Raises `TimeoutError` when something stays.
    """
    if not Path("/proc/self/cwd").exists():  # without /proc PostgreSQL's own check has to do
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    told: set[int] = set()
    while left := set(_working_in(data)):
        for pid in left - told:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
        told |= left
        if time.monotonic() > deadline:
            raise TimeoutError(f"a PostgreSQL process of an earlier run does not end (pid {min(left)})")
        time.sleep(POLL_SECONDS)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _working_in(data: Path) -> Iterator[int]:
    place = str(data.resolve())
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if str((entry / "cwd").readlink()) == place:
                    yield int(entry.name)


def accepts_connections(data: Path, pid: int) -> bool:
    """Whether the postmaster with this process id says that it is ready, in the last line of its pid file."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
    except OSError:
        return False
    return lines[0] == str(pid) and len(lines) > 7 and lines[7].strip() == "ready"
