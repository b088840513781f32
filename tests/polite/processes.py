"""Services as processes of their own, as `jos serve` starts them, and raw connections to them."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import stamina

from jos.supervisor.supervisor import environment as written_out
from shared.settings import Settings


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def plain() -> dict[str, str]:
    """This process's environment without any setting of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("JOS_")}


def environment(settings: Settings, **own: str) -> dict[str, str]:
    """The environment of a service with these settings."""
    return written_out(settings, own)


def jos(
    *arguments: str, given: Mapping[str, str] | None = None, seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run `jos` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "jos", *arguments],
        env=plain() if given is None else dict(given),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A service that runs."""

    process: subprocess.Popen[bytes]
    port: int
    lines: Path

    @property
    def origin(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> int:
        """Its resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    async def answer_to(self, raw: bytes, seconds: float = 20) -> bytes:
        """What comes back until the other side closes; the sender says nothing more but stays connected."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        received = b""
        try:
            async with asyncio.timeout(seconds):
                while chunk := await reader.read(1_000_000):
                    received += chunk
        except (ConnectionError, TimeoutError):
            pass
        writer.close()
        return received


@contextmanager
def serving(service: str, settings: Settings, lines: Path) -> Iterator[Served]:
    """`jos serve SERVICE`, ready; killed at the end."""
    with lines.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "jos", "serve", service], env=environment(settings), stdout=file, stderr=file
        )
    try:
        served = Served(process, settings.port, lines)
        wait(served)
        yield served
    finally:
        process.kill()
        process.wait()


def wait(served: Served) -> None:
    for attempt in stamina.retry_context(
        on=(httpx.TransportError, LookupError), timeout=60, attempts=None, wait_max=0.3
    ):
        with attempt:
            if served.process.poll() is not None:
                raise AssertionError(served.lines.read_text("utf-8"))
            answer = httpx.get(f"{served.origin}/readyz", trust_env=False, timeout=5)
            if not answer.is_success:
                raise LookupError(answer.text)
