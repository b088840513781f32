"""Looking at processes without waiting in the dark."""

import contextlib
import json
import os
import select
import signal
import subprocess
from pathlib import Path
from typing import Any

from shared.postgres.account import Account


def said(process: "subprocess.Popen[str]") -> dict[str, Any]:  # what json gives
    """The line in which a driver says that its server runs."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the driver ended without a word"
    answer: dict[str, Any] = json.loads(line)
    return answer


def kill_and_see_gone(pid: int, how: signal.Signals = signal.SIGKILL, *, watch: int | None = None) -> None:
    """Send the signal, and return when the process (or the other one, `watch`) has ended. Fails after 30 s."""
    watched = os.pidfd_open(watch or pid)
    try:
        os.kill(pid, how)
        ended, _, _ = select.select([watched], [], [], 30)
        assert ended, f"process {watch or pid} is still there"
    finally:
        os.close(watched)


def runs(pid: int) -> bool:
    """Whether the process is there and has not ended (one that nobody has asked after yet still has a number)."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def user_of(pid: int) -> int:
    """The uid it runs as."""
    return (Path("/proc") / str(pid)).stat().st_uid


def wait_in_place(account: Account) -> "subprocess.Popen[bytes]":
    """A process of this account that has nothing to do with PostgreSQL, and ends with its input."""
    return subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, **account.identity())


def proportional_bytes(main: int) -> int:
    """The memory of a server and its children, shared pages divided among those who share them (PSS)."""
    total = 0
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name == str(main) or (entry.name.isdigit() and _parent(entry) == main):
                rollup = (entry / "smaps_rollup").read_text()
                total += 1024 * next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total


def _parent(entry: Path) -> int:
    return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
