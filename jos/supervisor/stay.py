"""Stays up until it is asked to stop."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import typer

from jos.installation import Installation, Running
from jos.supervisor.supervisor import started
from jos.terminal import working

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, and a closed terminal: everything that was started is stopped in order."""


@contextmanager
def until_asked() -> Iterator[None]:
    """What runs inside, and what it opened, is ended by one of `SIGNALS`; the end is then an ordinary one."""
    task = asyncio.current_task()
    if task is None:
        raise AssertionError("only inside a task")
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    except asyncio.CancelledError:
        return
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def stay_up(installation: Installation, first_port: int, *, feed: str | None, as_json: bool) -> None:
    """Start everything, say where it is, and keep it running."""
    with until_asked():
        async with AsyncExitStack() as stack:
            with working("starting PostgreSQL and the services"):
                running, supervisor = await stack.enter_async_context(started(installation, first_port, feed))
            typer.echo(running.line() if as_json else _places(running))
            await supervisor.watch()


def _places(running: Running) -> str:
    lines = [f"{name:14} {url}" for name, url in running.baseUrls.items()]
    lines += [f"{'token endpoint':14} {running.tokenEndpoint}", f"{'feed':14} {running.carrier}"]
    return "\n".join([*lines, "Ctrl-C stops everything."])
