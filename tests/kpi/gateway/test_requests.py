"""Bad requests, each with the answer of its row (bad input, section 3), and the limits that hold for good ones."""

import json

import httpx
import pytest
from graphql import get_introspection_query

from tests.kpi.gateway.conftest import MEDIA_TYPE, Dashboard

TILE = 'kpi(code: "KPI-HR-04") { figures(filter: {programme: "HR-JOS", period: "2022-H1"}%s) { nodes { value } } }'
WIDE = 'figures(filter: {programme: "HR-JOS", period: "2022"}, first: 200) { nodes { value sign state reason unit } }'
NAMED = "query($c: String!) { kpi(code: $c) { code } }"
FIRST = "query($n: Int) { " + TILE % ", first: $n" + " }"


def tile(arguments: str = "") -> str:
    """A small query."""
    return "{ " + TILE % arguments + " }"


def nested(depth: int) -> str:
    """So many fields within each other."""
    return "{ a " * depth + "}" * depth


def in_fragments(depth: int) -> str:
    """The same with every level in a fragment of its own, in turn named and inline."""
    parts = [f"fragment f{n} on Query {{ a {{ ... on Query {{ ...f{n + 1} }} }} }}" for n in range(depth - 1)]
    return "{ ...f0 } " + " ".join(parts) + f" fragment f{depth - 1} on Query {{ a }}"


BOMB = "{ ...f0 } " + " ".join(
    f"fragment f{n} on Query {{ me {{ clientId }} ...f{n + 1} ...f{n + 1} }}" for n in range(40)
)

BODIES: list[tuple[str, object, str]] = [
    ("Q-01", {}, "INVALID_REQUEST"),
    ("Q-01", {"query": None}, "INVALID_REQUEST"),
    ("Q-01", {"query": 5}, "INVALID_REQUEST"),
    ("Q-01", "query", "INVALID_REQUEST"),
    ("Q-01", {"query": "{ me { clientId } }", "variables": []}, "INVALID_REQUEST"),
    ("Q-01", {"query": "{ me { clientId } }", "operationName": 1}, "INVALID_REQUEST"),
    ("Q-02", {"query": " "}, "INVALID_REQUEST"),
    ("Q-02", {"query": "{ me {"}, "SYNTAX"),
    ("Q-02", {"query": "# nothing"}, "SYNTAX"),
    ("Q-02", {"query": "{ }"}, "SYNTAX"),
    ("Q-02", {"query": "fragment f on Query { me { clientId } }"}, "OPERATION"),
    ("Q-03", {"query": nested(11)}, "QUERY_TOO_DEEP"),
    ("Q-03", {"query": nested(400)}, "QUERY_TOO_DEEP"),
    ("Q-04", {"query": in_fragments(11)}, "QUERY_TOO_DEEP"),
    ("Q-05", {"query": "{ ...f } fragment f on Query { ...f }"}, "VALIDATION"),
    ("Q-05", {"query": "{ ...f } fragment f on Query { ...g } fragment g on Query { ...f }"}, "VALIDATION"),
    ("Q-07", {"query": "{ " + " ".join(f"a{n}: {TILE % ''}" for n in range(16)) + " }"}, "TOO_MANY_ALIASES"),
    ("Q-07", {"query": BOMB}, "TOO_MANY_FIELDS"),
    ("Q-09", {"query": "{ me " + "@a" * 2000 + " { clientId } }"}, "TOO_MANY_TOKENS"),
    ("Q-09", {"query": "{ me @secret { clientId } }"}, "VALIDATION"),
    ("Q-09", {"query": "query($a: Boolean!) { me @skip(if: $a) @skip(if: $a) { clientId } }"}, "VALIDATION"),
    ("Q-10", {"query": "{ kpis { " + WIDE + " } }"}, "COST_EXCEEDED"),
    ("Q-11", {"query": tile(", first: 1000000")}, "PAGE_SIZE"),
    ("Q-11", {"query": tile(", first: 201")}, "PAGE_SIZE"),
    ("Q-11", {"query": tile(", first: 0")}, "PAGE_SIZE"),
    ("Q-11", {"query": FIRST, "variables": {"n": -1}}, "PAGE_SIZE"),
    ("Q-12", {"query": tile(", first: 2147483648")}, "VALIDATION"),
    ("Q-12", {"query": tile(", first: 1e3")}, "VALIDATION"),
    ("Q-12", {"query": tile(', first: "5"')}, "VALIDATION"),
    ("Q-12", {"query": tile(", first: true")}, "VALIDATION"),
    ("Q-12", {"query": FIRST, "variables": {"n": 2**31}}, "VARIABLES"),
    ("Q-12", {"query": FIRST, "variables": {"n": "5"}}, "VARIABLES"),
    ("Q-12", {"query": FIRST, "variables": {"n": True}}, "VARIABLES"),
    ("Q-12", {"query": FIRST, "variables": {"n": 1.5}}, "VARIABLES"),
    ("Q-14", [{"query": "{ me { clientId } }"}] * 2, "BATCHING_DISABLED"),
    ("Q-14", [], "BATCHING_DISABLED"),
    ("Q-18", {"query": '{ kpi(code: "x") { cod } }'}, "VALIDATION"),
    ("Q-18", {"query": "mutation { a }"}, "VALIDATION"),
    ("Q-18", {"query": "subscription { a }"}, "VALIDATION"),
    ("Q-22", {"query": "query($c: String!) { kpi(code: $c) { code } }"}, "VARIABLES"),
    ("Q-22", {"query": "{ me { clientId } }", "variables": {"a": 1}}, "VARIABLES"),
    ("Q-22", {"query": FIRST, "variables": {"n": {"a": 1}}}, "VARIABLES"),
    ("Q-22", {"query": FIRST, "variables": {"n": "x" * 1_000_000}}, "VARIABLES"),
    (
        "Q-22",
        {"query": "query($c: String!) { kpi(code: $c) { code } }", "variables": {"c": "a\u0000"}},
        "INVALID_REQUEST",
    ),
    ("Q-22", {"query": '{ kpi(code: "a\\u0000") { code } }'}, "ARGUMENT"),
    ("Q-23", {"query": tile().replace("2022-H1", "2025-2027")}, "ARGUMENT"),
    ("Q-23", {"query": tile().replace("2022-H1", "2022-W54")}, "ARGUMENT"),
    ("Q-23", {"query": tile().replace("2022-H1", "1922")}, "ARGUMENT"),
    ("Q-23", {"query": tile(", per: SCHOOL_YEAR")}, "ARGUMENT"),
    ("Q-23", {"query": tile(", by: [SCHOOL, SCHOOL]")}, "ARGUMENT"),
    ("Q-30", {"query": "{ a }", "extensions": {"persistedQuery": {"sha256Hash": "0"}}}, "PERSISTED_QUERY"),
    ("ops", {"query": "query a { me { region } } query b { me { region } }"}, "OPERATION"),
    ("ops", {"query": "query a { me { region } }", "operationName": "c"}, "OPERATION"),
]


