"""Deliveries over HTTP: who may, what is answered, and that it counts."""

import pytest

from services.kpi.definitions import Basis
from shared.log.heads import heads_file, written_heads
from shared.settings import Settings
from tests.fixtures.auth import Mint
from tests.fixtures.routes import assert_nobody_gets_in
from tests.kpi.office import Json, Office

GOOD: Json = {
    "programme": "HR-JOS",
    "site": "99HA00",
    "period": "2022-H1",
    "pupils": 147,
    "recipients": 38,
    "structural": 33,
    "incidental": 5,
    "individual": 18,
    "fte": 1.25,
    "synthetic": True,
}


@pytest.fixture
def school(mint: Mint) -> str:
    """The school of 99HA00."""
    return mint("brin:99HA", ["school"], schools=["99HA"])


@pytest.fixture
def steward(mint: Mint) -> str:
    """The steward of Holland Rijnland."""
    return mint("region:HR", ["programme-admin"], region="HR")


async def test_g23_nobody_gets_401_at_every_route(office: Office) -> None:
    """G-23: without a token every route answers 401."""
    app = office.client._transport.app  # type: ignore[attr-defined]
    await assert_nobody_gets_in(app, office.client)


async def test_a_school_delivers_and_it_counts(office: Office, school: str) -> None:
    answer = await office.post(GOOD, school)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/kpi/v1/data-deliveries/HR-JOS/99HA00/2022-H1"
    body = answer.json()
    assert (body["recorded"], body["replacesEarlier"], body["result"]["version"]) == (True, False, 1)
    read = (await office.get("/HR-JOS/99HA00/2022-H1", school, atLeast=body["token"])).json()
    assert {name: read[name] for name in GOOD} == GOOD
    figure = await office.figure("KPI-HR-04")
    assert (figure.value, figure.basis) == (38, Basis.DELIVERED)
    assert (figure.completeness.reporting, figure.completeness.expected) == (1, 2)


async def test_a_second_delivery_replaces_the_first_and_both_stay_readable(office: Office, school: str) -> None:
    await office.post(GOOD, school)
    answer = await office.post({**GOOD, "pupils": 150}, school)
    assert answer.status_code == 201 and answer.json()["replacesEarlier"]
    history = (await office.get("/HR-JOS/99HA00/2022-H1/history", school)).json()
    assert [(each["version"], each["pupils"]) for each in history] == [(1, 147), (2, 150)]
    assert (await office.figure("KPI-HR-03")).value == 150


async def test_the_same_content_again_records_nothing(office: Office, school: str) -> None:
    await office.post(GOOD, school)
    again = await office.post(GOOD, school)
    assert again.status_code == 200
    assert (again.json()["recorded"], again.json()["result"]["version"]) == (False, 1)


async def test_a_repeated_request_gets_the_same_answer(office: Office, school: str) -> None:
    first = await office.post(GOOD, school, **{"Idempotency-Key": "a1"})
    again = await office.post(GOOD, school, **{"Idempotency-Key": "a1"})
    assert first.json()["result"] == again.json()["result"]
    other = await office.post({**GOOD, "pupils": 160}, school, **{"Idempotency-Key": "a1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    await office.settled()
    assert (await office.figure("KPI-HR-03")).value == 147


async def test_a_dry_run_records_nothing(office: Office, school: str) -> None:
    answer = await office.post(GOOD, school, "?dryRun=true")
    assert (answer.status_code, answer.json()["dryRun"], answer.json()["recorded"]) == (200, True, False)
    assert (await office.get("/HR-JOS/99HA00/2022-H1", school)).status_code == 404


async def test_everything_that_does_not_add_up_is_told_at_once(office: Office, school: str) -> None:
    answer = await office.post({**GOOD, "pupils": 10, "structural": 1, "individual": 39}, school)
    assert answer.status_code == 400
    told = {error["code"]: error for error in answer.json()["errors"]}
    assert set(told) == {"recipients-exceed-pupils", "durations-do-not-add-up", "individual-exceeds-recipients"}
    assert told["durations-do-not-add-up"]["hint"].startswith("structural + incidental = recipients")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": "2022-H3"}, "period"),
        ({"period": "2023-H1"}, "period-not-begun"),
        ({"fte": 1.255}, "number-range"),
        ({"pupils": "147"}, "type"),
        ({"siteCode": "99HA00"}, "unknown-field"),
    ],
)
async def test_bad_input_is_400_with_what_is_wrong(office: Office, school: str, changes: Json, code: str) -> None:
    answer = await office.post({**GOOD, **changes}, school)
    assert answer.status_code == 400
    assert code in {error["code"] for error in answer.json()["errors"]}


