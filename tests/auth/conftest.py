"""A service with one door, to try tokens at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.verifier import Verifier
from shared.clock import FrozenClock
from shared.settings import Settings
from shared.web.app import create_service_app


@asynccontextmanager
async def nothing_to_open(_app: FastAPI) -> AsyncIterator[None]:
    """The door has nothing behind it."""
    yield


@pytest.fixture
async def door(clock: FrozenClock, verifier: Verifier) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service of which only `/door/v1/me` needs a caller."""
    app = create_service_app("door", Settings(), clock, lifespan=nothing_to_open, verifier=verifier, title="Door")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        yield client
