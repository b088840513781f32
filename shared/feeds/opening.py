"""Which feed a reader gets: the one place that looks at `JOS_FEED`."""

from typing import TYPE_CHECKING

import asyncpg

from shared.clock import Clock
from shared.feeds.feed import Feed
from shared.feeds.postgres import PostgresFeed
from shared.settings import Settings

if TYPE_CHECKING:
    from contextlib import AsyncExitStack


def open_feed(
    log: str, settings: Settings, clock: Clock, *, reader: str, pool: asyncpg.Pool, group: bool = True
) -> Feed:
    """The feed of a log, by the transport that is configured.

    `reader` names who reads, for metrics and for Kafka's consumer group; `pool` is that of the service that reads,
    where refused records are noted. With `group` the shards are divided among the processes of that reader; without it
    (copies in memory, which every process needs whole) each follows all of them.
    """
    if settings.feed == "postgresql":
        return PostgresFeed(log, settings)
    from shared.feeds.kafka.feed import KafkaFeed  # noqa: PLC0415 - 20 MB that only Kafka's users pay

    return KafkaFeed(log, settings, clock, reader=reader, pool=pool, group=group)


async def carry(log: str, pool: asyncpg.Pool, settings: Settings, clock: Clock, stack: "AsyncExitStack") -> None:
    """Publish a service's own log, for as long as `stack` lasts, where the transport needs that."""
    if settings.feed == "postgresql":
        return
    from shared.feeds.kafka.relay import start_relay  # noqa: PLC0415 - as above

    relay = await start_relay(log, pool, settings, clock)
    stack.push_async_callback(relay.close)
