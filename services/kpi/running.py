"""What a running kpi holds: its log, the ledger's consumer, and the database it reads."""

from dataclasses import dataclass, field

import asyncpg

from services.kpi.own import Own
from shared.acts import Acts
from shared.clock import Clock
from shared.feeds.consumer import Consumer
from shared.feeds.feed import Feed
from shared.log.events import Vector
from shared.log.log import Log
from shared.web.problems import Problem
from shared.web.tokens import Tokens, merged

SERVICE = "kpi"
WAIT_SECONDS = 2.0
"""How long a request waits for what it must have seen."""


@dataclass
class Running:
    """The parts of kpi that its routes and loops need; `registry` is a feed to ask how far the registry's log is."""

    log: Log
    pool: "asyncpg.Pool[asyncpg.Record]"
    acts: Acts
    own: Own
    consumer: Consumer
    registry: Feed
    tokens: Tokens
    clock: Clock
    _written: Vector = field(default_factory=dict)

    def wrote(self, vector: Vector) -> None:
        """Remember what this process wrote, so that its own reads see it."""
        self._written = merged((self._written, vector))

    async def caught_up(self, at_least: str | None) -> None:
        """Wait until the ledger holds what was written here and what `atLeast` names.

        Raises `Problem` 503 `not-yet-visible` after two seconds; 400 for a token that is not ours.
        """
        asked = merged((self._written, self.tokens.at_least(at_least)))
        if not await self.consumer.reached(asked, WAIT_SECONDS):
            raise Problem(None, "not-yet-visible", headers={"Retry-After": "1"})

    async def knows_the_registry(self) -> bool:
        """Wait, at most two seconds, until the ledger knows all that the registry had accepted by now."""
        heads = {("registry", shard): await self.registry.head(shard) for shard in await self.registry.shards()}
        return await self.consumer.reached(heads, WAIT_SECONDS)
