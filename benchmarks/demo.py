"""The demo's memory, embedded (PSS over all its processes), and how long it takes until everything is ready."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.installation import open_folder
from benchmarks.report import Report, Row
from benchmarks.sizes import Size
from benchmarks.usage import family, name_of, pss

MEGABYTE = 1_000_000
MEMORY_MB, START_SECONDS = 600.0, 5.0
STARTS = 3
SETTLED_SECONDS = 3.0
STAYING = b"Everything stays up"


async def run(size: Size, report: Report) -> None:
    """The demo as `make demo` runs it, weighed while it stays up; then starts on its data."""
    folder = open_folder()
    try:
        began = time.perf_counter()
        memory = await _demo(folder, report)
        report.say(f"the whole first demo, measuring included: {time.perf_counter() - began:.1f} s")
        report.add(Row("demo, embedded: PSS of all processes", memory, "MB", MEMORY_MB, True))
        starts = report.keep("start", [await _start(folder) for _ in range(STARTS if size.name != "tiny" else 1)])
        told = ", ".join(f"{one:.1f}" for one in starts)
        report.add(Row("start to ready, warm", starts[len(starts) // 2], "s", START_SECONDS, True, note=f"{told} s"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _demo(folder: Path, report: Report) -> float:
    """Megabytes once the page has been printed and everything stays up."""
    process = await _jos("demo", "--data", str(folder))
    try:
        if process.stdout is None:
            raise AssertionError("it was started with a pipe")
        async for line in process.stdout:
            if line.startswith(STAYING):
                break
        await asyncio.sleep(SETTLED_SECONDS)
        if process.returncode is not None:
            raise RuntimeError("the demo did not stay up")
        by_name: Counter[str] = Counter()
        for pid in family(process.pid):
            by_name[name_of(pid)] += round(pss([pid]) / MEGABYTE)
        report.say("MB: " + ", ".join(f"{name} {megabytes}" for name, megabytes in by_name.most_common()))
        return float(by_name.total())
    finally:
        await _stop(process)


async def _start(folder: Path) -> float:
    """Seconds from `jos up` to its line that everything is ready."""
    began = time.perf_counter()
    process = await _jos("up", "--json", "--data", str(folder))
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise RuntimeError("it did not come up")
        return time.perf_counter() - began
    finally:
        await _stop(process)


async def _jos(*words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jos", *words), stdout=asyncio.subprocess.PIPE, env=os.environ
    )


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGINT)
    await process.wait()
