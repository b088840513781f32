"""Reading: on a day, as known at a moment, page by page, and the same after a restart."""

from datetime import UTC, datetime

import pytest

from services.registry.app import create_app
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.settings import Settings
from tests.fixtures.services import Serve
from tests.registry.conftest import FROM, Desk, assignment_body, site_body
from tests.registry.given import CARDEA, KATWIJK, LEIDEN

MONDAY, TUESDAY, WEDNESDAY = (datetime(2022, 7, day, 10, tzinfo=UTC) for day in (11, 12, 13))


@pytest.fixture
async def two_changes(admin: Desk, clock: FrozenClock, school: None) -> None:
    """Recorded on Monday: SO from August. Recorded on Tuesday: it was VSO from June already."""
    for moment, type_, day in ((MONDAY, "SO", "2022-08-01"), (TUESDAY, "VSO", "2022-06-01")):
        clock.moment = moment
        await admin.did("/sites/99HH00/types", {"schoolType": type_, "validFrom": day})
    clock.moment = WEDNESDAY


BITEMPORAL = [
    # known at, valid on, type
    # before Monday nothing was known of a change
    ("2022-07-10T00:00:00Z", "2022-05-31", "SBO"),
    ("2022-07-10T00:00:00Z", "2022-09-01", "SBO"),
    # on Monday only of August
    ("2022-07-11T12:00:00Z", "2022-06-15", "SBO"),
    ("2022-07-11T12:00:00Z", "2022-08-01", "SO"),
    # on Tuesday also of June, which does not undo August
    ("2022-07-12T12:00:00Z", "2022-05-31", "SBO"),
    ("2022-07-12T12:00:00Z", "2022-06-01", "VSO"),
    ("2022-07-12T12:00:00Z", "2022-07-31", "VSO"),
    ("2022-07-12T12:00:00Z", "2022-08-01", "SO"),
    ("2022-07-12T14:00:00+02:00", "2022-06-01", "VSO"),
]


async def test_a_site_is_what_was_known_then_about_that_day(admin: Desk, two_changes: None) -> None:
    for known_at, valid_on, school_type in BITEMPORAL:
        site = await admin.read("/sites/99HH00", knownAt=known_at, validOn=valid_on)
        assert site["schoolType"] == school_type, (known_at, valid_on)


async def test_what_was_not_yet_known_or_does_not_hold_is_not_found(admin: Desk, school: None) -> None:
    assert (await admin.get("/sites/99HH00", knownAt="2022-07-01T00:00:00Z")).status_code == 404
    assert (await admin.get("/sites/99HH00", validOn="2021-12-31")).status_code == 404
    assert (await admin.read("/sites", validOn="2021-12-31"))["items"] == []


async def test_a_closed_site_is_not_in_the_list_of_later_days(admin: Desk, school: None) -> None:
    await admin.did("/sites/99HH00/closure", {"validTo": "2022-06-30"})
    assert (await admin.read("/sites", validOn="2022-06-30"))["items"]
    assert (await admin.read("/sites"))["items"] == []
    assert (await admin.read("/sites/99HH00"))["validTo"] == "2022-06-30"


async def test_fte_is_that_of_the_day(admin: Desk, worker: None) -> None:
    await admin.did("/assignments", assignment_body())
    await admin.did("/assignments/HR-1/hours", {"hoursPerWeek": 36.0, "validFrom": "2022-06-01"})
    await admin.did("/assignments/HR-1/end", {"validTo": "2022-12-31"})
    for day, fte, hours in (("2022-05-31", 0.8, None), ("2022-06-01", 1.0, 36.0)):
        shown = await admin.read("/assignments/HR-1", validOn=day)
        assert (shown["fte"], shown["hoursPerWeek"], shown["validTo"]) == (fte, hours, "2022-12-31")
    types = [entry["type"].split(".")[-2] for entry in (await admin.read("/assignments/HR-1/history"))["items"]]
    assert types == ["worker-assigned-to-school", "assignment-hours-changed", "assignment-ended"]


