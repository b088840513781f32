"""What a service tells about itself."""

import re
from typing import Any

import httpx
from fastapi import FastAPI

from shared.web.app import VERSION
from shared.web.problems import CATALOGUE


async def document(nobody: httpx.AsyncClient) -> dict[str, Any]:
    answer = await nobody.get("/sample/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


async def test_the_document_names_its_version_contact_and_server(nobody: httpx.AsyncClient) -> None:
    told = await document(nobody)
    assert told["info"]["version"] == VERSION
    assert set(told["info"]["contact"]) == {"name", "url", "email"}
    assert told["servers"]


async def test_every_reference_in_the_document_leads_somewhere(nobody: httpx.AsyncClient) -> None:
    text = (await nobody.get("/sample/v1/openapi.json")).text
    told = await document(nobody)
    references = set(re.findall(r'"\$ref":"#/components/(\w+)/([^"]+)"', text))
    assert references
    for kind, name in references:
        assert name in told["components"][kind]


async def test_every_operation_has_its_own_id_and_the_problems_it_may_end_in(nobody: httpx.AsyncClient) -> None:
    told = await document(nobody)
    operations = {(path, method): op for path, item in told["paths"].items() for method, op in item.items()}
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(ids) == len(set(ids)) == 8
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", str(name)) for name in ids)
    push = operations["/sample/v1/visits", "post"]["responses"]
    assert set(push) == {"200", "201", "400", "401", "403", "408", "409", "413", "415", "429", "503"}
    assert set(operations["/livez", "get"]["responses"]) == {"200", "503"}
    assert "404" in operations["/sample/v1/trouble/{kind}", "get"]["responses"]
    assert all("422" not in operation["responses"] for operation in operations.values())


async def test_what_needs_a_token_says_so_and_what_does_not_does_not(nobody: httpx.AsyncClient) -> None:
    told = await document(nobody)
    assert told["paths"]["/sample/v1/visits"]["post"]["security"] == [{"oauth2": []}]
    assert "security" not in told["paths"]["/livez"]["get"]
    assert told["components"]["securitySchemes"]["oauth2"]["type"] == "oauth2"


async def test_every_code_is_explained_in_both_languages(nobody: httpx.AsyncClient) -> None:
    for code, kind in CATALOGUE.items():
        for language, title in (("nl", kind.title.nl), ("en", kind.title.en)):
            answer = await nobody.get(f"/sample/v1/errors/{code}", headers={"Accept-Language": language})
            assert answer.json()["title"] == title
    assert (await nobody.get("/sample/v1/errors/no-such-code")).status_code == 404


async def test_the_type_of_a_problem_is_where_it_is_explained(nobody: httpx.AsyncClient) -> None:
    problem = (await nobody.get("/sample/v1/me")).json()
    assert (await nobody.get(problem["type"])).json()["code"] == problem["code"] == "invalid-token"


async def test_me_tells_what_the_token_says(client: httpx.AsyncClient) -> None:
    told = (await client.get("/sample/v1/me")).json()
    assert told["organisation"] == "kvknr:99990001"
    assert told["roles"] == ["provider-system"]
    assert told["limits"] == {"requestsPerSecond": 1000}


async def test_ready_means_that_every_check_passes(sample: FastAPI, nobody: httpx.AsyncClient) -> None:
    from shared.web.health import register_check  # noqa: PLC0415

    async def fine() -> str | None:
        return None

    async def broken() -> str | None:
        raise ConnectionError

    async def behind() -> str | None:
        return "behind"

    register_check(sample, "database", fine)
    assert (await nobody.get("/readyz")).json() == {"status": "ok", "checks": {"database": "ok"}}
    register_check(sample, "feed", behind)
    register_check(sample, "vault", broken)
    answer = await nobody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "feed": "behind", "vault": "ConnectionError"}
    assert (await nobody.get("/livez")).status_code == 200


async def test_a_summary_is_the_beginning_of_the_description(nobody: httpx.AsyncClient) -> None:
    paths = (await nobody.get("/sample/v1/openapi.json")).json()["paths"]
    assert paths["/sample/v1/visits"]["post"]["summary"] == "Accept a visit"


async def test_a_field_that_may_be_left_out_has_no_default_of_null(nobody: httpx.AsyncClient) -> None:
    """Client generators take a default for a field that is always there."""
    visit = (await nobody.get("/sample/v1/openapi.json")).json()["components"]["schemas"]["Visit"]
    assert "default" not in visit["properties"]["recordedAt"]
    assert "recordedAt" not in visit["required"]
    assert visit["properties"]["schoolType"]["default"] == "SBO"
    assert "title" not in visit["properties"]["minutes"]
