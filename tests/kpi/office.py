"""kpi running in this process: the logs that it follows, and the people who call it."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson

from services.kpi import figures as asking
from services.kpi.figure import Figure
from services.kpi.running import Running
from services.kpi.standing import LOGS
from shared.clock import FrozenClock
from shared.domain.events import TYPE_PREFIX
from shared.feeds.postgres import PostgresFeed
from shared.log.canonical import canonical, content_hash
from shared.log.events import Columns, Key, NewEvent, Outcome, Unit, Vector
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.kpi.books import Books

Json = dict[str, Any]


class Logs:
    """The logs of the other services, to which a test appends in their name."""

    def __init__(self, settings: Settings, clock: FrozenClock) -> None:
        self._settings = settings
        self._clock = clock
        self._stack = AsyncExitStack()
        self._logs: dict[str, Log] = {}

    async def close(self) -> None:
        """Close them."""
        await self._stack.aclose()

    async def append(
        self, service: str, act: str, payload: Json, columns: Columns | None = None, id_: UUID | None = None
    ) -> None:
        """Append an event."""
        log = self._logs.get(service) or await self._open(service)
        now, text, type_ = self._clock.now(), canonical(payload), TYPE_PREFIX + act
        key = Key("test", "urn:test", str(uuid4()))
        hashed = content_hash(type_, now, text)
        event = NewEvent(id_ or uuid4(), key, type_, f"test/{uuid4()}", now, now, text, hashed, columns or Columns())
        [answer] = await log.append(Unit((event,)))
        assert answer.outcome is Outcome.CREATED

    async def append_books(self, books: Books) -> None:
        """Append what was written into books, in order."""
        for service, events in books.logs.items():
            for event in events:
                act = event.type.removeprefix(TYPE_PREFIX)
                await self.append(service, act, orjson.loads(event.payload), event.columns, event.id)

    async def heads(self) -> Vector:
        """How far every log is."""
        found: dict[tuple[str, int], int] = {}
        for name in LOGS:
            feed = PostgresFeed(name, self._settings)
            found |= {(name, shard): await feed.head(shard) for shard in await feed.shards()}
            await feed.close()
        return found

    async def _open(self, service: str) -> Log:
        pool = await self._stack.enter_async_context(await open_pool(self._settings, service, max_size=4))
        log = self._logs[service] = Log(service, pool, self._clock)
        await log.start()
        self._stack.push_async_callback(log.close)
        return log


@dataclass
class Office:
    """A running kpi."""

    client: httpx.AsyncClient
    running: Running
    logs: Logs
    clock: FrozenClock
    token: Callable[..., str]

    async def settled(self) -> None:
        """Wait until the ledger has applied everything that is in the logs."""
        assert await self.running.consumer.reached(await self.logs.heads(), 60)

    async def figure(self, kpi: str, period: str = "2022-H1", **more: Any) -> Figure:
        """The only figure of a KPI for a period."""
        now: datetime = self.clock.now()
        async with self.running.pool.acquire() as connection:
            [found] = await asking.figures(connection, kpi, "HR-JOS", period, now=now, **more)
        return found

    async def post(self, body: Json, who: str, query: str = "", **headers: str) -> httpx.Response:
        """Deliver, with this token."""
        told = {"Authorization": f"Bearer {who}", "Accept-Language": "en", **headers}
        return await self.client.post(f"/kpi/v1/data-deliveries{query}", json=body, headers=told)

    async def get(self, path: str, who: str, **query: str) -> httpx.Response:
        """Read, with this token."""
        told = {"Authorization": f"Bearer {who}", "Accept-Language": "en"}
        return await self.client.get(f"/kpi/v1/data-deliveries{path}", params=query or None, headers=told)
