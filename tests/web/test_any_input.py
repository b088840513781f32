"""No input gives a 5xx (G-26): whatever a signed-in client sends, the answer is a documented 2xx or 4xx."""

import json

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.test_bad_bodies import GOOD

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
visits = st.fixed_dictionaries(
    {}, optional=dict.fromkeys((*GOOD, "recordedAt", "schoolType", "pupilRef", "parts", "unknown"), anything)
)
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(answer: httpx.Response) -> None:
    assert answer.status_code in (201, 400, 413)
    if answer.status_code != 201:
        problem = answer.json()
        assert problem["errors"]
        assert all(one["code"] and one["message"] for one in problem["errors"])


@often
@given(visits)
async def test_g26_any_json_gets_a_documented_answer(client: httpx.AsyncClient, visit: dict[str, object]) -> None:
    """G-26: fields of every kind, right and wrong, in any mixture."""
    content = json.dumps(GOOD | visit, allow_nan=True)
    check(await client.post("/sample/v1/visits", content=content, headers={"Content-Type": "application/json"}))


@often
@given(st.binary(max_size=300))
async def test_g26_any_bytes_get_a_documented_answer(client: httpx.AsyncClient, raw: bytes) -> None:
    """G-26: bytes of any kind."""
    check(await client.post("/sample/v1/visits", content=raw, headers={"Content-Type": "application/json"}))


@often
@given(st.text(max_size=40), st.text(max_size=40), st.binary(max_size=40))
async def test_g26_any_query_and_header_get_a_documented_answer(
    client: httpx.AsyncClient, limit: str, cursor: str, key: bytes
) -> None:
    """G-26: what stands in the query and in headers."""
    listed = await client.get("/sample/v1/visits", params={"limit": limit, "cursor": cursor})
    assert listed.status_code in (200, 400)
    headers = [(b"Idempotency-Key", key), (b"If-Match", key), (b"Accept-Language", key), (b"traceparent", key)]
    changed = await client.put("/sample/v1/visits/7/minutes", headers=headers)
    assert changed.status_code in (200, 400)
