"""Real processes of this machine: found under the one that started them, killed, frozen and thawed by their id."""

import contextlib
import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path


def descendants(root: int) -> list[int]:
    """The processes that descend from one, itself not among them."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found[1:]


def title(pid: int) -> str:
    """What a process shows itself as, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def backends(postmaster: int, of: str = "") -> list[int]:
    """The server processes that serve a connection of a role whose name has `of` in it."""
    found = [(pid, title(pid)) for pid in descendants(postmaster)]
    return [pid for pid, shown in found if shown.startswith("postgres: ") and of in shown and "127.0.0.1" in shown]


def alive(pid: int) -> bool:
    """Whether it runs; one that has ended and was not collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def kill(pid: int, within: float = 20.0) -> bool:
    """SIGKILL, and wait for the end. False when it was gone already: then nothing was killed."""
    try:
        watched = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        if select.select([watched], [], [], 0)[0]:
            return False
        os.kill(pid, signal.SIGKILL)
        return bool(select.select([watched], [], [], within)[0])
    except ProcessLookupError:
        return False
    finally:
        os.close(watched)


@contextlib.contextmanager
def frozen(*pids: int) -> Iterator[list[int]]:
    """SIGSTOP for as long as this lasts, SIGCONT afterwards; gives those that were there to be frozen."""
    stopped: list[int] = []
    try:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
        yield stopped
    finally:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
