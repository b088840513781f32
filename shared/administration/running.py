"""What a running service of administrators holds: its log, the copy in memory, and the acts on it."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import asyncpg
from fastapi import FastAPI

from shared.acts import Acts
from shared.administration.directory import Directory
from shared.clock import Clock
from shared.feeds.follower import Follower
from shared.feeds.opening import carry
from shared.feeds.postgres import PostgresFeed
from shared.log.events import Vector
from shared.log.heads import HeadKeeper
from shared.log.log import Log
from shared.settings import Settings
from shared.web.health import register_check
from shared.web.problems import Problem
from shared.web.tokens import Tokens, merged

WAIT_SECONDS = 2.0
"""How long a read waits for what it must have seen."""


@dataclass
class Running:
    """The parts of a service that its routes need."""

    service: str
    acts: Acts
    directory: Directory
    follower: Follower
    tokens: Tokens
    clock: Clock
    pool: asyncpg.Pool
    others: dict[str, Follower] = field(default_factory=dict)
    """Copies of other services' facts, by the service whose log they follow."""
    _written: Vector = field(default_factory=dict)

    def wrote(self, vector: Vector) -> None:
        """Remember what this process wrote, so that its own reads see it."""
        self._written = merged((self._written, vector))

    async def caught_up(self, at_least: str | None) -> None:
        """Wait until every copy was read in once and holds what was written here and what `atLeast` names.

        Raises `Problem` 503 `not-yet-visible` after two seconds; 400 for a token that is not ours.
        """
        asked = merged((self._written, self.tokens.at_least(at_least)))
        for log, follower in ((self.service, self.follower), *self.others.items()):
            await reached(follower, {place: number for place, number in asked.items() if place[0] == log})


async def reached(follower: Follower, vector: Vector) -> None:
    """Wait until a copy was read in once and holds this. Raises `Problem` 503 `not-yet-visible` after two seconds."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await follower.ready.wait()
    except TimeoutError:
        raise _not_yet() from None
    if not await follower.reached(vector, WAIT_SECONDS):
        raise _not_yet()


def _not_yet() -> Problem:
    return Problem(None, "not-yet-visible", headers={"Retry-After": "1"})


async def start_running(app: FastAPI, service: str, pool: asyncpg.Pool, clock: Clock, stack: AsyncExitStack) -> Running:
    """Start the service's log and its copy in memory; `stack` closes them in reverse order."""
    settings: Settings = app.state.settings
    log = Log(service, pool, clock)
    await log.start()
    stack.push_async_callback(log.close)
    heads = HeadKeeper(log, settings, clock)
    await heads.start()
    stack.push_async_callback(heads.close)
    await carry(service, pool, settings, clock, stack)
    directory = Directory()
    # Its own log stands in its own database: a way through a broker would only add a way to fail (G-13).
    feed = PostgresFeed(service, settings)
    follower = Follower("directory", [feed], directory.apply, reset=directory.reset, clock=clock)
    await follower.start()
    stack.push_async_callback(follower.close)

    async def database() -> str | None:
        await log.head()
        return None

    register_check(app, "database", database)
    register_check(app, "directory", follower.problem)
    tokens = Tokens(settings.secret("token.key").get_secret_value())
    return Running(service, Acts(log, clock, f"urn:jos:{service}"), directory, follower, tokens, clock, pool)
