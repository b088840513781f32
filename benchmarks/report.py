"""What a benchmark found: rows with target and ratio for people, and the raw samples (seconds) for who doubts."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from pathlib import Path

from benchmarks.machine import machine, speed
from benchmarks.sizes import Size

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Row:
    """One finding: what was measured, with which target, and against which floor or peer of the same run."""

    what: str
    seen: float
    unit: str
    target: float | None = None
    at_most: bool = False
    """Whether the target is a largest value; else it is a smallest."""
    against: str = ""
    """The floor or peer; `ratio` is seen divided by it."""
    ratio: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.seen <= self.target if self.at_most else self.seen >= self.target

    def line(self) -> str:
        """For a terminal."""
        sign = {None: "      ", True: "met   ", False: "MISSED"}[self.met]
        target = "" if self.target is None else f"{'at most' if self.at_most else 'at least'} {shown(self.target)}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} of {self.against}"
        seen = f"{shown(self.seen)} {self.unit}"
        return f"{sign} {self.what:<58} {seen:>20}  {target:<20} {ratio:<44} {self.note}".rstrip()


@dataclass(slots=True)
class Report:
    """The findings of one benchmark; each is printed as it comes."""

    name: str
    size: Size
    folder: Path = RESULTS
    rows: list[Row] = field(default_factory=list)
    samples: dict[str, list[float]] = field(default_factory=dict)
    before: Mapping[str, float] = field(default_factory=speed)

    def add(self, row: Row) -> None:
        """Note a finding."""
        self.rows.append(row)
        print(row.line(), flush=True)

    def say(self, text: str) -> None:
        """Something that is not a figure."""
        print(f"       {text}", flush=True)

    def keep(self, what: str, seconds: Sequence[float]) -> list[float]:
        """Keep raw samples beside the result; gives them sorted."""
        self.samples[what] = list(seconds)
        return sorted(seconds)

    def save(self) -> Path:
        """Write the findings and the raw samples to a file of their own."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.name}-{self.size.name}-{time.strftime('%Y%m%dT%H%M%S')}.json"
        content = {
            "benchmark": self.name,
            "size": asdict(self.size),
            "machine": machine(),
            "speed": {"before": self.before, "after": speed()},
            "rows": [asdict(row) | {"met": row.met} for row in self.rows],
            "samples": {what: [round(one, 6) for one in seconds] for what, seconds in self.samples.items()},
        }
        path.write_text(json.dumps(content), encoding="utf-8")
        return path


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest sample that at least this share of them does not exceed; `ordered` is sorted and not empty."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def milliseconds(ordered: Sequence[float], *shares: float) -> str:
    """Percentiles in words: `p50 1.2, p99 4.0, max 9.1 ms`."""
    told = [f"p{share * 100:g} {percentile(ordered, share) * 1000:.1f}" for share in shares or (0.5, 0.9, 0.99)]
    return f"{', '.join(told)}, max {ordered[-1] * 1000:.1f} ms"


def shown(number: float) -> str:
    """A number as people read it: three digits that matter."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
