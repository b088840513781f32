"""No question costs more than two seconds of a processor, and none ends in a 5xx, however it was made (G-25, G-26)."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis_graphql import nodes, queries

from services.kpi.gateway.sdl import sdl
from tests.polite.world import OURS, SignIn

CPU_SECONDS = 2.0
GENERATED = 120
TEXTS = st.sampled_from(["2022-01-01", "2022-07-01T00:00:00Z", "", "31-12-2022"]).map(nodes.String)
SCALARS = {"Date": TEXTS, "DateTime": TEXTS}
TILE = 'kpi(code: "KPI-HR-04") { figures(filter: {programme: "HR-JOS", period: "2022-H1"}, first: 200) { nodes '


def wide(fields: int) -> str:
    """As many fields as fit, all different, each wide."""
    return "{ " + " ".join(f"a{n}: {TILE} {{ value sign state }} }} }}" for n in range(fields)) + " }"


def fan(levels: int, width: int) -> str:
    """Fragments that spread the next one several times: `width` to the power `levels` fields."""
    parts = [f"fragment f{n} on Query {{ " + f"...f{n + 1} " * width + "}" for n in range(levels)]
    return "{ ...f0 } " + " ".join(parts) + f" fragment f{levels} on Query {{ me {{ clientId }} }}"


def hostile() -> Iterator[tuple[str, dict[str, Any]]]:
    """Questions that are meant to hurt, each with what it does."""
    yield "15 aliases of the dearest field", {"query": wide(15)}
    yield "100 aliases", {"query": wide(100)}
    yield "a fan of fragments", {"query": fan(12, 12)}
    yield "a deep fan of fragments", {"query": fan(60, 2)}
    yield "a ring of fragments", {"query": fan(30, 3) + " fragment g on Query { ...f0 ...g }"}
    yield "the same field 1,400 times", {"query": "{ " + "me { clientId } " * 350 + "}"}
    yield "conflicting fields", {"query": "{ " + " ".join(f'k: kpi(code: "{n}") {{ code }}' for n in range(140)) + " }"}
    yield "conflicts inside fragments", {
        "query": "{ " + " ".join(f"...g{n}" for n in range(40)) + " } " + " ".join(
            f'fragment g{n} on Query {{ k: kpi(code: "{n}") {{ code }} ...g{(n + 1) % 40} }}' for n in range(40))
    }  # fmt: skip
    yield "100 operations", {"query": " ".join(f"query q{n} {{ me {{ clientId }} }}" for n in range(100))}
    yield (
        "every variable there is",
        {"query": "query(" + " ".join(f"$v{n}: String" for n in range(300)) + ") { me { clientId } }"},
    )
    yield (
        "introspection of introspection",
        {"query": "{ __schema { types { fields " + "{ type { fields " * 12 + "{ name }" + " } }" * 12 + " } } }"},
    )
    yield (
        "types of types as wide as they go",
        {
            "query": "{ __schema { "
            + " ".join(f"t{n}: types {{ fields {{ args {{ type {{ name }} }} }} }}" for n in range(15))
            + " } }"
        },
    )
    yield "brackets", {"query": "{" * 5_000}
    yield "lists in lists", {"query": "{ kpi(code: " + "[" * 4_000 + "]" * 4_000 + ") { code } }"}
    yield "a block string of quotes", {"query": '{ kpi(code: """' + '\\"""' * 2_000 + '""") { code } }'}
    yield "numbers without end", {"query": "{ kpi(code: " + "9" * 9_000 + ") { code } }"}
    yield "nested input", {"query": "query($v: FigureFilter!) { me { clientId } }", "variables": {"v": nested(400)}}
    yield (
        "a hundred thousand codes",
        {
            "query": "query($s: [String!]) { " + TILE.replace('"2022-H1"', '"2022-H1", school: $s') + "{ value } } } }",
            "variables": {"s": ["99HA00"] * 7_000},
        },
    )
    yield (
        "a long regular text",
        {"query": "query($c: String!) { kpi(code: $c) { code } }", "variables": {"c": "A-" * 30_000}},
    )


def nested(depth: int) -> dict[str, Any]:
    """An object in an object, and so on."""
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(("what", "body"), list(hostile()), ids=lambda value: value if isinstance(value, str) else "")
async def test_g25_no_question_takes_two_seconds_of_a_processor(
    sign_in: SignIn, what: str, body: dict[str, Any]
) -> None:
    """G-25: measured as processor time of everything in this process, the client included."""
    steward = sign_in("steward", OURS)
    began = time.process_time()
    answer = await steward.post("gateway", "", body)
    spent = time.process_time() - began
    assert spent < CPU_SECONDS, (what, spent)
    check(answer)
    assert len(answer.content) < 1_000_000
    assert (await steward.post("gateway", "", {"query": "{ me { clientId } }"})).status_code == 200


def check(answer: httpx.Response) -> None:
    """An answer in the form of GraphQL, or a problem; errors have a code."""
    assert answer.status_code < 500, answer.text
    body = answer.json()
    if answer.headers["content-type"] == "application/problem+json":
        assert body["code"]
        return
    assert answer.headers["content-type"] == "application/graphql-response+json"
    assert "data" in body or answer.status_code >= 400
    assert all(error["extensions"]["code"] != "INTERNAL" for error in body.get("errors", [])), answer.text


async def test_g26_no_question_that_the_schema_allows_gives_a_5xx(sign_in: SignIn) -> None:
    """G-26: made from the published schema, the same in every run."""
    made: list[str] = []

    @seed(1)
    @settings(
        max_examples=GENERATED, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(queries(sdl(), custom_scalars=SCALARS))
    def collect(query: str) -> None:
        made.append(query)

    with suppress(Unsatisfiable):
        collect()
    assert len(made) > GENERATED / 2
    steward, answered = sign_in("steward", OURS), 0
    for query in made:
        began = time.process_time()
        answer = await steward.post("gateway", "", {"query": query})
        assert time.process_time() - began < CPU_SECONDS, query
        check(answer)
        answered += answer.status_code == 200
    assert answered
