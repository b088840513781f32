"""What is somebody else's answers like what does not exist, whatever is asked and however (G-21)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared.web.rules import routes_of
from tests.journeys.conftest import URLS, Installation
from tests.polite.callers import essence
from tests.polite.world import FROM, HELD, NOWHERE, OURS, THEIRS, UNTIL, Place, SignIn, delivery

Json = dict[str, Any]

PUBLIC = re.compile(
    r"/(openapi\.json|me|errors/.*|code-lists|event-types.*|regions.*|municipalities.*|schools.*|sites.*|providers.*"
    r"|programmes.*|participations.*|pupil-counts.*|partnerships.*|boards.*|lots.*|transitions.*|holidays.*"
    r"|site-holidays.*|data-sources.*|contacts.*|action-plans.*|development-questions.*|exports.*)"
)
"""What everyone who is signed in may read: schools, who takes part, and what the programme is."""
CALLERS = ("admin", "steward", "ehr", "manager", "school", "analyst")


def codes(place: Place, held: str, stored: str) -> dict[str, str]:
    """The path parameters of a region's things."""
    return {
        "region": place.region,
        "municipality": place.municipality,
        "school": place.brin,
        "site": place.site,
        "provider": place.provider,
        "staff": place.staff,
        "assignment": place.assignment,
        "contract": place.contract,
        "programme": place.programme,
        "period": "2022-H1",
        "schoolYear": "2021-2022",
        "absence": place.absence,
        "lot": place.lot,
        "transition": place.transition,
        "board": place.board,
        "partnership": place.partnership,
        "source": "VERZUIM",
        "kind": "YOUTH_AND_SCHOOL",
        "notice_number": "1",
        "code": "45ABS",
        "alert": f"missing-provider-{place.site}",
        "day": "2022-03-14",
        "event_id": stored,
        "receipt_id": stored,
        "held_id": held,
    }


