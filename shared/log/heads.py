"""A log's head, written down in a second place, so that a tail that was cut off is noticed (G-07)."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from shared.clock import Clock
from shared.log.canonical import canonical, instant
from shared.log.errors import LogError
from shared.log.log import Log
from shared.settings import Settings
from shared.tasks import end

logger = structlog.get_logger(__name__)

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class WrittenHead:
    """What was the last event of a shard at some moment, as it stands in the file."""

    shard: int
    position: int
    row_hash: str
    epoch: str


def heads_file(settings: Settings, service: str) -> Path:
    """Where the heads of a service's log are kept: one line of JSON per head, oldest first."""
    return settings.data_dir / "heads" / f"{settings.database(service)}.jsonl"


def written_heads(path: Path) -> Iterator[WrittenHead]:
    """The heads in the file; none when there is no file. Raises `ValueError` for a line that is not whole."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            head = json.loads(line)
            yield WrittenHead(head["shard"], head["position"], head["rowHash"], head["epoch"])


class HeadKeeper:
    """Writes the heads of the shards down at start, every hour and at stop: to a file of its own and as log lines."""

    def __init__(self, log: Log, settings: Settings, clock: Clock, every: float = HOUR) -> None:
        self._log = log
        self._path = heads_file(settings, log.service)
        self._clock = clock
        self._every = every
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Write the first, and go on."""
        await self.write()
        self._loop = asyncio.create_task(self._run(), name="log-heads")

    async def close(self) -> None:
        """Write the last; before the log is closed."""
        if self._loop is not None:
            await end(self._loop)
            await self.write()

    async def write(self) -> None:
        """Write the heads of this moment. A failure is logged: the service does not stop for it."""
        try:
            for head in await self._log.heads():
                line = {
                    "log": self._log.service,
                    "shard": head.position.shard,
                    "position": head.position.number,
                    "rowHash": head.row_hash.hex(),
                    "epoch": head.epoch,
                    "at": instant(self._clock.now()),
                }
                await asyncio.to_thread(_add_line, self._path, canonical(line))
                await logger.ainfo("log head", **line)
        except (LogError, OSError) as error:
            await logger.aerror("log head not written", error=type(error).__name__)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self.write()


def _add_line(path: Path, line: str) -> None:
    """Durable before it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
