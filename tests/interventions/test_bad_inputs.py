"""Every bad input of the file gets its answer, stores nothing, tells no value, and leaves the service well."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from ruamel.yaml import YAML

from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import Json, Told, a_school_in_order, closed, event, programme, site

CASES: list[Json] = YAML(typ="safe").load(Path(__file__).with_name("bad_inputs.yaml"))


@pytest.fixture
async def facts() -> list[Told]:
    """A school in order, and one that was closed."""
    return [*programme(), *a_school_in_order(), site("99HZ00"), closed("99HZ00", "2022-01-31")]


async def test_every_bad_input_gets_its_answer(aj: Provider, stored: Stored) -> None:
    wrong = [f"{case['id']}: {told}" for case in CASES if (told := await _tried(aj, case))]
    assert wrong == []
    assert await stored() == []
    assert (await aj.read("/held-events"))["items"] == []
    assert (await aj.push(event("group", "canary-1"))).status_code == 201


async def _tried(aj: Provider, case: Json) -> str | None:
    body = _body(case)
    answer = await aj.push(body, **case.get("headers", {}))
    if answer.headers["content-type"] != "application/problem+json":
        return f"{answer.status_code} {answer.text[:200]}"
    problem = answer.json()
    errors = {(one["pointer"], one["code"]) for one in problem["errors"]}
    found = (case["pointer"], case["code"]) in errors if "pointer" in case else problem["code"] == case["code"]
    if answer.status_code == case["status"] and found:
        return _repeated(case, answer.text)
    return f"{answer.status_code} {problem['code']} {sorted(errors)}"


def _repeated(case: Json, text: str) -> str | None:
    """An answer repeats no text that was sent, save what the sender may see anyway (its codes and days)."""
    sent = [value for value in case.get("set", {}).values() if isinstance(value, str) and len(value) > 8]
    return next((f"repeats {value}" for value in sent if value in text), None)


def _body(case: Json) -> bytes:
    if "raw" in case:
        return str(case["raw"]).encode().replace(b"\x00", b"\\u0000")
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "make" in case:
        made: bytes = eval(case["make"])  # noqa: S307  (our own file)
        return made
    body = event("group", "e-1")
    for pointer, value in case.get("set", {}).items():
        _put(body, pointer, value)
    for pointer, expression in case.get("make_set", {}).items():
        _put(body, pointer, eval(expression))  # noqa: S307  (our own file)
    for pointer in case.get("remove", []):
        _take(body, pointer)
    return orjson.dumps(body)


def _put(body: Json, pointer: str, value: Any) -> None:
    *path, last = pointer.split("/")[1:]
    for part in path:
        body = body[part]
    body[last] = value


def _take(body: Json, pointer: str) -> None:
    *path, last = pointer.split("/")[1:]
    for part in path:
        body = body[part]
    del body[last]


async def test_a_brin_gets_the_callers_own_sites_of_it(aj: Provider) -> None:
    answer = await aj.push(event("group", "e-1", siteCode="99HA"))
    assert "99HA00" in answer.json()["errors"][0]["hint"]


async def test_a_naive_time_is_told_the_two_spellings(aj: Provider) -> None:
    answer = await aj.push({**event("group", "e-1"), "time": "2022-07-01T09:00:00"})
    hint = answer.json()["errors"][0]["hint"]
    assert "Z (UTC)" in hint and "+01:00" in hint


async def test_all_errors_are_told_at_once(aj: Provider) -> None:
    wrong = event("group", "e-1", minutes=0, groupSize=1, theme="NOPE", siteCode="99ha00", setting=5)
    wrong["time"] = "yesterday"
    answer = await aj.push(wrong)
    assert {e["pointer"] for e in answer.json()["errors"]} == {
        "/time",
        "/data/minutes",
        "/data/groupSize",
        "/data/theme",
        "/data/siteCode",
        "/data/setting",
    }


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_errors_speak_dutch_and_english(aj: Provider, language: str) -> None:
    answer = await aj.push(event("group", "e-1", activity="LEARNING_SUPPORT"), **{"Accept-Language": language})
    message = answer.json()["errors"][0]["message"]
    assert message.startswith("Leerproblemen" if language == "nl" else "Learning problems")
