"""A server to be killed, and the seed of the run."""

import os
import random
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.victim import Victim, victim

SEED = int(os.environ.get("FAULTS_SEED") or secrets.randbelow(2**32))
"""Every choice follows from it: `FAULTS_SEED=... pytest tests/faults` makes the same choices again."""


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The run's choices; pytest shows the seed with a test that fails."""
    print(f"FAULTS_SEED={SEED}")  # noqa: T201
    return random.Random(f"{SEED} {request.node.name}")  # noqa: S311


@pytest.fixture(scope="module")
async def server(home: Path, request: pytest.FixtureRequest) -> AsyncIterator[Victim]:
    """A server of this module alone, with fsync on."""
    async with victim(home / f"victim-{request.module.__name__.rpartition('.')[2]}") as one:
        yield one


full = pytest.mark.skipif(os.environ.get("FAULTS") != "full", reason="full tier of faults: make faults")
"""What takes too long for every day."""
