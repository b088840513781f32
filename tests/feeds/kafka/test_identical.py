"""G-11: the same log gives the same read models by either feed, in whatever portions, with whatever accidents."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import date
from itertools import count

import asyncpg
import pytest

from services.kpi.definitions import shipped
from services.kpi.ledger import CONSUMER, apply
from services.kpi.standing import LOGS
from shared.administration.directory import Directory
from shared.clock import FrozenClock, SystemClock
from shared.feeds.applying import Apply
from shared.feeds.checkpoints import Connection
from shared.feeds.consumer import Consumer
from shared.feeds.feed import Feed
from shared.feeds.kafka.bookmarks import Bookmarks
from shared.feeds.kafka.feed import KafkaFeed
from shared.feeds.kafka.record import encode
from shared.feeds.kafka.relay import Relay
from shared.feeds.kafka.topics import topic_of
from shared.feeds.postgres import PostgresFeed
from shared.log.events import StoredEvent, Vector
from shared.postgres.cluster import Cluster
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.feeds.kafka.given import sender, until
from tests.fixtures.postgres import TEMPLATE
from tests.kpi.books import Books
from tests.kpi.office import Logs
from tests.kpi.page import write_page

KILLS = 6

_numbers = count(1)

# Every row of a table as text, in an order that only the rows decide.
_ROWS = "select t::text from app.{} t order by 1"
_TABLES = """
    select table_name from information_schema.tables
    where table_schema = 'app' and table_type = 'BASE TABLE' and table_name not in ('alembic_version', 'checkpoints')"""


def history() -> Books:
    """The page's half year, with corrections and retractions behind it."""
    books = Books(None)
    for definition in shipped().values():
        content = definition.model_dump(mode="json", by_alias=True)
        payload = {"kpi": definition.id, "version": 1, "definition": content, "validFrom": definition.valid_from}
        books.write("kpi", "kpi-defined.v1", payload)
    write_page(books)
    first, second = (books.contact(date(2022, 3, day), 60) for day in (1, 2))
    corrected = books.corrected(first, {}, day=date(2022, 4, 4))
    books.retracted(corrected)
    books.corrected(second, {}, school="99HB00")
    return books


@pytest.fixture
async def written(by_kafka: Settings, clock: FrozenClock) -> AsyncIterator[Vector]:
    """The logs, with relays that publish them and, in the topics, some of it once more."""
    logs = Logs(by_kafka, clock)
    await logs.append_books(history())
    heads = await logs.heads()
    async with AsyncExitStack() as stack:
        for log in LOGS:
            pool = await stack.enter_async_context(await open_pool(by_kafka, log, max_size=2))
            relay = Relay(log, by_kafka, Bookmarks(pool, "test"), clock)
            await relay.start()
            stack.push_async_callback(relay.close)
            await until(lambda relay=relay, log=log: relay.published(1) == heads[log, 1])  # type: ignore[misc]
            await once_more(by_kafka, log)
        yield heads
    await logs.close()


async def once_more(settings: Settings, log: str) -> None:
    """What a relay sends that died before its bookmark, and what a zombie sends."""
    source, secret = PostgresFeed(log, settings), settings.secret("feed.key").get_secret_value().encode()
    events = await source.read(1, 0, 10_000)
    await source.close()
    async with sender(settings) as send:
        for event in [*events[-20:], *events[:20]]:
            await send(*encode(log, event, secret), topic=topic_of(settings, log))


class Portions:
    """Writes what follows from events, and loses its connection after some of the batches, before the commit."""

    def __init__(self, real: Apply, kills: int) -> None:
        self.kills = kills
        self._real = real

    async def __call__(self, connection: Connection, log: str, events: Sequence[StoredEvent]) -> None:
        await self._real(connection, log, events)
        if self.kills:
            self.kills -= 1
            connection.terminate()
            raise ConnectionError("killed between the rows and the commit")


async def filled(
    settings: Settings,
    target: Settings,
    kind: type[PostgresFeed] | type[KafkaFeed],
    batch: int,
    kills: int,
    heads: Vector,
) -> dict[str, list[str]]:
    """kpi's read models in a database of their own, filled by one kind of feed."""
    async with await open_pool(target, "kpi") as pool:
        portions = Portions(apply, kills)
        feeds = [opened(kind, log, settings, pool, CONSUMER) for log in LOGS]
        consumer = Consumer(CONSUMER, feeds, pool, portions, SystemClock(), batch=batch)
        await consumer.start()
        assert await consumer.reached(heads, 60)
        await consumer.close()
        assert portions.kills == 0
        return await tables(pool)


def opened(
    kind: type[PostgresFeed] | type[KafkaFeed], log: str, settings: Settings, pool: asyncpg.Pool, reader: str
) -> Feed:
    """A feed of that kind."""
    if issubclass(kind, KafkaFeed):
        return kind(log, settings, SystemClock(), reader=f"{reader}-{next(_numbers)}", pool=pool)
    return kind(log, settings)


async def tables(pool: asyncpg.Pool) -> dict[str, list[str]]:
    """Every table of the read models, byte for byte."""
    names = [row["table_name"] for row in await pool.fetch(_TABLES)]
    return {name: [row[0] for row in await pool.fetch(_ROWS.format(name))] for name in names}


async def test_g11_either_feed_gives_the_same_ledger(by_kafka: Settings, written: Vector, cluster: Cluster) -> None:
    """G-11: batches of any size, doubles in the topic, the consumer killed between its rows and its commit."""
    chance = random.Random(11)  # noqa: S311
    found: list[dict[str, list[str]]] = []
    runs = [(PostgresFeed, 1000, 0)]
    runs += [(KafkaFeed, size, KILLS) for size in (1000, chance.randint(5, 50))]
    for kind, batch, kills in runs:
        target = by_kafka.model_copy(update={"database_prefix": f"same{next(_numbers)}_"})
        await cluster.make_database(target, "kpi", f"{TEMPLATE}kpi")
        try:
            found.append(await filled(by_kafka, target, kind, batch, kills, written))
        finally:
            async with cluster.connected("postgres") as connection:
                await connection.execute(f"drop database {target.database('kpi')} with (force)")
    original, *others = found
    assert len(original["posting"]) > 900
    assert len(original["incoming"]) == sum(written.values())
    for other in others:
        for name, rows in original.items():
            assert other[name] == rows, name


async def test_g11_either_feed_gives_the_same_directories(by_kafka: Settings, written: Vector) -> None:
    """G-11: the copies in memory, event for event."""
    async with await open_pool(by_kafka, "interventions") as pool:
        for log in LOGS:
            copies = []
            for kind in (PostgresFeed, KafkaFeed):
                feed, directory, last = opened(kind, log, by_kafka, pool, "copy"), Directory(), 0
                while last < written[log, 1]:
                    events = await feed.read(1, last, 37)
                    directory.apply(log, events)
                    last = events[-1].position.number
                await feed.close()
                copies.append(directory._streams)
            assert copies[0] == copies[1]