BODIES: dict[str, Json] = {
    "/absences/{absence}/end": {"validTo": UNTIL},
    "/absences/{absence}/replacements": {"replacement": OURS.staff, "validFrom": "2022-03-02"},
    "/action-plans/{programme}/{site}/agreements": {"agreedBy": ["SCHOOL"], "validFrom": FROM},
    "/action-plans/{programme}/{site}/revisions": {"plannedKinds": ["GROUP"], "validFrom": "2023-01-01"},
    "/action-plans/{programme}/{site}/sections": {"section": "B1", "validFrom": FROM},
    "/boards/{board}/names": {"name": "Anders", "validFrom": "2023-01-01"},
    "/data-sources/{programme}/{source}/states": {"status": "KNOWN", "validFrom": FROM},
    "/development-questions/{programme}/{site}/states": {"number": 1, "state": "DROPPED", "validFrom": "2023-01-01"},
    "/introductions/{programme}/{site}/{provider}/{staff}/withdrawals": {"heldOn": "2021-12-15"},
    "/lots/{lot}/responsible-allocation": {"allowed": True, "validFrom": "2023-01-01"},
    "/municipalities/{municipality}/merger": {"successor": OURS.municipality, "validTo": UNTIL},
    "/municipalities/{municipality}/names": {"name": "Anders", "validFrom": "2023-01-01"},
    "/participations/{programme}/{site}/levels": {"level": "PILOT", "validFrom": "2023-01-01"},
    "/partnerships/{partnership}/names": {"name": "Anders", "validFrom": "2023-01-01"},
    "/presence/{programme}/{site}/{day}/{provider}/{staff}/withdrawal": {},
    "/professionals/{provider}/{staff}/identity": {"name": "A. Voorbeeld"},
    "/professionals/{provider}/{staff}/identity/erasure": {},
    "/professionals/{provider}/{staff}/lapses": {"register": "SKJ", "validTo": "2023-01-01"},
    "/professionals/{provider}/{staff}/qualifications": {"level": "HBO", "education": "SPH", "validFrom": FROM},
    "/professionals/{provider}/{staff}/supervisors": {"supervisor": OURS.staff, "validFrom": FROM},
    "/providers/{provider}/agb-codes": {"agb": "01012345", "validFrom": FROM},
    "/providers/{provider}/experience": {"schoolType": "SBO", "region": OURS.region, "validFrom": FROM},
    "/providers/{provider}/expertise": {"tags": ["BEHAVIOURAL_PROBLEMS"], "validFrom": FROM},
    "/providers/{provider}/names": {"name": "Anders", "validFrom": "2023-01-01"},
    "/providers/{provider}/wlz-contracts": {"validFrom": FROM},
    "/schools/{school}/boards": {"board": OURS.board, "validFrom": FROM},
    "/sites/{site}/functions": {"function": "LOCAL", "validFrom": FROM},
    "/sites/{site}/holiday-regions": {"holidayRegion": "MIDDEN", "validFrom": FROM},
    "/sites/{site}/municipalities": {"municipality": OURS.municipality, "validFrom": "2023-01-01"},
    "/sites/{site}/partnerships": {"partnership": OURS.partnership, "validFrom": FROM},
    "/teams/{programme}/{site}/{kind}/departures": {"role": "TEACHER", "validTo": UNTIL},
    "/teams/{programme}/{site}/{kind}/members": {"role": "IB_ER", "validFrom": FROM},
    "/transitions/{transition}/confirmation": {},
    "/transitions/{transition}/withdrawal": {},
    "/assignments/{assignment}/end": {"validTo": UNTIL},
    "/assignments/{assignment}/hours": {"fte": 0.5, "validFrom": "2023-01-01"},
    "/participations/{programme}/{site}/departure": {"validTo": UNTIL},
    "/participations/{programme}/{site}/provider-changes": {"provider": OURS.provider, "validFrom": "2023-01-01"},
    "/participations/{programme}/{site}/provider-choices": {"provider": OURS.provider, "validFrom": "2023-01-01"},
    "/professionals/{provider}/{staff}/registrations": {"register": "BIG", "validFrom": FROM, "validTo": UNTIL},
    "/programmes/{programme}/municipalities": {"municipality": OURS.municipality, "assumed": True, "validFrom": FROM},
    "/programmes/{programme}/municipalities/{municipality}/departure": {"validTo": UNTIL},
    "/schools/{school}/names": {"name": "Anders", "validFrom": "2023-01-01"},
    "/sites/{site}/names": {"name": "Anders", "validFrom": "2023-01-01"},
    "/sites/{site}/types": {"schoolType": "SO", "validFrom": "2023-01-01"},
    "/sites/{site}/closure": {"validTo": UNTIL},
    "/sites/{site}/teachers-hours": {"hoursPerWeek": 30, "validFrom": FROM},
    "/alerts/{alert}/acknowledgement": {},
    "/contracts/{contract}/break-options": {"agreedOn": FROM, "year": 2023, "scope": "WHOLE"},
    "/contracts/{contract}/extension": {"extended": True, "decidedOn": "2023-01-01"},
    "/contracts/{contract}/notices": {"by": "PROVIDER", "scope": "WHOLE", "receivedAt": "2022-07-01T10:00:00Z"},
    "/contracts/{contract}/notices/{notice_number}/withdrawal": {"withdrawnOn": "2022-07-02"},
    "/contracts/{contract}/product-codes": {"code": "45ABS", "site": OURS.site, "validFrom": FROM},
    "/contracts/{contract}/product-codes/{site}/{code}/end": {"validTo": UNTIL},
    "/contracts/{contract}/suitability": {"schoolType": "SBO", "referenceDate": FROM},
    "/contracts/{contract}/tariff-variables": {"name": "TRAVEL", "unit": "HOUR"},
    "/contracts/{contract}/tariff-variables/settlement": {"settledOn": "2022-07-01"},
    "/contracts/{contract}/signature": {"signedOn": "2021-12-15"},
    "/contracts/{contract}/end": {"validTo": "2023-07-31"},
    "/contracts/{contract}/schools": {"site": OURS.site, "validFrom": "2023-01-01", "validTo": UNTIL},
    "/contracts/{contract}/schools/{site}/end": {"validTo": "2023-07-31"},
}
"""A good body for every write to a thing that is named in the path."""

HEADERS: list[dict[str, str]] = [
    {},
    *({"If-Match": f'"{version}"'} for version in (1, 2, 9)),
    {"Idempotency-Key": "theirs"},
]


