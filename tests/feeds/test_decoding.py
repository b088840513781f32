"""The quick way from a row to an event gives the same events as the plain one."""

from dataclasses import FrozenInstanceError, fields

import asyncpg
import pytest

from shared.feeds.decoding import decode
from shared.log.events import StoredEvent
from shared.log.log import Log
from shared.log.rows import COLUMNS, stored_event
from tests.feeds.given import store


async def test_the_events_are_those_of_the_plain_way(log: Log, superuser: asyncpg.Connection) -> None:
    await store(log, 1, 100)
    rows = await superuser.fetch(f"select {COLUMNS} from log.feed order by position")
    quick, plain = decode(rows), [stored_event(row) for row in rows]
    assert quick == plain
    assert repr(quick) == repr(plain)
    assert {hash(one.key) for one in quick} == {hash(one.key) for one in plain}
    for one in quick:
        assert type(one) is StoredEvent
        assert [type(getattr(one, field.name)) for field in fields(one)] == [
            type(getattr(plain[0], field.name)) for field in fields(one)
        ]


async def test_they_cannot_be_changed_either(log: Log, superuser: asyncpg.Connection) -> None:
    await store(log, 1, 1)
    [event] = decode(await superuser.fetch(f"select {COLUMNS} from log.feed"))
    with pytest.raises(FrozenInstanceError):
        event.payload = "{}"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        event.position.number = 2  # type: ignore[misc]
