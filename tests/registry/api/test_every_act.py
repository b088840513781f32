"""What holds for every act and every thing alike, whatever it is about."""

from datetime import UTC, datetime, timedelta

import pytest

from services.registry import kept
from services.registry.app import create_app
from shared.aggregate import Aggregate
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.settings import Settings
from tests.fixtures.services import Serve
from tests.registry.acts import ACTS, LISTS, READS
from tests.registry.api.test_rules import same
from tests.registry.conftest import At, Desk


@pytest.fixture
async def everything(admin: Desk, clock: FrozenClock, worker: None) -> None:
    """Every act was done, a day after the other."""
    for path, body in ACTS:
        clock.moment += timedelta(days=1)
        await admin.did(path, body)


async def test_every_act_is_shown_first_done_once_and_nothing_the_second_time(admin: Desk, worker: None) -> None:
    log = admin.client._transport.app.state.running.acts.log  # type: ignore[attr-defined]
    for number, (path, body) in enumerate(ACTS):
        before = await log.head()
        shown = await admin.post(f"{path}?dryRun=true", body)
        assert (shown.status_code, shown.json()["dryRun"]) == (200, True), (path, shown.text)
        assert await log.head() == before, path
        done = await admin.did(path, body, key=f"act-{number}")
        assert done["recorded"] == shown.json()["recorded"] != [], path
        assert done["token"], path
        repeated = await admin.post(path, body, key=f"act-{number}")
        assert (repeated.status_code, repeated.json()["recorded"]) == (201, done["recorded"]), path
        again = await admin.post(path, body)
        assert (again.status_code, again.json()["recorded"]) == (200, []), (path, again.text)


async def test_g21_every_act_of_another_region_answers_as_about_what_does_not_exist(
    admin: Desk, stranger: Desk, worker: None
) -> None:
    """G-21: whatever is recorded, the administrator of another region gets the answer of an empty registry."""
    before = [await stranger.post(path, body) for path, body in ACTS if "HR-JOS" in f"{path}{body}"]
    for path, body in ACTS:
        await admin.did(path, body)
    after = [await stranger.post(path, body) for path, body in ACTS if "HR-JOS" in f"{path}{body}"]
    assert len(before) > 10
    for one, other in zip(before, after, strict=True):
        assert one.status_code in (400, 404), one.text
        assert same(one, other), (one.text, other.text)


async def test_everything_is_read_as_it_was_known_then(admin: Desk, clock: FrozenClock, everything: None) -> None:
    """Two times for everything: before anything was recorded nobody knew, and the history says when and who."""
    for path in READS:
        history = (await admin.read(f"{path}/history"))["items"]
        assert history[0]["recordedBy"]["organisation"] == "region:HR", path
        first = datetime.fromisoformat(history[0]["recordedAt"])
        early = (first - timedelta(seconds=1)).astimezone(UTC).isoformat()
        assert (await admin.get(path, knownAt=early)).status_code == 404, path
        await admin.read(path, knownAt=history[0]["recordedAt"])


async def test_lists_hold_what_they_are_for_and_a_stranger_finds_nothing_of_people(
    admin: Desk, stranger: Desk, everything: None
) -> None:
    for path in LISTS:
        found = (await admin.read(path, validOn="2022-03-05", programme="HR-JOS", site="99HH00"))["items"]
        assert found or path in ("/introductions", "/presence"), path
        assert (await admin.read(path, programme="ZZ-JOS"))["items"] == [], path
    for path in ("/introductions", "/recruitment-involvements", "/absences", "/presence", "/teams"):
        assert (await stranger.read(path, validOn="2022-03-05"))["items"] == [], path


async def test_a_copy_that_is_rebuilt_is_the_copy_that_lived(
    databases: Settings, clock: FrozenClock, keys: StaticKeys, serve: Serve, admin: Desk, everything: None
) -> None:
    """Every stream gives the same state in a service that starts anew, and every read the same answer."""
    await admin.read("/schools")
    live = admin.client._transport.app.state.running.directory  # type: ignore[attr-defined]
    restarted = Desk(await serve(create_app(databases, clock, keys)), admin.token)
    await restarted.read("/schools")
    rebuilt = restarted.client._transport.app.state.running.directory  # type: ignore[attr-defined]
    assert live._streams.keys() == rebuilt._streams.keys() and live._streams
    for stream, history in live._streams.items():
        aggregate = aggregate_of({stored.type for stored in history})
        assert live.state(aggregate, stream) == rebuilt.state(aggregate, stream), stream
    for path in [*READS, *LISTS]:
        assert await restarted.read(path) == await admin.read(path), path


