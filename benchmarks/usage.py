"""What processes take: seconds of processor, and memory by proportional share (PSS), from the kernel's own books."""

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> set[int]:
    """A process and everything that descends from it, as far as it still lives."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            children.setdefault(int(stat[1]), []).append(int(entry.name))
    found, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting += children.get(one, [])
    return found


def cpu(pids: Iterable[int]) -> float:
    """Seconds of processor that these processes have taken so far, with those of their children that have ended."""
    return sum(sum(map(int, stat[11:15])) / TICKS for pid in pids if (stat := _stat(pid)))


def pss(pids: Iterable[int]) -> float:
    """Bytes that these processes take together: what is shared is counted once, by share."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def name_of(pid: int) -> str:
    """What a process calls itself."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "gone"


class Watch:
    """The processor that named processes with their descendants, and this one alone, take from now until `told`."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self._before = self._spent()

    def told(self, count: int) -> str:
        """`processor, us each: interventions 210, postgres 160`, for each of so many; the same on a busy machine."""
        each = {name: (seconds - self._before[name]) / count * 1e6 for name, seconds in self._spent().items()}
        return "processor, us each: " + ", ".join(f"{name} {one:.0f}" for name, one in each.items() if one >= 0.5)

    def _spent(self) -> dict[str, float]:
        others = {name: cpu(family(pid)) for name, pid in self._pids.items()}
        return {**others, "this process": time.process_time()}


def _stat(pid: int) -> list[str] | None:
    """The fields of `/proc/PID/stat` from the third on (state)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
