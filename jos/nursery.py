"""Where services are born: one process that has everything loaded once, and forks a service in a moment.

Six services share what none of them writes to (their code), so that they start together in the time of one and need a
third of the memory. The nursery dies with the supervisor and the services with the nursery, however each dies.

It is told on standard input, and tells on standard output, one JSON object a line:
`{"service", "environment", "log"}` in, `{"born": pid}` out in the same order; later `{"ended": pid, "code"}`.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from jos.process import be_called, end_with_parent

PRELOADED = (
    *("asyncpg", "fastapi", "httpx", "joserfc.jwt", "ruamel.yaml", "uvicorn.lifespan.on", "uvloop"),
    *("shared.acts", "shared.auth.remote", "shared.feeds.consumer", "shared.feeds.follower", "shared.feeds.postgres"),
    *("shared.log.log", "shared.postgres.pool", "shared.postgres.safety", "shared.web.app", "shared.web.serve"),
)
"""What every service stands on. No service itself: each is loaded in its own process alone, as in a container."""


def live(parent: int) -> None:
    """Fork services as they are asked for, until standard input ends."""
    end_with_parent(parent)
    be_called("jos-nursery")
    for module in PRELOADED:
        # What cannot be loaded fails again in the service itself, and says so in its log.
        with contextlib.suppress(Exception):
            import_module(module)
    gc.collect()
    gc.freeze()
    woken, wake = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = os.fdopen(0, "rb", buffering=0)
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_the_ended()
        if 0 in ready:
            line = asked.readline()
            if not line:
                return
            _tell({"born": _bear(json.loads(line))})


def _bear(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _be(asked["service"], asked["environment"], Path(asked["log"]))
    return pid


def _be(service: str, environment: dict[str, str], log: Path) -> NoReturn:
    """Become the service: its own session, environment and output, and nothing of the nursery's."""
    code = 70
    try:
        parent = os.getppid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.environ.clear()
        os.environ.update(environment)
        from jos.cli import run

        code = run(["serve", service, "--parent", str(parent)])
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _tell_the_ended() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _tell({"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(what: dict[str, int]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    live(int(sys.argv[1]))
