"""Every OpenAPI document is true: whatever is sent, the answer is one that it describes, and none is a 5xx (G-26)."""

from contextlib import suppress

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.journeys.conftest import Installation
from tests.polite.callers import Caller
from tests.polite.world import OURS, SignIn

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
WHO = {"registry": "admin", "contracts": "admin", "interventions": "ehr", "kpi": "steward", "gateway": "steward"}
EXAMPLES = 4
"""Of each kind, per operation."""


def examples(cases: st.SearchStrategy[Case]) -> list[Case]:
    """Some cases, the same in every run."""
    found: list[Case] = []

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def collect(case: Case) -> None:
        found.append(case)

    with suppress(Unsatisfiable):  # nothing can be wrong with a request that has nothing in it
        collect()
    return found


async def send(case: Case, base: str, who: Caller) -> httpx.Response:
    """Send a case as it is, signed in."""
    request = case.as_transport_kwargs(base_url=base)
    headers = {**(request.pop("headers") or {}), **who.who()}
    body = request.get("data")
    content = {"content": body} if isinstance(body, str | bytes) else {"data": body, "json": request.get("json")}
    return await who.http.request(
        request["method"], request["url"], params=request.get("params"), headers=headers, **content
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize("service", WHO)
async def test_g26_every_answer_is_one_that_the_document_describes(
    installation: Installation, sign_in: SignIn, service: str
) -> None:
    """G-26: right requests and wrong ones, of every operation."""
    document = schemathesis.openapi.from_dict(installation.apps[service].openapi())
    base = f"http://localhost:{list(installation.apps).index(service) + 1}"
    who, wrong, sent = sign_in(WHO[service], OURS), [], 0
    for found in document.get_all_operations():
        operation: APIOperation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for case in examples(operation.as_strategy(generation_mode=mode)):
                sent += 1
                try:
                    answer = await send(case, base, who)
                except httpx.InvalidURL:  # longer than a client sends
                    continue
                try:
                    case.validate_response(answer, checks=CHECKS)
                except FailureGroup as group:
                    wrong += [f"{operation.label}: {answer.status_code} {one}" for one in group.exceptions]
    assert sent > EXAMPLES
    assert not wrong, "\n".join(wrong)
