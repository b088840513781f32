"""What holds for every request and every answer, whoever asks and whatever is asked."""

import httpx
import pytest

from shared.web.app import VERSION
from shared.web.edge import SECURITY_HEADERS

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("place", ["/livez", "/sample/v1/me", "/sample/v1/nothing", "/sample/v1/visits", "/"])
async def test_every_answer_carries_the_same_headers(nobody: httpx.AsyncClient, place: str) -> None:
    answer = await nobody.get(place)
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["api-version"] == VERSION
    assert "server" not in answer.headers


async def test_a_trace_goes_on_and_a_bad_one_is_not_believed(nobody: httpx.AsyncClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await nobody.get("/sample/v1/me", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    assert answer.headers["traceparent"].startswith(f"00-{trace}-")
    assert "00f067aa0ba902b7" not in answer.headers["traceparent"]
    assert answer.json()["traceId"] == trace
    for bad in ("00-" + "0" * 32 + "-00f067aa0ba902b7-01", "x", f"00-{trace.upper()}-00f067aa0ba902b7-01"):
        other = await nobody.get("/sample/v1/me", headers={"traceparent": bad})
        assert trace not in other.headers["traceparent"]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "nl"),
        ("en", "en"),
        ("en-GB,nl;q=0.5", "en"),
        ("de, nl;q=0.3, en;q=0.2", "nl"),
        ("en;q=x", "nl"),
        ("fr", "nl"),
    ],
)
async def test_texts_come_in_the_language_that_was_asked_for(
    nobody: httpx.AsyncClient, asked: str, spoken: str
) -> None:
    answer = await nobody.get("/sample/v1/nothing", headers={"Accept-Language": asked})
    assert answer.headers["content-language"] == spoken
    assert answer.json()["title"] == {"nl": "Niet gevonden", "en": "Not found"}[spoken]


@pytest.mark.parametrize("place", ["/sample/v1/visits/", "/sample/v1/me/", "/livez/", "/sample/v1/openapi.json/"])
async def test_a_trailing_slash_is_not_found_and_not_redirected(client: httpx.AsyncClient, place: str) -> None:
    assert (await client.get(place)).status_code == 404


async def test_a_method_that_is_not_possible_teaches(client: httpx.AsyncClient) -> None:
    answer = await client.put("/sample/v1/visits/7", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["detail"], answer.headers["allow"]) == (405, "Send a correction.", "POST")
    both = await client.delete("/sample/v1/visits")
    assert (both.status_code, both.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "HACK"])
async def test_unknown_methods_are_not_possible(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/sample/v1/me", headers={"X-HTTP-Method-Override": "GET"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/sample/v1/me")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil", "", "localhost:99999999"])
async def test_another_host_is_refused_but_for_probes(nobody: httpx.AsyncClient, host: str) -> None:
    answer = await nobody.get("/sample/v1/openapi.json", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "host")
    assert (await nobody.get("/livez", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "multipart/form-data; boundary=x", "application/json; charset=latin-1"]
)
async def test_another_kind_of_body_is_refused_and_told_which(client: httpx.AsyncClient, kind: str | None) -> None:
    answer = await client.post("/sample/v1/visits", content=b"{}", headers={"Content-Type": kind} if kind else {})
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type")
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "Application/JSON"]
)
async def test_utf_8_may_be_said(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post("/sample/v1/visits", content=b"{}", headers={"Content-Type": kind})
    assert answer.json()["errors"][0]["code"] == "missing"


async def test_a_compressed_body_is_refused_unread(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sample/v1/visits", content=b"x", headers=JSON | {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "content-encoding")


async def test_whatever_is_accepted_as_an_answer_it_is_json(client: httpx.AsyncClient) -> None:
    assert (await client.get("/sample/v1/me", headers={"Accept": "text/html"})).json()["clientId"]


async def test_too_many_headers_are_refused(nobody: httpx.AsyncClient) -> None:
    many = await nobody.get("/livez", headers={f"X-{number}": "x" for number in range(200)})
    large = await nobody.get("/livez", headers={"X-Large": "x" * 40_000})
    assert (many.status_code, large.status_code) == (431, 431)


async def test_a_foreign_page_gets_no_leave_to_read(client: httpx.AsyncClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (
        await client.options("/sample/v1/visits", headers=asked),
        await client.get("/sample/v1/me", headers=asked),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert (await client.get("/sample/v1/openapi.json")).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("sign", ["%00", "%0a", "%7f", "%E2%80%AE", "%EF%BB%BF", "%C2%85"])
async def test_g26_an_address_holds_no_character_that_no_code_needs(client: httpx.AsyncClient, sign: str) -> None:
    """G-26: what a body may not hold, the path and the query may not either."""
    for place in (f"/sample/v1/errors/a{sign}", f"/sample/v1/visits?cursor=a{sign}", f"/sample/v1/visits?a{sign}=1"):
        answer = await client.get(place)
        assert (answer.status_code, answer.json()["code"]) == (400, "character")
