"""Ending tasks that would go on for ever."""

import asyncio

AGAIN = 5.0
"""Seconds that a task may take to clean up before it is cancelled again."""


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel the tasks, and return when they have ended, whatever they raise.

    One cancellation can get lost: aiokafka takes one that comes while it stops for its own, asyncpg may raise an error
    of the connection in its place, `asyncio.wait_for` drops it where what it waits for has just come (before Python
    3.12). The task, which tries again after any failure, would then run on, and who waits for its end with it.
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=AGAIN)
    await asyncio.gather(*tasks, return_exceptions=True)
