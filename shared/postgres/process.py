"""The server's processes: started so that they end with us, stopped so that nothing is lost, found when left behind."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from shared.postgres.account import Account

PATIENCE_SECONDS = 60.0
"""For a start with recovery, and for what an earlier run left behind to end."""
FAST_SHUTDOWN_SECONDS = 20.0
POLL_SECONDS = 0.01

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded before any fork: the child may not load anything


def spawn(command: Sequence[str], log: Path, account: Account) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own: Ctrl-C reaches us, and we decide when it stops.

    When we die without a word, the kernel tells it to shut down. That tie is to the thread that started it, so it is
    made in the main thread only.
    """
    main = threading.current_thread() is threading.main_thread()
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_tie_to(os.getpid()) if main else None,  # noqa: PLW1509
            **account.identity(),
        )


def _tie_to(parent: int) -> Callable[[], None]:
    def tie() -> None:  # runs after the change of user, which would undo it
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return tie


async def shut_down(server: subprocess.Popen[bytes]) -> None:
    """Stop: cut the sessions and write everything (SIGINT); when that takes too long, at once, to recover later."""
    for how, seconds in ((signal.SIGINT, FAST_SHUTDOWN_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        server.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(server.wait, seconds)
            return


async def end_left_behind(data: Path) -> None:
    """See to it that no process of an earlier run works in this data directory any more, and clear its stale lock.

    The caller holds the directory's own lock, so whatever still runs there has lost its supervisor: it is told to
    shut down and waited for. Only when not one process is left (its backends outlive a killed postmaster for a
    moment) is `postmaster.pid` removed: the process id in it may meanwhile belong to someone else's program, which
    would keep PostgreSQL from starting. Raises `TimeoutError` when something stays.
    """
    if not Path("/proc/self/cwd").exists():  # noqa: ASYNC240  (without /proc PostgreSQL's own check has to do)
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    left = set(_working_in(data))
    main = _main_process(data)
    if main in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(main, signal.SIGINT)
    while left := set(_working_in(data)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"a PostgreSQL process of an earlier run does not end (pid {min(left)})")
        await asyncio.sleep(POLL_SECONDS)
    (data / "postmaster.pid").unlink(missing_ok=True)


def accepts_connections(data: Path, pid: int) -> bool:
    """Whether this process is the server on this directory and says, in the last line of its pid file, it is ready."""
    lines = _pid_file(data)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready" and _works_in(data, pid)


def _main_process(data: Path) -> int:
    """The main process according to its pid file, 0 when there is none."""
    first = _pid_file(data)[0]
    return int(first) if first.isdigit() else 0


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
    except OSError:
        return [""]


def _working_in(data: Path) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _works_in(data, int(entry.name)):
            yield int(entry.name)


def _works_in(data: Path, pid: int) -> bool:
    """Whether the process has this working directory, which every process of a server has."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False
