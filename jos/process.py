"""What ties a process to the one that started it."""

import ctypes
import os
import signal
import sys

from jos.exits import Exit

PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Let the kernel kill this process when `parent` dies, however it dies (Linux); ends at once if it is gone already.

    A kill is safe: whatever was acknowledged is durable in PostgreSQL (G-01).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(Exit.TEMPORARY)
