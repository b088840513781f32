"""`jos demo`: starts everything, has the half year told, and stays up."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack

from jos.demo.clients import make_clients
from jos.exits import DIFFERS, Exit
from jos.installation import Installation
from jos.supervisor.stay import until_asked
from jos.supervisor.supervisor import Supervisor, started
from jos.terminal import working


async def demo(installation: Installation, first_port: int, *, feed: str | None, once: bool) -> Exit:
    """0 when the figures were those of the source, or when it was asked to stop; 65 (with `once`) when one differed.

    Without a page there is nothing to stay up for: then it ends with the code that telling ended with, which has said
    why. Raises `Stop` when something does not come up.
    """
    code = Exit.TEMPORARY if once else Exit.OK
    installation.create()
    with until_asked():
        async with AsyncExitStack() as stack:
            with working("starting PostgreSQL and the services"):
                make_clients(installation)
                _, supervisor = await stack.enter_async_context(started(installation, first_port, feed))
            ended = await _tell(installation, supervisor, examples=not once)
            code = Exit.DATA if ended == DIFFERS else Exit(ended)
            if not once and ended in (Exit.OK, DIFFERS):
                code = Exit.OK
                await supervisor.watch()
    return code


async def _tell(installation: Installation, supervisor: Supervisor, *, examples: bool) -> int:
    """In a process of its own, so that what it takes is given back; ends early when a service gives up."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jos.demo.telling", str(installation.data), str(os.getpid())),
        *(["--examples"] if examples else []),
        start_new_session=True,
    )
    ended = asyncio.create_task(process.wait())
    gave_up = asyncio.create_task(supervisor.watch())
    try:
        await asyncio.wait([ended, gave_up], return_when=asyncio.FIRST_COMPLETED)
        if gave_up.done():
            gave_up.result()
        return ended.result()
    finally:
        gave_up.cancel()
        if process.returncode is None:
            process.terminate()
        await ended