def named(installation: Installation) -> Iterator[tuple[str, str, str]]:
    """(service, method, path below its base) of every route that names a thing and is not public to read."""
    for service, app in installation.apps.items():
        base = URLS[service].removeprefix(f"http://{URLS[service].split('/')[2]}")
        for route in routes_of(app):
            path = route.path.removeprefix(base)
            # A kind of file names nothing of anybody: what is in it is judged row by row.
            if route.rule is None or "{" not in path or path in ("/imports/{kind}", "/exports/{kind}"):
                continue
            for method in route.methods:
                if method != "GET" or not PUBLIC.fullmatch(path):
                    yield service, method, path


@pytest.fixture(scope="module")
async def theirs(sign_in: SignIn) -> dict[str, str]:
    """What the other region has, by path parameter."""
    ehr = sign_in("ehr", THEIRS)
    [held] = (await ehr.get("interventions", "/held-events")).json()["items"]
    stored = (await ehr.get("interventions", "/events")).json()["items"]
    admin = sign_in("admin", THEIRS)
    answer = await admin.post("registry", "/schools", {"school": "99XZ", "name": "S", "validFrom": FROM},
                              **{"Idempotency-Key": "theirs"})  # fmt: skip
    assert answer.status_code == 201
    return codes(THEIRS, held["heldId"], stored[0]["eventId"])


@pytest.fixture(scope="module")
def nothing() -> dict[str, str]:
    """What nobody has, by path parameter."""
    return codes(NOWHERE, "0190f2c4-0000-7000-8000-000000000000", "0190f2c4-0000-7000-8000-000000000000")


@pytest.mark.parametrize("role", CALLERS)
async def test_g21_what_the_path_names_answers_alike(
    installation: Installation, sign_in: SignIn, theirs: dict[str, str], nothing: dict[str, str], role: str
) -> None:
    """G-21: a walk over every route that names something; a new route without a body here fails."""
    caller, told, walked = sign_in(role, OURS), [], 0
    for service, method, path in named(installation):
        body = BODIES[path] if method == "POST" else None
        for headers in HEADERS if method == "POST" else HEADERS[:1]:
            pair = [
                essence(await caller.ask(method, service, path.format(**found), body, **headers))
                for found in (theirs, nothing)
            ]
            walked += 1
            if pair[0] != pair[1] or pair[0][0] < 400:
                told.append((method, path, headers, *((status, found) for status, _, found in pair)))
    assert walked > 30
    assert told == [], "\n".join(map(str, told))


def bodies(place: Place) -> Iterator[tuple[str, str, str, Json]]:
    """(role, service, path, body) of good writes in our own region, but for what they name of this place."""
    worker = {"provider": OURS.provider, "staff": OURS.staff, "programme": OURS.programme, "site": OURS.site}
    assignment = {**worker, "assignment": OURS.assignment, "fte": 0.5, "fixedFace": True, "validFrom": "2023-01-01"}
    for name in ("assignment", "programme", "site", "staff"):
        yield "admin", "registry", "/assignments", assignment | {name: getattr(place, name)}
    count = {"schoolYear": "2021-2022", "referenceDate": "2021-10-01", "count": 1, "source": "DUO"}
    yield "admin", "registry", "/pupil-counts", {"site": place.site, **count}
    for name in ("programme", "site"):
        joined = {"programme": OURS.programme, "site": OURS.site, "validFrom": FROM}
        yield "admin", "registry", "/participations", joined | {name: getattr(place, name)}
    draft = {"contract": "HR-99", "programme": OURS.programme, "provider": OURS.provider, "validFrom": FROM}
    draft |= {"validTo": UNTIL, "schools": [{"site": OURS.site, "validFrom": FROM}]}
    for change in ({"contract": place.contract}, {"programme": place.programme}):
        yield "admin", "contracts", "/contracts", draft | change
    for role in ("school", "steward"):
        for name in ("programme", "site"):
            yield role, "kpi", "/data-deliveries", {**delivery(OURS), name: getattr(place, name)}


@pytest.mark.parametrize("headers", [{}, {"If-Match": '"1"'}, {"Idempotency-Key": "theirs"}], ids=str)
async def test_g21_what_a_body_names_answers_alike(sign_in: SignIn, headers: dict[str, str]) -> None:
    """G-21: writes with ids that the client chose, tried without storing: theirs is as free or wrong as nobody's."""
    for one, other in zip(bodies(THEIRS), bodies(NOWHERE), strict=True):
        pair = [
            essence(await sign_in(role, OURS).post(service, path + "?dryRun=true", body, **headers))
            for role, service, path, body in (one, other)
        ]
        assert without_echo(pair[0]) == without_echo(pair[1]), one


