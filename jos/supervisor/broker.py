"""The broker of an installation whose feed is Kafka: the one that is configured, else one of its own, watched."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import typer

from jos.broker.broker import Broker, start_one
from jos.broker.software import BrokerFailed
from jos.exits import Exit, Stop
from jos.installation import Installation
from jos.supervisor.database import AGAIN_EVERY, LOOK_EVERY
from shared.settings import Settings


class Brokers:
    """What carries the logs besides PostgreSQL; `address` is empty where nothing does."""

    def __init__(self, address: str = "") -> None:
        self.address = address

    @property
    def pid(self) -> int | None:
        """The process of our own broker, if we have one and it runs."""
        return None

    async def watch(self) -> None:
        """Somebody else's, or nobody's: nothing to keep running."""
        await asyncio.Event().wait()


class OwnBroker(Brokers):
    """One node, started again on the same ports whenever it ends."""

    def __init__(self, broker: Broker) -> None:
        super().__init__(broker.address)
        self._broker = broker

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        return self._broker.pid

    async def watch(self) -> None:
        """The services know the port, and go on without it meanwhile."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._broker.pid is None:
                await self._again()

    async def _again(self) -> None:
        while True:
            try:
                await self._broker.start()
                await self._broker.ready()
            except (BrokerFailed, OSError) as error:
                typer.echo(f"Kafka does not come back yet: {error}", err=True)
                await self._broker.stop()
                await asyncio.sleep(AGAIN_EVERY)
            else:
                return

    async def stop(self) -> None:
        """End it."""
        await self._broker.stop()


@asynccontextmanager
async def open_brokers(installation: Installation, settings: Settings) -> AsyncIterator[Brokers]:
    """The brokers of this feed; one of our own is ready, and stopped at the end.

    Raises `Stop` (69) when our own cannot be obtained or does not start, saying what to do.
    """
    if settings.feed != "kafka" or settings.kafka_bootstrap:
        yield Brokers(settings.kafka_bootstrap)
        return
    try:
        own = OwnBroker(await start_one(installation.data / "kafka", os.environ))
    except (BrokerFailed, OSError) as error:
        raise Stop(Exit.UNAVAILABLE, str(error)) from None
    try:
        yield own
    finally:
        await own.stop()
