"""`python -m benchmarks [NAME ...] [--full]`: runs benchmarks and prints what they found."""

import argparse
import asyncio
import gc
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.machine import machine, speed
from benchmarks.report import RESULTS, Report
from benchmarks.sizes import SIZES, Size

NAMES = ("singles", "batches", "append", "reading", "freshness", "rebuilding", "asking", "demo")
"""The benchmarks, in the order in which they run; each is a module with `run(size, report)`."""


async def measure(name: str, size: Size, folder: Path = RESULTS) -> Report:
    """Run one benchmark, print what it finds, and keep the raw samples."""
    module = import_module(f"benchmarks.{name}")
    print(f"\n{name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
    report = Report(name, size, folder)
    calm_the_collector()
    await module.run(size, report)
    report.say(f"machine before: {report.before}; after: {speed()}")
    report.say(f"raw samples: {report.save().name}")
    return report


def calm_the_collector() -> None:
    """As every service does when it starts (`shared.web.serve`)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


async def measure_all(names: list[str], size: Size) -> int:
    """Run several, one after another; 1 when one of them could not be run (a missed target is a result)."""
    print(", ".join(f"{key} {value}" for key, value in machine().items() if value))
    failed = []
    for name in names:
        try:
            await measure(name, size)
        except Exception as error:
            failed.append(name)
            print(f"FAILED {name}: {type(error).__name__}: {error}", flush=True)
    return int(bool(failed))


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; none: all of them")
    sizes = parser.add_mutually_exclusive_group()
    for size in ("full", "tiny"):
        sizes.add_argument(f"--{size}", dest="size", action="store_const", const=size, default="quick")
    given = parser.parse_args()
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return asyncio.run(measure_all(given.names or list(NAMES), SIZES[given.size]))


if __name__ == "__main__":
    sys.exit(main())
