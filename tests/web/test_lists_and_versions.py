"""Pages of lists, versions of what is read, keys of what is sent."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from shared.web.conditional import etag, not_modified, require_if_match
from shared.web.paging import link_next
from shared.web.problems import Problem


def asked(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/registry/v1/sites", "query_string": b"limit=5&cursor=old"}
    return Request({**scope, "headers": raw, "server": ("localhost", 80), "scheme": "http"})


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e3", "x", "", "9" * 30])
async def test_a_limit_outside_its_bounds_is_refused(client: httpx.AsyncClient, limit: str) -> None:
    answer = await client.get("/sample/v1/visits", params={"limit": limit})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/query/limit")


async def test_a_misspelt_query_parameter_is_refused_with_what_was_meant(client: httpx.AsyncClient) -> None:
    """Left aside it would get another answer than was asked for."""
    answer = await client.get("/sample/v1/visits?limt=5", headers={"Accept-Language": "en"})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["hint"]) == (400, "/query/limt", "did you mean 'limit'?")


async def test_an_unknown_query_parameter_is_refused_beside_what_is_wrong_with_the_body(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/sample/v1/visits?zzz=1", json={}, headers={"Accept-Language": "en"})
    told = {one["pointer"]: one.get("hint") for one in answer.json()["errors"]}
    assert (answer.status_code, told["/query/zzz"]) == (400, "choose from: dryRun")
    assert "/siteCode" in told


async def test_a_name_that_may_be_personal_is_not_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sample/v1/visits?jan%20de%20vries=1")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/query"]


async def test_a_page_has_items_and_the_next_cursor(client: httpx.AsyncClient) -> None:
    assert (await client.get("/sample/v1/visits?limit=1")).json() == {
        "items": ["kvknr:99990001"],
        "nextCursor": None,
        "total": None,
    }


def test_the_link_to_the_next_page_keeps_the_rest_of_the_question() -> None:
    response = Response()
    link_next(asked(host="localhost"), response, "new")
    assert response.headers["link"] == '</registry/v1/sites?limit=5&cursor=new>; rel="next"'
    last = Response()
    link_next(asked(host="localhost"), last, None)
    assert "link" not in last.headers


@pytest.mark.parametrize(("given", "version"), [(None, None), ("*", None), ('"3"', 3)])
async def test_if_match_names_a_version(client: httpx.AsyncClient, given: str | None, version: int | None) -> None:
    answer = await client.put("/sample/v1/visits/7/minutes", headers={"If-Match": given} if given else {})
    assert answer.json()["ifMatch"] == version


@pytest.mark.parametrize("given", ["3", 'W/"3"', '"x"', '"3","4"', "", '"' + "9" * 30 + '"'])
async def test_another_form_of_if_match_is_refused(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.put("/sample/v1/visits/7/minutes", headers={"If-Match": given})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/header/if-match")


@pytest.mark.parametrize("key", ["a b", "x" * 129, "é", "a/b", ""])
async def test_a_key_of_another_form_is_refused(client: httpx.AsyncClient, key: str) -> None:
    good = {"siteCode": "99HA00", "minutes": 75, "occurredOn": "2022-05-05"}
    answer = await client.post("/sample/v1/visits", json=good, headers=[(b"Idempotency-Key", key.encode())])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/header/idempotency-key")


def test_a_change_may_have_to_say_what_it_is_based_on() -> None:
    with pytest.raises(Problem, match="precondition-required"):
        require_if_match(asked())
    require_if_match(asked(if_match='"1"'))


@pytest.mark.parametrize(
    ("given", "same"), [('"3"', True), ('W/"3"', True), ('"2", "3"', True), ("*", True), ('"4"', False), ("", False)]
)
def test_whoever_has_this_version_need_not_get_it_again(given: str, same: bool) -> None:
    assert not_modified(asked(if_none_match=given), etag(3)) is same
