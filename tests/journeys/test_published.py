"""What the relays would publish of a half year is what docs/asyncapi.json says, event by event."""

import json

import pytest

from shared.feeds.kafka.record import encode
from shared.feeds.postgres import PostgresFeed
from shared.settings import SERVICES
from tests.journeys.conftest import Installation
from tests.tools.test_asyncapi import fits, headers


@pytest.mark.parametrize("log", SERVICES)
async def test_every_event_of_the_half_year_is_as_the_asyncapi_document_says(
    installation: Installation, log: str
) -> None:
    await installation.day_closed()
    feed = PostgresFeed(log, installation.settings)
    try:
        events = await feed.read(1, 0, 20_000)
    finally:
        await feed.close()
    assert events

    for event in events:
        record = encode(log, event, b"s" * 32)
        assert fits(event.type, "headers", headers(record)), event.position
        assert fits(event.type, "payload", json.loads(record.value)), (event.type, event.payload)
