"""Contracts over HTTP, in a region whose registry has told it what it knows."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from services.contracts.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.log.log import Log
from shared.postgres.pool import open_pool
from shared.settings import Settings
from tests.contracts.desk import Desk
from tests.contracts.haaglanden.region import FACTS, desk, in_registry
from tests.fixtures.auth import Mint
from tests.fixtures.services import Serve
from tests.interventions.given import Neighbours


@pytest.fixture
def clock() -> FrozenClock:
    """After the last moment for notice, when the notice of 30 December is recorded."""
    return FrozenClock(datetime(2027, 1, 2, 10, tzinfo=UTC))


@pytest.fixture
async def registry(databases: Settings, clock: FrozenClock) -> AsyncIterator[Neighbours]:
    """The registry's log."""
    async with await open_pool(databases, "registry") as pool:
        log = Log("registry", pool, clock)
        await log.start()
        neighbours = Neighbours({"registry": log}, clock)
        await neighbours.tell(*(in_registry(one) for one in FACTS))
        yield neighbours
        await log.close()


@pytest.fixture
def app(databases: Settings, clock: FrozenClock, keys: StaticKeys, registry: Neighbours) -> FastAPI:
    return create_app(databases, clock, keys)


@pytest.fixture
async def client(app: FastAPI, serve: Serve) -> httpx.AsyncClient:
    return await serve(app)


@pytest.fixture
def manager(client: httpx.AsyncClient, mint: Mint) -> Desk:
    """A contract manager of Haaglanden."""
    return desk(client, mint, "manager-1")
