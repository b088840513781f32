"""What is wrong is told at its place, with a code and a hint, and nothing is recorded."""

from tests.registry.conftest import FROM, Desk, Json, assignment_body, programme_body, site_body
from tests.registry.given import CARDEA, LEIDEN

CHOICES = "/participations/HR-JOS/99HH00/provider-choices"
JOIN = {"programme": "HR-JOS", "site": "99HH00", "validFrom": "2023-08-01"}
COUNT = {"site": "99HH00", "schoolYear": "2021-2022", "referenceDate": "2021-10-01", "count": 140, "source": "DUO"}
STAFF = {"provider": CARDEA, "staff": "m-78", "function": "YOUTH_WORKER", "validFrom": FROM}

Row = tuple[str, str, Json, str, str, str]
SCHOOL = {"school": "99HA", "name": "A", "validFrom": FROM}
LEIDEN_AGAIN = {"municipality": LEIDEN, "name": "Leiden", "validFrom": FROM}
NUMBER = {"register": "SKJ", "validFrom": FROM, "validTo": "2026-12-31", "number": "100012345"}
CHOICE = {"provider": CARDEA, "validFrom": FROM}


def row(what: str, path: str, body: Json, code: str, pointer: str, hint: str = "") -> Row:
    """What is wrong, where it is sent, and the code, the place and a part of the hint that must come back."""
    return what, path, body, code, pointer, hint


def site(**changes: str) -> Json:
    return site_body(site="99HH01", **changes)


BAD: list[Row] = [
    row("30 February", "/municipalities", {**LEIDEN_AGAIN, "validFrom": "2022-02-30"}, "date", "/validFrom"),
    row("lower case", "/municipalities", {**LEIDEN_AGAIN, "municipality": "gm0546"}, "format", "/municipality", "GM"),
    row("an e-mail address for a name", "/schools", {**SCHOOL, "name": "jan@school.nl"}, "format", "/name"),
    row("an invisible character", "/schools", {**SCHOOL, "name": "A\u202eB"}, "character", ""),
    row("a field of no use", "/schools", {**SCHOOL, "adres": "x"}, "unknown-field", "/adres"),
    row("a wrong case", "/schools", {"school": "99HA", "name": "A", "validfrom": FROM}, "missing", "/validFrom"),
    row("a BRIN for a site", "/participations", {**JOIN, "site": "99HH"}, "format", "/site", "99HH00"),
    row("no type of school", "/sites", site(schoolType="SO-VSO"), "code", "/schoolType", "SO_VSO"),
    row("an unknown school", "/sites", site_body(site="99HX00"), "no-such-school", "/site"),
    row("nearly Leiden", "/sites", site(municipality="GM0545"), "no-such-municipality", "/municipality", LEIDEN),
    row(
        "nearly HR-JOS", "/participations", {**JOIN, "programme": "HR-JOZ"}, "no-such-programme", "/programme", "HR-JOS"
    ),
    row("nearly a site", "/participations", {**JOIN, "site": "99HH01"}, "no-such-site", "/site", "99HH00"),
    row(
        "an unknown provider",
        CHOICES,
        {**CHOICE, "provider": "kvknr:99990009"},
        "no-such-provider",
        "/provider",
        "9999000",
    ),
    row("an end before the start", CHOICES, {**CHOICE, "validTo": "2021-12-31"}, "period-reversed", "/validTo"),
    row("an unknown worker", "/assignments", assignment_body(staff="m-99"), "no-such-staff", "/staff"),
    row("text for a number", "/assignments", assignment_body(fte="0.8"), "type", "/fte"),
    row("three decimals", "/assignments", assignment_body(fte=0.825), "number-range", "/fte", "2"),
    row("36 fte", "/assignments", assignment_body(fte=36), "number-range", "/fte"),
    row("neither fte nor hours", "/assignments", assignment_body(fte=None), "missing", "/fte"),
    row("pupils with a fraction", "/pupil-counts", {**COUNT, "count": 140.0}, "type", "/count"),
    row("a year too long", "/pupil-counts", {**COUNT, "schoolYear": "2021-2023"}, "format", "/schoolYear"),
    row("digits for a staff key", "/professionals", {**STAFF, "staff": "123456782"}, "format", "/staff"),
    row("a name beside a staff key", "/professionals", {**STAFF, "name": "x"}, "unknown-field", "/name"),
    row("a register number", f"/professionals/{CARDEA}/m-77/registrations", NUMBER, "unknown-field", "/number"),
]


async def test_a_bad_body_is_told_what_is_wrong_where_and_leaves_nothing(admin: Desk, worker: None) -> None:
    """G-03 among them: what is refused is not in the log."""
    log = admin.client._transport.app.state.running.acts.log  # type: ignore[attr-defined]
    before = await log.head()
    for what, path, body, code, pointer, hint in BAD:
        answer = await admin.post(path, body)
        assert answer.status_code == 400, (what, answer.text)
        assert answer.headers["content-type"] == "application/problem+json", what
        told = {(error["code"], error["pointer"]): error.get("hint", "") for error in answer.json()["errors"]}
        assert (code, pointer) in told, (what, answer.text)
        assert hint in told[code, pointer], (what, answer.text)
    assert await log.head() == before


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
    assert (answer.status_code, answer.json()["code"]) == (400, "no-such-region")
    assert "POST /regions" in answer.json()["errors"][0]["hint"]


BAD_READS = [
    ("/sites/99HH", "format"),
    ("/sites/99hh00", "format"),
    ("/municipalities/Leiden", "format"),
    ("/sites?validOn=2022-02-30", "date"),
    ("/sites?knownAt=2022-07-05T10:00:00", "time"),
    ("/sites?limit=0", "number-range"),
    ("/sites?limit=201", "number-range"),
    ("/sites?cursor=x", "cursor-invalid"),
    ("/sites?atLeast=x", "token-invalid"),
]


async def test_a_bad_path_or_parameter_is_a_400(admin: Desk, school: None) -> None:
    for path, code in BAD_READS:
        answer = await admin.get(path)
        assert (answer.status_code, answer.json()["code"]) == (400, code), (path, answer.text)


async def test_a_brin_in_a_path_lists_the_sites_of_that_school(admin: Desk, school: None) -> None:
    answer = await admin.get("/sites/99HH")
    assert "99HH00" in answer.json()["errors"][0]["hint"]