@pytest.mark.parametrize(("row", "body", "code"), BODIES, ids=[f"{row}-{code}" for row, _, code in BODIES])
async def test_a_bad_request_gets_the_answer_of_its_row(
    dashboard: Dashboard, row: str, body: object, code: str
) -> None:
    answer = await dashboard.post(body)
    assert answer.status_code == 400, (row, answer.text)
    assert answer.headers["content-type"] == MEDIA_TYPE
    found = answer.json()
    assert found["errors"][0]["extensions"]["code"] == code, (row, answer.text)
    assert found.get("data") in (None, {"kpi": {"figures": None}})
    assert "Did you mean" not in answer.text
    assert "x" * 50 not in answer.text


async def test_what_is_not_json_is_refused_in_the_form_of_graphql(dashboard: Dashboard) -> None:
    for content in (b"", b"{", b"\xff\xfe", b'{"query": "a"', b"null", b'{"variables": {"a": 1e999}, "query": "a"}'):
        told = {"Authorization": f"Bearer {dashboard.steward()}", "Content-Type": "application/json"}
        answer = await dashboard.client.post("/graphql", content=content, headers=told)
        assert (answer.status_code, answer.headers["content-type"]) == (400, MEDIA_TYPE), content


async def test_a_document_that_is_too_large_is_refused_before_it_is_parsed(dashboard: Dashboard) -> None:
    """Q-15."""
    large = (
        "{ me { clientId } } #" + "x" * 10_000,
        '{ kpi(code: "' + "x" * 1_000_000 + '") { code } }',
        "{ me { clientId } } #" + "é" * 5_000,
        "{" + "x" * 3_000_000,
    )
    for query in large:
        answer = await dashboard.post({"query": query})
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert "x" * 50 not in answer.text


async def test_refusals_of_cost_say_what_was_computed_what_is_allowed_and_what_is_dear(dashboard: Dashboard) -> None:
    query = """{ me { region } kpis {
      figures(filter: {programme: "HR-JOS", period: "2022"}, first: 200) { nodes { value sign state } } } }"""
    status, error = await dashboard.refused(query)
    told = error["extensions"]
    assert (status, told["code"], told["mostExpensive"], told["allowed"]) == (400, "COST_EXCEEDED", "kpis", 10_000)
    assert told["computed"] == 1 + 1 + 20 + 20 * (100 + 1 + 200 * 3) == 14_042
    assert "series" in told["hint"]