async def test_g21_someone_elses_school_is_answered_as_one_that_does_not_exist(
    office: Office, school: str, mint: Mint
) -> None:
    """G-21: by no route can a school tell another school from none."""
    await office.post({**GOOD, "site": "99HB00"}, mint("brin:99HB", ["school"], schools=["99HB00"]))
    others = await office.post({**GOOD, "site": "99HB00"}, school)
    none = await office.post({**GOOD, "site": "99ZZ00"}, school)
    assert alike(others.json()) == alike(none.json())
    assert others.status_code == none.status_code == 404
    for path in ("/HR-JOS/{}/2022-H1", "/HR-JOS/{}/2022-H1/history"):
        known, unknown = (
            await office.get(path.format("99HB00"), school),
            await office.get(path.format("99ZZ00"), school),
        )
        assert known.status_code == unknown.status_code == 404
        assert alike(known.json()) == alike(unknown.json())
    assert (await office.get("", school)).json() == {"items": [], "nextCursor": None, "total": None}


async def test_who_may_deliver_for_whom(office: Office, mint: Mint) -> None:
    callers = {
        "steward": (mint("region:HR", ["programme-admin"], region="HR"), 201),
        "registry": (mint("region:HR", ["registry-admin"], region="HR"), 200),
        "other region": (mint("region:XX", ["programme-admin"], region="XX"), 404),
        "no region": (mint("region:HR", ["programme-admin"]), 404),
        "own municipality": (mint("gm:GM0534", ["municipal-account-holder"], municipalities=["GM0534"]), 200),
        "other municipality": (mint("gm:GM0537", ["municipal-account-holder"], municipalities=["GM0537"]), 404),
        "school without schools": (mint("brin:99HA", ["school"]), 404),
        "provider": (mint("kvknr:99990001", ["provider-system"]), 403),
        "analyst": (mint("gm:GM0534", ["municipal-analyst"], municipalities=["GM0534"]), 403),
    }
    for name, (token, status) in callers.items():
        assert (await office.post(GOOD, token)).status_code == status, name


async def test_a_list_has_what_the_caller_may_see_page_by_page(office: Office, steward: str, school: str) -> None:
    for site in ("99HA00", "99HB00"):
        for period in ("2022-H1", "2022"):
            assert (await office.post({**GOOD, "site": site, "period": period}, steward)).status_code == 201
    first = (await office.get("", steward, limit="3")).json()
    second = (await office.get("", steward, limit="3", cursor=first["nextCursor"])).json()
    places = [(each["site"], each["period"]) for each in first["items"] + second["items"]]
    assert places == [("99HA00", "2022"), ("99HA00", "2022-H1"), ("99HB00", "2022"), ("99HB00", "2022-H1")]
    assert second["nextCursor"] is None
    own = (await office.get("", school, period="2022-H1")).json()["items"]
    assert [each["site"] for each in own] == ["99HA00"]


async def test_a_school_that_has_just_joined_can_deliver(office: Office, steward: str) -> None:
    """The registry's events may be newer than the ledger: before a refusal it is waited for."""
    site = {"site": "99HC00", "school": "99HC", "name": "C", "schoolType": "SO", "municipality": "GM0546"}
    joined = {"programme": "HR-JOS", "site": "99HC00", "municipality": "GM0546", "schoolType": "SO", "level": None}
    await office.logs.append("registry", "school-site-added.v1", {**site, "subRegion": None, "validFrom": "2022-01-01"})
    await office.logs.append("registry", "school-joined-programme.v1", {**joined, "validFrom": "2022-01-01"})
    assert (await office.post({**GOOD, "site": "99HC00"}, steward)).status_code == 201


def alike(problem: Json) -> Json:
    """A problem document without what names the request."""
    return {name: value for name, value in problem.items() if name not in ("instance", "traceId")}


async def test_g07_the_head_is_written_outside_the_database_from_the_start(office: Office, databases: Settings) -> None:
    """G-07: a tail that is cut off later is noticed, in this log as in every other."""
    assert list(written_heads(heads_file(databases, "kpi")))