def without_echo(answer: tuple[int, dict[str, str], object]) -> object:
    """The answer without what was asked itself, random tokens, and hints at public codes that are spelt alike."""
    status, headers, body = answer
    assert isinstance(body, dict)
    if status < 400:
        return status, headers.keys(), body.keys(), [one["type"] for one in body.get("recorded") or []]
    errors = [{name: value for name, value in one.items() if name != "hint"} for one in body["errors"]]
    return status, headers.keys(), body | {"errors": errors}


def queries(place: Place, held: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """(role, service, path, parameters) of every list that can be narrowed to what another has."""
    for role in ("admin", "manager", "ehr"):
        for name in ("programme", "site", "provider"):
            yield role, "registry", "/assignments", {name: getattr(place, name), "count": "true"}
        for name in ("programme", "provider"):
            yield role, "contracts", "/contracts", {name: getattr(place, name), "count": "true"}
    for role in ("school", "steward", "admin"):
        for name in ("programme", "site"):
            yield role, "kpi", "/data-deliveries", {name: getattr(place, name)}
    for path, id_ in (("/events", "e-1"), ("/held-events", held)):
        yield "ehr", "interventions", path, {"source": place.source, "id": id_}


async def test_g21_a_list_narrowed_to_another_is_as_empty_as_one_of_nobody(sign_in: SignIn) -> None:
    """G-21: filters and totals tell nothing."""
    for one, other in zip(queries(THEIRS, HELD), queries(NOWHERE, HELD), strict=True):
        found = [
            essence(await sign_in(role, OURS).get(service, path, **asked))
            for role, service, path, asked in (one, other)
        ]
        assert found[0] == found[1], one
        assert found[0][0] in (200, 403, 404), (one, found[0])


async def test_g21_taking_back_anothers_held_event_is_as_impossible_as_one_of_nobody(sign_in: SignIn) -> None:
    """G-21: and it goes on waiting."""
    ehr = sign_in("ehr", OURS)
    pair = [
        essence(await ehr.ask("DELETE", "interventions", f"/held-events?source={place.source}&id={HELD}"))
        for place in (THEIRS, NOWHERE)
    ]
    assert pair[0] == pair[1]
    assert len((await sign_in("ehr", THEIRS).get("interventions", "/held-events")).json()["items"]) == 1


async def test_g21_a_cursor_of_another_is_as_wrong_as_one_of_nobody(sign_in: SignIn) -> None:
    """G-21: cursors are sealed for one organisation and one question."""
    seen = 0
    for role, service, path in (("admin", "registry", "/sites"), ("admin", "registry", "/schools")):
        made = (await sign_in(role, THEIRS).get(service, path, limit="1")).json()["nextCursor"]
        if made is None:
            continue
        pair = [
            essence(await sign_in(role, OURS).get(service, path, limit="1", cursor=cursor))
            for cursor in (made, "A" * len(made))
        ]
        assert pair[0] == pair[1]
        assert pair[0][0] == 400
        seen += 1
    assert seen


FIGURES = """query($p: String!, $s: [String!]) { kpi(code: "KPI-HR-04") {
  figures(filter: {programme: $p, period: "2022-H1", school: $s}) { nodes { value } } } }"""


@pytest.mark.parametrize("role", ["school", "manager", "analyst", "steward"])
async def test_g21_a_figure_of_another_is_as_absent_as_one_of_nobody(sign_in: SignIn, role: str) -> None:
    """G-21: the gateway answers alike about another's school and about none."""
    pair = []
    for place in (THEIRS, NOWHERE):
        body = {"query": FIGURES, "variables": {"p": OURS.programme, "s": [place.site]}}
        pair.append(essence(await sign_in(role, OURS).post("gateway", "", body)))
    assert [without_cost(one) for one in pair[:1]] == [without_cost(one) for one in pair[1:]]


def without_cost(answer: tuple[int, dict[str, str], object]) -> object:
    """A GraphQL answer without its token, which is sealed anew each time."""
    status, _, body = answer
    assert isinstance(body, dict)
    return status, {name: value for name, value in body.items() if name != "extensions"}
