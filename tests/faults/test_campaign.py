"""The quick tier: every kind of fault once or twice, on everything at once; `make faults` does it for half an hour."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.campaign import FAULTS, Campaign
from tests.faults.checkers import by_kind
from tests.faults.stack import Stack, stack

pytestmark = pytest.mark.slow

SLOWEST = "kill nursery"
"""Everything is loaded anew after it: left to the full tier."""


@pytest.fixture
async def running(home: Path, chance: random.Random) -> AsyncIterator[Stack]:
    """Everything, in real processes, on a PostgreSQL of its own."""
    async with stack(home / "stack", chance) as one:
        yield one


@pytest.mark.timeout(300)
async def test_g01_to_g16_whatever_is_killed_frozen_or_cut_nothing_is_lost_or_counted_twice(
    running: Stack, tmp_path: Path, chance: random.Random
) -> None:
    """G-01, G-03 to G-07, G-10, G-13, G-14, G-16."""
    campaign = Campaign(running, tmp_path / "history.jsonl", chance)
    await campaign.start()
    campaign.bad_network(0.25)
    kinds = [kind for kind in FAULTS if kind != SLOWEST]
    chance.shuffle(kinds)
    for kind in kinds:
        await campaign.fire(kind)
    assert by_kind(await campaign.end()) == {}
    assert campaign.kills.total() >= 7, f"only {campaign.kills}: the run proves nothing"
    assert campaign.other.total() >= 7, f"only {campaign.other}: the run proves nothing"
    assert campaign.replies_cut >= 50, f"only {campaign.replies_cut} replies were cut: the run proves nothing"
    assert campaign.load.verdicts["conflict"], "nobody sent another content under a known key"
    assert len(campaign.answers) >= 5, "hardly a question was answered"