def aggregate_of(types: set[str]) -> Aggregate[object, object]:  # type: ignore[type-var]
    found = [one for one in vars(kept).values() if isinstance(one, Aggregate)]
    return next(one for one in found if types <= {event.full_type() for event in one.events})


async def test_a_school_records_its_own_plan_and_nobody_elses(admin: Desk, at: At, participation: None) -> None:
    plan = {"programme": "HR-JOS", "site": "99HH00", "validFrom": "2022-01-01"}
    other = at(organisation="brin:99HA", roles=["school"], schools=["99HA"])
    refused = await other.post("/action-plans", plan)
    assert (refused.status_code, refused.json()["code"]) == (400, "no-such-programme")
    own = at(organisation="brin:99HH", roles=["school"], schools=["99HH"])
    await own.did("/action-plans", plan)
    assert (await own.post("/schools", {"school": "99HA", "name": "A1", "validFrom": "2022-01-01"})).status_code == 403


async def test_a_municipality_records_plans_where_the_school_stands_in_it(
    admin: Desk, at: At, participation: None
) -> None:
    plan = {"programme": "HR-JOS", "site": "99HH00", "validFrom": "2022-01-01"}
    role = "municipal-account-holder"
    katwijk = at(organisation="gm:GM0537", roles=[role], municipalities=["GM0537"])
    assert (await katwijk.post("/action-plans", plan)).json()["code"] == "no-such-programme"
    leiden = at(organisation="gm:GM0546", roles=[role], municipalities=["GM0546"])
    await leiden.did("/action-plans", plan)


async def test_g21_registering_a_worker_tells_nothing_of_another_regions(admin: Desk, stranger: Desk) -> None:
    """G-21: a worker whom another region knows is registered as if nobody did, in the same words."""
    provider = {"provider": "kvknr:99990002", "name": "Cardea", "validFrom": "2022-01-01"}
    await admin.did("/providers", provider)
    person = {"provider": "kvknr:99990002", "staff": "m-77", "function": "YOUTH_WORKER", "validFrom": "2022-01-01"}
    await admin.did("/professionals", person)
    await admin.did(
        "/professionals/kvknr:99990002/m-77/registrations",
        {"register": "SKJ", "validFrom": "2022-01-01", "validTo": "2026-12-31"},
    )
    theirs = await stranger.did("/professionals", {**person, "function": "BEHAVIOURAL_SCIENTIST"})
    nobodys = await stranger.did("/professionals", {**person, "staff": "m-78", "function": "BEHAVIOURAL_SCIENTIST"})
    assert theirs["version"] == nobodys["version"] == 1
    assert theirs["result"] == {**nobodys["result"], "staff": "m-77"}
    assert (await admin.read("/professionals/kvknr:99990002/m-77"))["function"] == "YOUTH_WORKER"


async def test_a_municipality_that_merged_names_its_successor(admin: Desk, school: None) -> None:
    await admin.did("/municipalities", {"municipality": "GM0579", "name": "Oegstgeest", "validFrom": "2022-01-01"})
    await admin.did("/municipalities/GM0537/merger", {"successor": "GM0579", "validTo": "2022-12-31"})
    assert (await admin.read("/municipalities/GM0537"))["successor"] == "GM0579"
    site = {"site": "99HH07", "name": "De Late", "schoolType": "SBO", "municipality": "GM0537"}
    assert (await admin.post("/sites?dryRun=true", {**site, "validFrom": "2022-12-31"})).status_code == 200
    answer = await admin.post("/sites", {**site, "validFrom": "2023-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (400, "no-such-municipality")
    assert answer.json()["errors"][0]["hint"] == "GM0537 became a part of GM0579 after 2022-12-31"
