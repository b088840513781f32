"""The mix of a write benchmark is the stated one."""

from datetime import UTC, datetime

import orjson

from benchmarks.mix import CLIENTS, Mix
from jos.demo.schools import PROVIDERS
from services.interventions.reading import read

COUNT = 20_000


def test_half_of_the_contacts_have_a_pupil_and_half_of_those_a_new_one() -> None:
    data = [orjson.dumps(event["data"]).decode() for _, event in Mix("m").events(COUNT)]
    pupils = [text.split('"pupilRef":"')[1].split('"')[0] for text in data if '"pupilRef"' in text]
    assert 0.47 < len(pupils) / COUNT < 0.53
    assert 0.45 < len(set(pupils)) / len(pupils) < 0.55


def test_two_in_a_hundred_come_twice_and_one_in_a_hundred_corrects() -> None:
    events = [event for _, event in Mix("m", behind=100).events(COUNT)]
    assert 0.015 < 1 - len({event["id"] for event in events}) / COUNT < 0.025
    assert 0.006 < sum("corrected" in str(event["type"]) for event in events) / COUNT < 0.014


def test_ten_clients_send_and_each_sends_for_its_own_provider() -> None:
    events = Mix("m").events(COUNT)
    assert {client for client, _ in events} == set(range(len(CLIENTS))) == set(range(10))
    assert all(CLIENTS[client].split("-")[1] in str(event["source"]) for client, event in events)


def test_what_is_sent_again_or_corrected_was_sent_long_before() -> None:
    places: dict[object, int] = {}
    for place, (_, event) in enumerate(Mix("m", behind=100).events(COUNT)):
        earlier = places.setdefault(event["id"], place)
        assert earlier == place or place - earlier >= 100


def test_nothing_in_it_is_refused_as_unreadable() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for client, event in Mix("m", behind=100).events(COUNT):
        read(event, PROVIDERS[client % len(PROVIDERS)].code, now, "")


def test_the_same_seed_gives_the_same_requests() -> None:
    assert Mix("m").singles(100) == Mix("m").singles(100)