async def test_a_good_answer_tells_what_it_cost(dashboard: Dashboard) -> None:
    answer = await dashboard.ask(tile(", first: 10"))
    assert answer.json()["extensions"]["cost"] == {"computed": 1 + 100 + 1 + 10, "allowed": 10_000}


async def test_a_page_is_50_unless_asked_otherwise_and_at_most_200(dashboard: Dashboard) -> None:
    by_school = tile(", by: [SCHOOL], first: null")
    assert (await dashboard.ask(by_school)).json()["extensions"]["cost"]["computed"] == 1 + 100 + 1 + 50
    assert (await dashboard.ask(tile(", first: 200"))).status_code == 200


async def test_several_operations_are_told_apart_by_name(dashboard: Dashboard) -> None:
    body = {"query": "query a { me { region } } query b { me { organisation } }", "operationName": "b"}
    assert (await dashboard.post(body)).json()["data"] == {"me": {"organisation": "region:HR"}}


async def test_introspection_is_for_who_is_signed_in(dashboard: Dashboard) -> None:
    """Q-17."""
    query = get_introspection_query()
    assert "__schema" in await dashboard.data(query)
    assert (await dashboard.client.post("/graphql", json={"query": query})).status_code == 401


@pytest.mark.parametrize("query", ["query={me{region}}", "query=mutation{a}", ""])
async def test_get_is_405_and_teaches(dashboard: Dashboard, query: str) -> None:
    """Q-19."""
    answer = await dashboard.client.get(f"/graphql?{query}", headers={"Authorization": f"Bearer {dashboard.steward()}"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "POST" in answer.json()["detail"]


@pytest.mark.parametrize(
    "kind",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql", "text/plain"],
)
async def test_other_kinds_of_body_are_415(dashboard: Dashboard, kind: str) -> None:
    """Q-19."""
    told = {"Authorization": f"Bearer {dashboard.steward()}", "Content-Type": kind}
    answer = await dashboard.client.post("/graphql", content=b"query={me{region}}", headers=told)
    assert answer.status_code == 415
    assert answer.json()["code"] == "media-type"


async def test_a_path_with_a_slash_behind_it_is_no_path(dashboard: Dashboard) -> None:
    assert (await dashboard.client.post("/graphql/", json={})).status_code == 404


async def test_messages_come_in_the_language_asked_for(dashboard: Dashboard) -> None:
    query = tile(", first: 0")
    dutch = await dashboard.post({"query": query}, None, **{"Accept-Language": "nl"})
    assert dutch.json()["errors"][0]["message"] == "first is 1 tot en met 200."


async def test_g26_no_bytes_give_a_5xx(dashboard: Dashboard) -> None:
    """G-26."""
    good = json.dumps({"query": tile(), "variables": {}}).encode()
    told = {"Authorization": f"Bearer {dashboard.steward()}", "Content-Type": "application/json"}
    for place in range(0, len(good), 3):
        for byte in (b"\x00", b"\xff", b'"', b"{", b"\\", b"$"):
            content = good[:place] + byte + good[place + 1 :]
            answer: httpx.Response = await dashboard.client.post("/graphql", content=content, headers=told)
            assert answer.status_code < 500, content


@pytest.mark.parametrize("protocol", ["graphql-ws", "graphql-transport-ws"])
async def test_sockets_are_closed_before_they_are_open(dashboard: Dashboard, protocol: str) -> None:
    """Q-20."""
    sent: list[str] = []
    scope = {"type": "websocket", "path": "/graphql", "query_string": b"", "subprotocols": [protocol]}
    headers = [(b"host", b"localhost"), (b"sec-websocket-protocol", protocol.encode())]

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    app = dashboard.client._transport.app  # type: ignore[attr-defined]
    await app({**scope, "headers": headers}, receive, send)
    assert sent == ["websocket.close"]


async def test_a_variable_that_is_missing_is_named_with_its_type(dashboard: Dashboard) -> None:
    answer = await dashboard.post({"query": "query P($p: String!) { schools(programme: $p) { nodes { name } } }"})
    assert answer.json()["errors"][0]["message"] == "Variable '$p' of type 'String!' is missing."


async def test_what_is_not_there_comes_with_the_query_that_lists_what_is(dashboard: Dashboard) -> None:
    answer = await dashboard.post({"query": '{ kpi(code: "KPI-HR-99") { code } }'})
    assert "{ kpis { code } }" in answer.json()["errors"][0]["extensions"]["hint"]
