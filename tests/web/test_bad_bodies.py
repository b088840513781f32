"""Every bad body gets its documented answer, and no value of it back (G-26)."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

ROWS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(
    Path(__file__).with_name("bad_bodies.yaml").read_text("utf-8")
)

GOOD = {"siteCode": "99HA00", "minutes": 75, "occurredOn": "2022-05-05"}


def body_of(row: dict[str, Any]) -> bytes:
    """The bytes that a row describes."""
    if "hex" in row:
        return bytes.fromhex(row["hex"])
    if "visit" in row:
        visit = {key: value for key, value in (GOOD | row["visit"]).items() if value is not None}
        return json.dumps(visit).encode()
    text: str = row["text"]
    if "repeat" in row:
        text = text.replace("DIGITS", row["repeat"]["of"] * row["repeat"]["times"])
    return text.encode()


async def test_a_good_body_is_accepted(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sample/v1/visits", json=GOOD)
    assert answer.status_code == 201
    assert answer.json()["minutes"] == "75"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']}-{row['what'].replace(' ', '-')}")
async def test_g26_a_bad_body_gets_its_answer(client: httpx.AsyncClient, row: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/sample/v1/visits", content=body_of(row), headers=headers)
    problem = answer.json()
    assert answer.status_code == row["status"], problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert sorted((one["pointer"], one["code"]) for one in problem["errors"]) == sorted(map(tuple, row["errors"]))
    assert problem["status"] == row["status"]
    assert all(problem[member] for member in ("type", "title", "detail", "instance", "code", "traceId"))


@pytest.mark.parametrize("row", [row for row in ROWS if "visit" in row], ids=lambda row: row["id"])
async def test_g26_no_value_comes_back(client: httpx.AsyncClient, row: dict[str, Any]) -> None:
    answer = await client.post(
        "/sample/v1/visits", json={k: v for k, v in (GOOD | row["visit"]).items() if v is not None}
    )
    told = json.dumps([answer.json()["errors"], answer.json()["detail"], dict(answer.headers)])
    for value in row["visit"].values():
        if isinstance(value, str) and len(value) > 4:
            assert value not in told
    assert "123456782" not in told


async def test_an_error_in_the_query_and_errors_in_the_body_are_told_together(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sample/v1/visits?dryRun=perhaps", json=GOOD | {"minutes": 0, "siteCode": None})
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/query/dryRun", "type"),
        ("/minutes", "number-range"),
        ("/siteCode", "type"),
    }


async def test_a_misspelt_field_is_told_with_the_right_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sample/v1/visits", json=GOOD | {"siteKode": 1}, headers={"Accept-Language": "en"})
    (told,) = answer.json()["errors"]
    assert told == {
        "pointer": "/siteKode",
        "code": "unknown-field",
        "message": "Unknown field",
        "hint": "did you mean 'siteCode'?",
    }


async def test_a_code_in_the_wrong_case_is_told_with_the_right_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sample/v1/visits", json=GOOD | {"schoolType": "sbo"})
    assert answer.json()["errors"][0]["hint"] == "bedoelt u 'SBO'?"


async def test_a_body_that_may_be_left_out_may_be_left_out_but_not_be_wrong(client: httpx.AsyncClient) -> None:
    place = "/sample/v1/visits/7/minutes"
    assert (await client.put(place)).json() == {"visit": 7, "ifMatch": None, "minutes": None}
    wrong = await client.put(place, json=GOOD | {"minutes": 0})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/minutes")


async def test_among_other_errors_a_day_or_a_reference_still_says_how_to_write_it(client: httpx.AsyncClient) -> None:
    wrong = GOOD | {"occurredOn": "05-05-2022", "pupilRef": "123456782"}
    answer = await client.post("/sample/v1/visits", json=wrong, headers={"Accept-Language": "en"})
    hints = {one["pointer"]: one["hint"] for one in answer.json()["errors"]}
    assert hints["/occurredOn"] == "Write an existing day as YYYY-MM-DD."
    assert hints["/pupilRef"].startswith("Put letters before it")
