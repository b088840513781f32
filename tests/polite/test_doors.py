"""The door of every service, for those who are not let in and those who say they are somebody else."""

from typing import Any

import pytest

from tests.auth.test_bad_tokens import GOOD_HEADER, ROWS, changed, signed
from tests.fixtures.auth import claims_for
from tests.journeys.conftest import URLS, Installation
from tests.polite.callers import essence
from tests.polite.world import OURS, THEIRS, SignIn

MINE = {"registry": "/me", "contracts": "/me", "interventions": "/me", "kpi": "/me", "gateway": ""}


@pytest.mark.parametrize("service", MINE)
async def test_g24_every_bad_token_is_refused_at_every_door(installation: Installation, service: str) -> None:
    """G-24: the list of tests/auth at the real services, which could have been put together otherwise."""
    now = int(installation.clock.now().timestamp())
    usual: dict[str, Any] = claims_for(installation.clock.now(), OURS.provider, ["provider-system"])
    url = URLS[service] + MINE[service]
    method = "POST" if service == "gateway" else "GET"
    for row in ROWS:
        token = signed(changed(GOOD_HEADER, row, "header", now), changed(usual, row, "claims", now))
        answer = await installation.http.request(method, url, headers={"Authorization": f"Bearer {token}"})
        expected = {row.get("status", 401), 429}
        assert answer.status_code in expected, (row["id"], answer.text)
        assert token not in answer.text


async def test_headers_of_proxies_and_tenants_are_not_believed(sign_in: SignIn) -> None:
    """R-33: who one is stands in the token alone, and where one asks in the request line."""
    ehr = sign_in("ehr", OURS)
    said = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-Tenant": THEIRS.provider,
        "X-Organisation": THEIRS.provider,
        "X-Original-URL": "/interventions/v1/me",
        "X-Rewrite-URL": "/interventions/v1/me",
        "X-HTTP-Method-Override": "DELETE",
        "Forwarded": "for=10.0.0.1;host=evil.example",
    }
    plain, other = [essence(await ehr.ask("GET", "interventions", "/events", **more)) for more in ({}, said)]
    assert plain == other
    assert plain[0] == 200