async def test_history_says_what_was_recorded_when(admin: Desk, two_changes: None) -> None:
    history = (await admin.read("/sites/99HH00/history"))["items"]
    assert [(entry["version"], entry["recordedAt"][:10]) for entry in history] == [
        (1, "2022-07-05"),
        (2, "2022-07-11"),
        (3, "2022-07-12"),
    ]


async def test_lists_go_page_by_page_in_a_fixed_order(admin: Desk, school: None) -> None:
    for number in range(1, 6):
        await admin.did("/sites", site_body(site=f"99HH{number:02d}", municipality=KATWIJK, subRegion="DB"))
    found, cursor = [], None
    for _ in range(3):
        page = await admin.read("/sites", limit="2", count="true", **({"cursor": cursor} if cursor else {}))
        found += [site["site"] for site in page["items"]]
        cursor = page["nextCursor"]
        assert page["total"] == 6
    assert found == [f"99HH{number:02d}" for number in range(6)]
    assert cursor is None
    assert len((await admin.read("/sites", municipality=LEIDEN))["items"]) == 1
    assert len((await admin.read("/schools/99HH/sites"))["items"]) == 6


async def test_a_cursor_serves_its_own_list_alone(admin: Desk, school: None) -> None:
    await admin.did("/sites", site_body(site="99HH01"))
    cursor = (await admin.read("/sites", limit="1"))["nextCursor"]
    answer = await admin.get("/schools", limit="1", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-invalid")


async def test_the_switchboard_is_read_on_a_day(admin: Desk, participation: None) -> None:
    rules = {rule["rule"]: rule for rule in (await admin.read("/programmes/HR-JOS/rules"))["rules"]}
    assert len(rules) == 35
    assert rules["R-ONE-PROVIDER"]["severity"] == "BLOCK" and rules["R-ONE-PROVIDER"]["source"] == ["HR-07"]


READS = [
    "/municipalities",
    "/regions",
    "/schools",
    "/sites",
    "/providers",
    "/professionals",
    "/programmes",
    "/programmes/HR-JOS/rules",
    "/participations",
    "/participations/HR-JOS/99HH00/provider-choices",
    "/assignments",
    "/assignments/HR-1/history",
]


async def test_a_restart_rebuilds_the_same_directory(
    databases: Settings, clock: FrozenClock, keys: StaticKeys, serve: Serve, admin: Desk, worker: None
) -> None:
    await admin.did("/assignments", assignment_body())
    await admin.did("/participations/HR-JOS/99HH00/provider-choices", {"provider": CARDEA, "validFrom": FROM})
    before = [await admin.read(path) for path in READS]
    restarted = Desk(await serve(create_app(databases, clock, keys)), admin.token)
    assert [await restarted.read(path) for path in READS] == before


async def test_ready_says_when_the_directory_is(admin: Desk) -> None:
    await admin.read("/sites")
    assert (await admin.client.get("/readyz")).json()["checks"] == {"database": "ok", "directory": "ok"}


async def test_waiting_for_what_is_not_here_ends_in_503(admin: Desk) -> None:
    tokens = admin.client._transport.app.state.running.tokens  # type: ignore[attr-defined]
    ahead = tokens.seal({("registry", 1): 10_000})
    answer = await admin.get("/sites", atLeast=ahead)
    assert (answer.status_code, answer.json()["code"]) == (503, "not-yet-visible")
    other_log = tokens.seal({("contracts", 1): 10_000})
    assert (await admin.get("/sites", atLeast=other_log)).status_code == 200


async def test_what_is_recorded_is_not_overwritten_and_the_answer_teaches_what_to_do(admin: Desk) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        answer = await admin.client.request(method, "/registry/v1/sites/99HH00", headers={"Accept-Language": "en"})
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert "record with POST what changes" in answer.json()["detail"]
