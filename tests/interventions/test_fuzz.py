"""No input gives a 5xx, whatever it is (G-26)."""

import copy
import random
from typing import Any

import orjson

from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import NAMES, SAMPLES, Json, correction, event, retraction

SEED = 20220705
ODD: list[Any] = [
    None, True, False, 0, -1, 2**31, 2**63, 1e308, 0.1, "", " ", "0", "x" * 5000, "\x00", "\U0001f600",
    "'; drop table x", "../../etc/passwd", "{{app}}", "2022-07-01", "2022-07-01T00:00:00Z", [], [[]], {}, {"": ""},
    {"a": {"b": [1, None]}}, ["m-77"] * 30, "nl.jeugdhulp-op-school.event-corrected.v1",
    {"source": "urn:nld:kvknr:99990001:systeem:ecd", "id": "e-1"},
]  # fmt: skip


async def test_g26_mutated_events_get_a_documented_answer(aj: Provider, stored: Stored) -> None:
    """G-26: every answer is a 2xx or a problem document of the 4xx, and what got in can be read again."""
    chance = random.Random(SEED)  # noqa: S311  (a seed, not a secret)
    accepted = 0
    for number in range(400):
        body = _mutated(chance, number)
        answer = await aj.push(body)
        assert answer.status_code < 500, (SEED, number, body, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", (SEED, number)
        accepted += answer.status_code == 201
    assert 0 < accepted < 400, "a fuzz that is always or never accepted proves little"
    assert len(await stored()) >= accepted


async def test_g26_a_list_of_mutated_events_is_judged_one_by_one(aj: Provider) -> None:
    """G-26: in a list each gets its verdict."""
    chance = random.Random(SEED + 1)  # noqa: S311  (a seed, not a secret)
    bodies = [_mutated(chance, number) for number in range(300)]
    for query in ("?dryRun=true", "", "?atomic=true"):
        answer = await aj.push_all(bodies, query)
        assert answer.status_code < 500, (SEED, query, answer.text)
        if "results" in answer.json():
            assert len(answer.json()["results"]) == 300


async def test_g26_bytes_that_are_no_json_are_refused(aj: Provider) -> None:
    """G-26: noise, and good events cut off or with a byte turned."""
    chance = random.Random(SEED + 2)  # noqa: S311  (a seed, not a secret)
    good = orjson.dumps(event("individual", "e-1"))
    for number in range(200):
        raw = bytearray(good if number % 2 else chance.randbytes(chance.randrange(200)))
        if raw and number % 4 == 1:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        raw = raw[: chance.randrange(len(raw) + 1)]
        for push in (aj.push, aj.push_all):
            answer = await push(bytes(raw))
            assert answer.status_code < 500, (SEED, number, answer.text)


def _mutated(chance: random.Random, number: int) -> Json:
    kind = chance.choice(list(NAMES))
    id_, earlier = f"e-{number}", f"e-{chance.randrange(number + 1)}"
    if kind == "correct":
        whole = correction(id_, earlier, chance.choice(list(SAMPLES)))
    else:
        whole = retraction(id_, earlier) if kind == "retract" else event(kind, id_)
    whole = copy.deepcopy(whole)
    for _ in range(chance.randrange(3)):
        place = whole["data"] if chance.random() < 0.7 else whole
        names = [*place, chance.choice(("extra", "naam", "data_base64", "ce-x"))] if isinstance(place, dict) else []
        if names:
            name = chance.choice(names)
            if chance.random() < 0.2:
                place.pop(name, None)
            else:
                place[name] = chance.choice(ODD)
        if not isinstance(whole.get("data"), dict):
            break
    return whole
