"""The broker's process: started so that it ends with us, and asked whether it answers."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from jos.process import PR_SET_PDEATHSIG

SHUTDOWN_SECONDS = 10.0
"""An orderly end takes a quarter of a second; what it takes longer is not waited for, since nothing can get lost."""

# ApiVersions (18), version 0, correlation id 1, no client id: what every broker answers before anything else.
_WHO_ARE_YOU = bytes.fromhex("0000000a 0012 0000 00000001 ffff")

_libc = ctypes.CDLL(None)  # loaded before any fork: the child may not load anything


def spawn(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start it in a session of its own: Ctrl-C reaches us, and we decide when it stops.

    When we die without a word the kernel kills it, at once: all that it holds is in PostgreSQL too. That tie is to the
    thread that started it, so it is made in the main thread only.
    """
    tied = sys.platform == "linux" and threading.current_thread() is threading.main_thread()
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_tie_to(os.getpid()) if tied else None,  # noqa: PLW1509
        )


def _tie_to(parent: int) -> Callable[[], None]:
    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return tie


async def shut_down(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end (SIGTERM), wake it if it was stopped, and kill it when it takes too long."""
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    try:
        await asyncio.to_thread(process.wait, SHUTDOWN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        await asyncio.to_thread(process.wait)


async def answers(port: int) -> bool:
    """Whether a broker on this port of the loopback address answers within a second."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(_WHO_ARE_YOU)
                size = int.from_bytes(await reader.readexactly(4), "big")
                reply = await reader.readexactly(size)
            finally:
                writer.close()
            return reply[:6] == b"\0\0\0\1\0\0"  # ours, and no error
    return False
