"""The load generator: a small Go program, built when it is first needed; without Go a slower one in Python."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "load"

Request = tuple[int, bytes]
"""By which client (an index in the tokens), and the body, which holds no line end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send to: `rate` requests a second at intended times, or with 0 as fast as the connections go."""

    urls: Sequence[str]
    tokens: Sequence[str]
    connections: int
    rate: float = 0
    contentType: str = "application/cloudevents+json"
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it: seconds from each request's intended start to its end, and statuses (0: no answer).

    `wall` is the time of the whole in seconds, `share` the part of one core that the generator took.
    """

    taken: list[float]
    ends: list[float]
    statuses: Counter[int]
    wall: float
    share: float
    by: str = field(default="Go")

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.wall

    def told(self) -> str:
        """The statuses, and what the generator took."""
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return f"{statuses}; generator ({self.by}) {self.share:.0%} of a core"


async def send(plan: Plan, requests: Sequence[Request]) -> Sent:
    """Send the requests in order, and give what became of each. Raises `RuntimeError` when the generator fails."""
    program = _program()
    command = [str(program)] if program else [sys.executable, "-m", "benchmarks.slow_generator"]
    with tempfile.TemporaryDirectory(prefix="jos-load-") as folder:
        file, out = Path(folder) / "requests", Path(folder) / "out"
        file.write_bytes(b"".join(b"%d\t%s\n" % one for one in requests))
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=SOURCE.parent.parent
        )
        told, _ = await process.communicate(
            json.dumps({**asdict(plan), "requests": str(file), "out": str(out)}).encode()
        )
        if process.returncode != 0:
            raise RuntimeError("the load generator failed")
        records = array("q", out.read_bytes())
    spent = json.loads(told)
    intended, ends, statuses = records[0::4], records[2::4], records[3::4]
    return Sent(
        [(end - start) / 1e9 for start, end in zip(intended, ends, strict=True)],
        [end / 1e9 for end in ends],
        Counter(statuses),
        spent["wall"],
        spent["cpu"] / spent["wall"],
        "Go" if program else "Python, as there is no Go: it may be the bottleneck itself",
    )


@cache
def _program() -> Path | None:
    """The compiled generator; None without Go. Go's own cache makes a second build a matter of moments."""
    go = shutil.which("go")
    if go is None:
        return None
    program = Path(tempfile.mkdtemp(prefix="jos-load-")) / "load"
    subprocess.run([go, "build", "-o", str(program), "."], cwd=SOURCE, check=True)
    return program
