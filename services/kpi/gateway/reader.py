"""One request reading: one connection, one state of the ledger, and nothing asked twice."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import date, datetime
from typing import Any, TypeVar, cast

from services.kpi import catalogue, cuts, directory
from services.kpi.catalogue import Version
from services.kpi.cuts import Cut
from services.kpi.directory import Named, Programme, School
from shared.auth.caller import Caller
from shared.clock import AMSTERDAM
from shared.feeds.checkpoints import Connection
from shared.web.tokens import Tokens

T = TypeVar("T")


class Reader:
    """What resolvers read by, in a transaction that sees one state of the ledger.

    GraphQL resolves neighbouring fields at once; the connection takes one statement at a time. What two fields ask is
    asked once: definitions, programmes and schools are read whole, as they are few.
    """

    def __init__(self, connection: Connection, caller: Caller, tokens: Tokens, now: datetime) -> None:
        self.caller = caller
        self.tokens = tokens
        self.now = now
        self._connection = connection
        self._turn = asyncio.Lock()
        self._asked: dict[Hashable, asyncio.Task[Any]] = {}

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(AMSTERDAM).date()

    async def once(self, key: Hashable, ask: Callable[[Connection], Awaitable[T]]) -> T:
        """The answer to a question, asked when it is asked first."""
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._in_turn(ask))
        return cast("T", await self._asked[key])

    async def _in_turn(self, ask: Callable[[Connection], Awaitable[T]]) -> T:
        async with self._turn:
            return await ask(self._connection)

    async def close(self) -> None:
        """Leave nothing running."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    async def kpis(self) -> dict[str, list[Version]]:
        """Every KPI with its versions, by code."""
        return await self.once("kpis", catalogue.kpis)

    async def programmes(self) -> dict[str, Programme]:
        """The programmes that are known, by code."""
        found = await self.once("programmes", lambda connection: directory.programmes(connection, self.today))
        return {each.code: each for each in found}

    async def cut(self, known_on: date | str | None) -> Cut | None:
        """The cut of a day or name. Raises `Refused` where there is none."""
        if known_on is None:
            return None
        return await self.once(("cut", known_on), lambda connection: cuts.find(connection, known_on))

    async def schools(self, programme: str, on: date, cut: Cut | None = None) -> list[School]:
        """The schools that take part on a day."""
        key = ("schools", programme, on, cut and cut.name)
        return await self.once(key, lambda connection: directory.schools(connection, programme, on, cut))

    async def municipalities(self, programme: str, on: date, cut: Cut | None = None) -> list[Named]:
        """The municipalities that take part on a day."""
        key = ("municipalities", programme, on, cut and cut.name)
        return await self.once(key, lambda connection: directory.municipalities(connection, programme, on, cut))

    async def providers(self, programme: str, on: date, cut: Cut | None = None) -> list[Named]:
        """The providers that schools have chosen on a day."""
        key = ("providers", programme, on, cut and cut.name)
        return await self.once(key, lambda connection: directory.providers(connection, programme, on, cut))
