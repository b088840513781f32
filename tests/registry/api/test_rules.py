"""Who gets in, and who sees what."""

import httpx
from fastapi import FastAPI

from services.registry.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.settings import Settings
from tests.fixtures.routes import assert_nobody_gets_in
from tests.fixtures.services import Serve
from tests.registry.conftest import FROM, At, Desk, Json, assignment_body, site_body
from tests.registry.given import CARDEA, LEIDEN, PRODEBA


async def test_g23_nobody_gets_in(databases: Settings, clock: FrozenClock, keys: StaticKeys, serve: Serve) -> None:
    """G-23: every route refuses a caller without a token."""
    app: FastAPI = create_app(databases, clock, keys)
    client: httpx.AsyncClient = await serve(app)
    await assert_nobody_gets_in(app, client)


async def test_a_caller_without_the_role_may_not_write(at: At) -> None:
    ehr = at(organisation=CARDEA, roles=["provider-system"])
    answer = await ehr.post("/municipalities", {"municipality": LEIDEN, "name": "Leiden", "validFrom": FROM})
    assert answer.status_code == 403


async def test_any_signed_in_caller_reads_what_is_no_secret(at: At, admin: Desk, participation: None) -> None:
    analyst = at(organisation="gm:GM0546", roles=["municipal-analyst"])
    for path in ("/sites/99HH00", "/programmes/HR-JOS", "/participations/HR-JOS/99HH00", f"/providers/{CARDEA}"):
        await analyst.read(path)


async def test_g21_a_provider_sees_its_own_people_and_no_trace_of_others(at: At, admin: Desk, worker: None) -> None:
    """G-21: another provider's worker and assignment answer as those that do not exist."""
    await admin.did("/assignments", assignment_body())
    own = at(organisation=CARDEA, roles=["provider-manager"])
    other = at(organisation=PRODEBA, roles=["provider-manager"])
    assert [one["assignment"] for one in (await own.read("/assignments"))["items"]] == ["HR-1"]
    assert len((await own.read("/professionals"))["items"]) == 1
    assert (await other.read("/assignments"))["items"] == []
    assert (await other.read("/professionals"))["items"] == []
    for theirs, nothing in (
        ("/assignments/HR-1", "/assignments/HR-9"),
        ("/assignments/HR-1/history", "/assignments/HR-9/history"),
        (f"/professionals/{CARDEA}/m-77", f"/professionals/{CARDEA}/m-99"),
        (f"/professionals/{CARDEA}/m-77/history", f"/professionals/{CARDEA}/m-99/history"),
    ):
        assert same(await other.get(theirs), await other.get(nothing))


async def test_people_are_not_for_everybody(at: At) -> None:
    school = at(organisation="brin:99HH", roles=["school"])
    assert (await school.get("/assignments")).status_code == 403
    assert (await school.get("/professionals")).status_code == 403


ELSEWHERE: list[tuple[str, str, Json]] = [
    ("/sites/{}/names", "99HH00 99ZZ00", {"name": "X1", "validFrom": FROM}),
    ("/sites/{}/closure", "99HH00 99ZZ00", {"validTo": "2022-12-31"}),
    ("/programmes/{}/municipalities", "HR-JOS ZZ-JOS", {"municipality": LEIDEN, "validFrom": FROM}),
    ("/participations/HR-JOS/{}/departure", "99HH00 99ZZ00", {"validTo": "2022-12-31"}),
    ("/participations/HR-JOS/{}/provider-choices", "99HH00 99ZZ00", {"provider": CARDEA, "validFrom": FROM}),
    ("/assignments/{}/hours", "HR-1 HR-9", {"fte": 1.0, "validFrom": FROM}),
    ("/assignments/{}/end", "HR-1 HR-9", {"validTo": "2022-12-31"}),
]


async def test_g21_what_is_of_another_region_answers_as_what_does_not_exist(
    admin: Desk, stranger: Desk, worker: None
) -> None:
    """G-21: the administrator of another region cannot tell."""
    await admin.did("/assignments", assignment_body())
    for path, pair, body in ELSEWHERE:
        theirs, nothing = [await stranger.post(path.format(code), body) for code in pair.split()]
        assert theirs.status_code == 404, (path, theirs.text)
        assert same(theirs, nothing), path


async def test_g21_references_into_another_region_answer_as_unknown_ones(stranger: Desk, participation: None) -> None:
    """G-21: in a body just as in a path."""
    join = {"programme": "HR-JOS", "site": "99HH00", "validFrom": FROM}
    assert (await stranger.post("/participations", join)).json()["code"] == "no-such-programme"
    elsewhere = await stranger.post("/sites", site_body(site="99HH01"))
    nowhere = await stranger.post("/sites", site_body(site="99HH01", municipality="GM9999"))
    assert elsewhere.json()["code"] == nowhere.json()["code"] == "no-such-municipality"
    count = {"schoolYear": "2021-2022", "referenceDate": "2021-10-01", "count": 1, "source": "DUO"}
    assert (await stranger.post("/pupil-counts", {"site": "99HH00", **count})).json()["code"] == "no-such-site"


async def test_an_administrator_defines_its_own_region_alone(admin: Desk, stranger: Desk, region: None) -> None:
    body = {"region": "HR", "name": "Mine now", "subRegions": [], "municipalities": [], "validFrom": FROM}
    answer = await stranger.post("/regions", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "region-not-yours")


async def test_a_municipality_cannot_be_drawn_into_a_second_region(stranger: Desk, region: None) -> None:
    body = {"region": "HGL", "name": "Haaglanden", "subRegions": [], "municipalities": [LEIDEN], "validFrom": FROM}
    answer = await stranger.post("/regions", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "municipality-taken")


def same(one: httpx.Response, other: httpx.Response) -> bool:
    """Whether two answers cannot be told apart, but for the request's own name."""
    first, second = one.json(), other.json()
    for body in (first, second):
        body.pop("instance"), body.pop("traceId")
    return one.status_code == other.status_code and first == second
