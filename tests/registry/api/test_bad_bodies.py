"""What is wrong is told at its place, with a code and a hint, and nothing is recorded."""

import pytest

from tests.registry.conftest import FROM, Desk, Json, assignment_body, programme_body, site_body
from tests.registry.given import CARDEA, LEIDEN

CHOICES = "/participations/HR-JOS/99HH00/provider-choices"
JOIN = {"programme": "HR-JOS", "site": "99HH00", "validFrom": "2023-08-01"}
COUNT = {"site": "99HH00", "schoolYear": "2021-2022", "referenceDate": "2021-10-01", "count": 140, "source": "DUO"}
STAFF = {"provider": CARDEA, "staff": "m-78", "function": "YOUTH_WORKER", "validFrom": FROM}

BAD: list[tuple[str, str, Json, str, str, str]] = [
    # what, path, body, code, pointer, part of the hint
    ("30 February", "/municipalities", {"municipality": LEIDEN, "name": "L", "validFrom": "2022-02-30"}, "date", "/validFrom", ""),
    ("a GM code in lower case", "/municipalities", {"municipality": "gm0546", "name": "L", "validFrom": FROM}, "format", "/municipality", "GM"),
    ("an e-mail address for a name", "/schools", {"school": "99HA", "name": "jan@school.nl", "validFrom": FROM}, "format", "/name", ""),
    ("an invisible character", "/schools", {"school": "99HA", "name": "A\u202eB", "validFrom": FROM}, "character", "", ""),
    ("a field of no use", "/schools", {"school": "99HA", "name": "A", "validFrom": FROM, "adres": "x"}, "unknown-field", "/adres", ""),
    ("a wrong case", "/schools", {"school": "99HA", "name": "A", "validfrom": FROM}, "missing", "/validFrom", ""),
    ("a BRIN for a site", "/participations", {**JOIN, "site": "99HH"}, "format", "/site", "99HH00"),
    ("a type that is no type", "/sites", site_body(site="99HH01", schoolType="SVO"), "code", "/schoolType", "VSO"),
    ("an unknown school", "/sites", site_body(site="99HX00"), "school-unknown", "/site", ""),
    ("a municipality that nearly is one", "/sites", site_body(site="99HH01", municipality="GM0545"), "municipality-unknown", "/municipality", "GM0546"),
    ("a programme that nearly is one", "/participations", {**JOIN, "programme": "HR-JOZ"}, "programme-unknown", "/programme", "HR-JOS"),
    ("a site that nearly is one", "/participations", {**JOIN, "site": "99HH01"}, "site-unknown", "/site", "99HH00"),
    ("an unknown provider", CHOICES, {"provider": "kvknr:99990009", "validFrom": FROM}, "provider-unknown", "/provider", "kvknr:9999000"),
    ("an end before the start", CHOICES, {"provider": CARDEA, "validFrom": FROM, "validTo": "2021-12-31"}, "period-reversed", "/validTo", ""),
    ("an unknown worker", "/assignments", assignment_body(staff="m-99"), "staff-unknown", "/staff", ""),
    ("text for a number", "/assignments", assignment_body(fte="0.8"), "type", "/fte", ""),
    ("three decimals", "/assignments", assignment_body(fte=0.825), "number-range", "/fte", "2"),
    ("36 fte", "/assignments", assignment_body(fte=36), "number-range", "/fte", ""),
    ("neither fte nor hours", "/assignments", assignment_body(fte=None), "missing", "/fte", ""),
    ("pupils with a fraction", "/pupil-counts", {**COUNT, "count": 140.0}, "type", "/count", ""),
    ("a school year of two years", "/pupil-counts", {**COUNT, "schoolYear": "2021-2023"}, "format", "/schoolYear", ""),
    ("digits for a staff key", "/professionals", {**STAFF, "staff": "123456782"}, "format", "/staff", ""),
    ("a name beside a staff key", "/professionals", {**STAFF, "name": "x"}, "unknown-field", "/name", ""),
    ("a register number", f"/professionals/{CARDEA}/m-77/registrations", {"register": "SKJ", "number": "100012345", "validFrom": FROM, "validTo": "2026-12-31"}, "unknown-field", "/number", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "code", "pointer", "hint"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
async def test_a_bad_body_is_told_what_is_wrong_where(
    admin: Desk, worker: None, path: str, body: Json, code: str, pointer: str, hint: str
) -> None:
    answer = await admin.post(path, body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = {(error["code"], error["pointer"]): error.get("hint", "") for error in answer.json()["errors"]}
    assert (code, pointer) in told, answer.text
    assert hint in told[code, pointer]


async def test_a_programme_body_is_judged_as_its_file_is_with_all_errors_at_once(admin: Desk, region: None) -> None:
    body = programme_body()
    body["schoolTypes"][0] = "SBOO"
    body["rules"][20]["rule"] = "R-ONE-PROVIDR"
    body["rules"][34]["parameters"] = {"meeting": 2}
    answer = await admin.post("/programmes", body)
    assert answer.status_code == 400
    told = {(error["code"], error["pointer"]): error.get("hint", "") for error in answer.json()["errors"]}
    assert "SBO" in told["code", "/schoolTypes/0"]
    assert "R-ONE-PROVIDER" in told["code", "/rules/20/rule"]
    assert ("unknown-field", "/rules/34/parameters/meeting") in told


async def test_a_programme_of_an_undefined_region_says_what_to_do_first(admin: Desk) -> None:
    answer = await admin.post("/programmes", programme_body())
    assert (answer.status_code, answer.json()["code"]) == (400, "region-unknown")
    assert "POST /regions" in answer.json()["errors"][0]["hint"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/sites/99HH", "format"),
        ("/sites/99hh00", "format"),
        ("/municipalities/Leiden", "format"),
        ("/sites?validOn=2022-02-30", "date"),
        ("/sites?knownAt=2022-07-05T10:00:00", "time"),
        ("/sites?limit=0", "number-range"),
        ("/sites?limit=201", "number-range"),
        ("/sites?cursor=x", "cursor-invalid"),
        ("/sites?atLeast=x", "token-invalid"),
    ],
)
async def test_a_bad_path_or_parameter_is_a_400(admin: Desk, school: None, path: str, code: str) -> None:
    answer = await admin.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text


async def test_a_brin_in_a_path_lists_the_sites_of_that_school(admin: Desk, school: None) -> None:
    answer = await admin.get("/sites/99HH")
    assert "99HH00" in answer.json()["errors"][0]["hint"]


async def test_g03_what_is_refused_is_not_in_the_log(admin: Desk, worker: None) -> None:
    """G-03: refused bodies leave nothing behind."""
    log = admin.client._transport.app.state.running.acts.log  # type: ignore[attr-defined]
    before = await log.head()
    for _, path, body, *_ in BAD:
        assert (await admin.post(path, body)).status_code == 400
    assert await log.head() == before
