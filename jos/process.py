"""What a process is called, and what ties it to the one that started it."""

import ctypes
import os
import signal
import sys

from jos.exits import Exit

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15


def end_with_parent(parent: int) -> None:
    """Let the kernel kill this process when `parent` dies, however it dies (Linux); ends at once if it is gone already.

    A kill is safe: whatever was acknowledged is durable in PostgreSQL (G-01).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(Exit.TEMPORARY)


def be_called(name: str) -> None:
    """Show this process as `name` (at most 15 characters) in ps and top."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:15])
