"""What a running registry holds: its log, the copy in memory, and the acts on it."""

import asyncio
from dataclasses import dataclass, field

from services.registry.directory import Directory
from shared.acts import Acts
from shared.clock import Clock
from shared.feeds.follower import Follower
from shared.log.events import Vector
from shared.web.problems import Problem
from shared.web.tokens import Tokens, merged

SERVICE = "registry"
SOURCE = "urn:jos:registry"
WAIT_SECONDS = 2.0
"""How long a read waits for what it must have seen."""


@dataclass
class Running:
    """The parts of the registry that its routes need."""

    acts: Acts
    directory: Directory
    follower: Follower
    tokens: Tokens
    clock: Clock
    _written: Vector = field(default_factory=dict)

    def wrote(self, vector: Vector) -> None:
        """Remember what this process wrote, so that its own reads see it."""
        self._written = merged((self._written, vector))

    async def caught_up(self, at_least: str | None) -> None:
        """Wait until the copy was read in once and holds what was written here and what `atLeast` names.

        Raises `Problem` 503 `not-yet-visible` after two seconds; 400 for a token that is not ours.
        """
        asked = merged((self._written, self.tokens.at_least(at_least)))
        own = {place: number for place, number in asked.items() if place[0] == SERVICE}
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self.follower.ready.wait()
        except TimeoutError:
            raise _not_yet() from None
        if not await self.follower.reached(own, WAIT_SECONDS):
            raise _not_yet()


def _not_yet() -> Problem:
    return Problem(None, "not-yet-visible", headers={"Retry-After": "1"})
