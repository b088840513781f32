"""The sample service and a client that is signed in to it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.verifier import Verifier
from shared.clock import FrozenClock
from shared.settings import Settings
from tests.fixtures.auth import Mint
from tests.web.sample import create_sample


@pytest.fixture
def sample(clock: FrozenClock, verifier: Verifier) -> FastAPI:
    """The sample service with the usual settings."""
    return create_sample(Settings(), clock, verifier)


@pytest.fixture
async def nobody(sample: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    transport = httpx.ASGITransport(app=sample, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def client(nobody: httpx.AsyncClient, mint: Mint) -> httpx.AsyncClient:
    """A client of provider 99990001's own system."""
    nobody.headers["Authorization"] = f"Bearer {mint()}"
    return nobody


@pytest.fixture
async def auditor(nobody: httpx.AsyncClient, mint: Mint) -> httpx.AsyncClient:
    """A client that may cause trouble."""
    nobody.headers["Authorization"] = f"Bearer {mint('region:HR', ['auditor'], scope='trouble')}"
    return nobody
