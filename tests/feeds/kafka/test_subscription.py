"""A subscription ends when it is told to, whatever its client is doing at that moment."""

import asyncio

import pytest

from shared.feeds.kafka.subscription import Subscription
from shared.settings import Settings
from tests.feeds.given import LOG
from tests.feeds.kafka.given import until

AWAY = Settings(mode="demo", feed="kafka", kafka_bootstrap="127.0.0.1:1")


@pytest.mark.parametrize("steps", range(5))
async def test_a_reader_that_is_ended_while_its_client_connects_ends(steps: int) -> None:
    """At whatever step between the client's coming and the reader's waking: the cancellation is not lost."""
    subscription = Subscription(LOG, AWAY, "ended", group=True)
    reading = asyncio.create_task(subscription.poll(60))
    await until(lambda: bool(subscription._up._waiters))
    subscription._up.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    had_ended = reading.done()
    reading.cancel()
    await asyncio.wait([reading])
    assert reading.cancelled() or had_ended
    await subscription.close()
