"""An installation on Kafka, and the ways in which its brokers can be hurt."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from jos.broker.broker import Broker, free_places
from jos.broker.process import answers
from jos.supervisor.broker import Brokers, OwnBroker
from jos.supervisor.supervisor import environment
from shared.feeds.kafka import clients
from shared.feeds.kafka.topics import topic_of
from shared.settings import Settings
from tests.faults.checkers import Violation
from tests.faults.processes import kill
from tests.faults.stack import Stack
from tests.feeds.kafka.given import header, records, until

LOG = "interventions"
SESSION_MS = 1500
"""After this a silent consumer's shards go to another: the shortest that makes sense, so that a run need not wait."""
METRICS = 19600


class Hurt(OwnBroker):
    """One broker that its supervisor starts again, unless it is to stay away."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        super().__init__(broker)
        self._folder = folder
        self._may = asyncio.Event()
        self._may.set()

    def kill(self) -> bool:
        """SIGKILL; the supervisor starts it again."""
        return self.pid is not None and kill(self.pid)

    def kill_and_empty(self) -> bool:
        """SIGKILL, and all that it had is gone before it is started again."""
        killed = self.kill()
        shutil.rmtree(self._folder / "data")
        return killed

    @contextmanager
    def away(self) -> Iterator[None]:
        """Killed, and not started again for as long as this lasts."""
        self._may.clear()
        try:
            assert self.kill()
            yield
        finally:
            self._may.set()

    async def back(self) -> None:
        """Wait until it answers again."""

        async def there() -> bool:
            return self.pid is not None and await answers(self._broker.place.port)

        await until(there, 60)

    async def _again(self) -> None:
        await self._may.wait()
        await super()._again()


@asynccontextmanager
async def nodes(folder: Path, count: int) -> AsyncIterator[Sequence[Broker]]:
    """A cluster of some nodes, ready, stopped at the end."""
    places = free_places(count)
    made = [Broker(folder / f"broker-{place.number}", place, places, os.environ) for place in places]
    try:
        for one in made:
            await one.start()
        for one in made:
            await one.ready()
        yield made
    finally:
        await asyncio.gather(*(one.stop() for one in made))


@asynccontextmanager
async def one_broker(folder: Path) -> AsyncIterator[Hurt]:
    """A broker to be killed."""
    async with nodes(folder, 1) as [broker]:
        yield Hurt(broker, folder / "broker-1")


def three(made: Sequence[Broker]) -> Brokers:
    """Several brokers as the services know them; nobody starts one again."""
    return Brokers(",".join(one.address for one in made))


@asynccontextmanager
async def admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """An operator."""
    client = AIOKafkaAdminClient(**clients.admin(settings))
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def delete_topic(settings: Settings) -> None:
    """The topic and everything in it."""
    async with admin(settings) as operator:
        await operator.delete_topics([topic_of(settings, LOG)])


async def cut_retention(settings: Settings) -> None:
    """Everything that is in the topic now, as when it was kept for too short a time."""
    async with admin(settings) as operator:
        everything = RecordsToDelete(before_offset=-1)
        await operator.delete_records({TopicPartition(topic_of(settings, LOG), 0): everything})


async def disordered(settings: Settings, head: int) -> list[Violation]:
    """G-08, G-09: every event stands in the topic, each for the first time right behind the one before it.

    Counted from the last genesis record at which the topic was begun anew; repeats do no harm.
    """
    found = [int(header(record, "ce_position")) for record in await records(settings)]
    first_seen = 0
    for position in found[_last_beginning(found) :]:
        if position > first_seen + 1:
            return [Violation("G-09", f"position {position} stands behind {first_seen}")]
        first_seen = max(first_seen, position)
    return [] if first_seen == head else [Violation("G-09", f"the topic ends at {first_seen}, the log at {head}")]


def _last_beginning(positions: Sequence[int]) -> int:
    return max((place for place, position in enumerate(positions) if position == 0), default=0)


async def metric(running: Stack, service: str, name: str) -> float:
    """The greatest value of a metric of a service, 0 for none."""
    port = METRICS + list(running.supervisor.children).index(service)
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://{running.settings.host}:{port}/metrics")).text
    values = [float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name + "{")]
    return max(values, default=0.0)


@asynccontextmanager
async def second_relay(running: Stack, port: int) -> AsyncIterator[int]:
    """Another process of the service whose log it is, and so another relay: its process id."""
    own = {"port": str(port), "issuer": running.supervisor.base_urls()["issuer"], "metrics_port": "0"}
    born = await running.nursery.bear(LOG, environment(running.settings, own), running.installation.log("second"))
    try:
        yield born.pid
    finally:
        kill(born.pid)
        await born.ended
