"""A clock that jumps ten years ahead and back at every look changes nothing that matters (G-18)."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.kpi.ledger import CONSUMER, apply
from shared.feeds.consumer import Consumer
from shared.feeds.postgres import PostgresFeed
from shared.log.events import NewEvent
from shared.log.ids import uuid7
from shared.log.log import Log
from shared.postgres.pool import open_pool
from tests.faults import appending
from tests.faults.appending import SERVICE, Appending
from tests.faults.test_planted import caught_up, fresh, projected
from tests.faults.victim import Victim
from tests.log.given import event

pytestmark = pytest.mark.slow

TEN_YEARS = timedelta(days=3652)


class Jumping:
    """Ten years ahead or back of the right time, as chance has it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def now(self) -> datetime:
        return datetime.now(UTC) + self._chance.choice((-TEN_YEARS, timedelta(0), TEN_YEARS))


async def test_g18_ids_receipts_order_and_ledger_do_not_rest_on_a_clock(
    server: Victim, tmp_path: Path, chance: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G-18 for G-01, G-03 to G-07 and G-10: writers whose clocks disagree by twenty years, a server that is killed."""
    clock = Jumping(chance)

    def at_any_time(source_id: str, minutes: int) -> NewEvent:
        return event(source_id, minutes=minutes)._replace(id=uuid7(clock), recorded_at=clock.now())

    monkeypatch.setattr(appending, "event", at_any_time)
    async with fresh(server) as one:
        run = Appending(one, tmp_path / "history.jsonl", chance, lambda pool: Log(SERVICE, pool, clock), kills=4)
        assert await run.run() == []
        rows = await one.rows(SERVICE)
        moments = [row.recorded_at for row in rows]
        assert moments != sorted(moments), "the clock never jumped: the run proves nothing"
        assert max(moments) - min(moments) > TEN_YEARS
        async with await open_pool(one.settings, "kpi") as pool:
            consumer = Consumer(CONSUMER, [PostgresFeed(SERVICE, one.settings)], pool, apply, clock)
            assert await caught_up(consumer, len(rows), 20)
            await consumer.close()
        assert await projected(one) == []
