"""A node of Kafka under our own care: formatted once, started on free ports of the loopback address, stopped."""

import asyncio
import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from jos.broker.process import answers, shut_down, spawn
from jos.broker.properties import CLUSTER_ID, Place, properties
from jos.broker.software import BrokerFailed, find_jars, find_java

READY_SECONDS = 60.0
"""How long a node may take until it answers; it is five seconds on a quiet machine."""
ATTEMPTS = 3
"""How often other ports are tried, when one was taken between our asking and the node's listening."""

# Small and quick to start: what it holds stands in PostgreSQL too, and nobody waits for its last percent.
_JAVA = ("-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


class Broker:
    """One node, broker and controller in one; its data, configuration and output lie in `folder`."""

    def __init__(self, folder: Path, place: Place, places: Sequence[Place], environment: Mapping[str, str]) -> None:
        self.place = place
        self._folder = folder
        self._places = places
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        return f"127.0.0.1:{self.place.port}"

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    async def start(self) -> None:
        """Start it; with several nodes none answers before most of them run. Raises `BrokerFailed`."""
        java = await asyncio.to_thread(find_java, self._environment)
        jars = await asyncio.to_thread(find_jars, self._environment)
        run = [str(java), *_JAVA, "-cp", f"{jars}/*"]
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / "server.properties"
        data = self._folder / "data"
        file.write_text(properties(self.place, self._places, str(data)), encoding="utf-8")
        if not (data / "meta.properties").exists():
            await self._format(run, file)
        self._process = spawn([*run, "kafka.Kafka", str(file)], self._folder / "broker.log")

    async def ready(self) -> None:
        """Wait until it answers clients. Raises `BrokerFailed` with its last words when it does not, or ends."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + READY_SECONDS
        while not await answers(self.place.port):
            if self.pid is None:
                raise BrokerFailed(f"Kafka does not start: {self._last_words()}")
            if loop.time() > deadline:
                raise BrokerFailed(f"Kafka does not answer after {READY_SECONDS:.0f} s: {self._last_words()}")
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """End it in order; one that was stopped by a signal too."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            await shut_down(process)

    async def _format(self, run: Sequence[str], file: Path) -> None:
        """Give the data folder the mark of its cluster."""
        command = [*run, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(file), "--ignore-formatted"]
        done = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, check=False, timeout=READY_SECONDS
        )
        if done.returncode:
            raise BrokerFailed(f"Kafka's data folder cannot be formatted: {_last(done.stderr or done.stdout)}")

    def _last_words(self) -> str:
        log = self._folder / "broker.log"
        return _last(log.read_text(encoding="utf-8", errors="replace")) if log.exists() else "no word"


async def start_one(folder: Path, environment: Mapping[str, str] | None = None) -> Broker:
    """A cluster of one node, ready, on free ports. Raises `BrokerFailed`; then nothing runs."""
    for attempt in range(1, ATTEMPTS + 1):
        [place] = free_places(1)
        broker = Broker(folder, place, [place], os.environ if environment is None else environment)
        try:
            await broker.start()
            await broker.ready()
        except BaseException as error:
            await broker.stop()
            if attempt == ATTEMPTS or not isinstance(error, BrokerFailed) or "in use" not in str(error):
                raise
        else:
            return broker
    raise AssertionError("the last attempt returns or raises")


def free_places(count: int) -> list[Place]:
    """Places for nodes 1, 2, ... on ports that the system says are free."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2 * count)]
    try:
        ports = [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
    return [Place(number + 1, *ports[2 * number : 2 * number + 2]) for number in range(count)]


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    return lines[-1] if lines else "no word"
