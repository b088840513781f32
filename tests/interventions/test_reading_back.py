"""What a provider reads back: its events with their corrections, its receipts, its findings, the catalogue."""

import httpx
import pytest
from pydantic import TypeAdapter

from services.interventions.catalogue import EVENT_TYPES
from services.interventions.codes import CODE_LISTS
from services.interventions.running import Running
from shared.clock import FrozenClock
from shared.log.heads import heads_file, written_heads
from shared.settings import Settings
from tests.interventions.conftest import BASE, AProvider, Provider
from tests.interventions.given import AJ, CARDEA, JOB, correction, event, retraction, source_of


async def test_own_events_come_in_order_of_acceptance(aj: Provider) -> None:
    late, early = event("group", "e-1", occurredOn="2022-06-01"), event("group", "e-2", occurredOn="2022-01-10")
    await aj.created(late, early, event("individual", "e-3"))
    first = await aj.get("/events", limit="2")
    assert [one["id"] for one in first.json()["items"]] == ["e-1", "e-2"]
    assert 'rel="next"' in first.headers["link"]
    second = await aj.read("/events", limit="2", cursor=first.json()["nextCursor"])
    assert ([one["id"] for one in second["items"]], second["nextCursor"]) == (["e-3"], None)


async def test_one_is_found_by_source_and_id_with_its_corrections(aj: Provider) -> None:
    await aj.created(
        event("individual", "e-1"),
        event("individual", "e-2"),
        correction("e-3", "e-1", "individual", minutes=5),
        retraction("e-4", "e-3"),
    )
    for id_ in ("e-1", "e-3", "e-4"):
        found = (await aj.read("/events", source=source_of(), id=id_))["items"]
        assert [one["id"] for one in found] == ["e-1", "e-3", "e-4"]
        assert {one["corrects"] for one in found[1:]} == {found[0]["eventId"]}
    assert (await aj.read("/events", source=source_of(), id="e-9"))["items"] == []
    assert len((await aj.read("/events", source=source_of()))["items"]) == 4
    assert [one["id"] for one in (await aj.read("/events", id="e-2"))["items"]] == ["e-2"]


async def test_one_event_by_its_id_shows_no_reference(aj: Provider) -> None:
    [created] = await aj.created(event("crisis", "e-1"))
    shown = await aj.read(f"/events/{created['eventId']}")
    assert shown["data"]["minutes"] == 90
    assert "pupilRef" not in shown["data"]
    assert [finding["code"] for finding in shown["findings"]] == ["kind-not-mentioned"]
    assert (await aj.get("/events/nonsense")).status_code == 400


async def test_findings_are_listed_with_their_event(aj: Provider) -> None:
    [body] = await aj.created(event("crisis", "e-1"))
    other = (await aj.push(event("group", "e-2"))).json()
    found = await aj.read("/findings", atLeast=other["token"])
    [finding] = found["items"]
    assert (finding["code"], finding["severity"], finding["eventId"]) == ("kind-not-mentioned", "FLAG", body["eventId"])
    assert finding["title"] and finding["explanation"]


async def test_a_token_is_opaque_and_of_use(aj: Provider, running: Running) -> None:
    body = (await aj.push(event("group", "e-1"))).json()
    assert running.tokens.open(body["token"]) == {("interventions", 1): 1}
    again = (await aj.push(event("group", "e-1"))).json()
    assert running.tokens.open(again["token"]) == {("interventions", 1): 1}
    assert (await aj.push(event("group", "e-2", staff=[JOB]))).json()["token"] is None


async def test_every_example_of_the_catalogue_can_be_sent(aj: Provider) -> None:
    items = (await aj.read("/event-types"))["items"]
    assert [one["type"] for one in items] == list(EVENT_TYPES)
    stopped = next(one["example"] for one in items if "stopped" in one["type"])
    for one in items:
        if one["example"] is not stopped:
            answer = await aj.push(one["example"])
            assert answer.status_code == 201, (one["type"], answer.text)
    other = {**stopped, "data": {**stopped["data"], "trajectory": "t-4712"}}
    assert (await aj.push(event("start", "e-1", trajectory="t-4712"))).status_code == 201
    assert (await aj.push(other)).status_code == 201


async def test_examples_have_the_callers_own_site_and_staff(provider: AProvider) -> None:
    name = "nl.jeugdhulp-op-school.group-intervention-recorded.v1"
    mine = (await provider(AJ).read(f"/event-types/{name}"))["example"]
    assert (mine["source"], mine["data"]["siteCode"]) == (source_of(AJ), "99HA00")
    strangers = (await provider(CARDEA).read(f"/event-types/{name}"))["example"]
    assert strangers["source"] == source_of(CARDEA)
    assert (await provider(AJ).get("/event-types/nope")).status_code == 404


async def test_schemas_name_what_is_required_and_the_codes(aj: Provider) -> None:
    shown = await aj.read("/event-types/nl.jeugdhulp-op-school.individual-intervention-recorded.v1")
    schema = shown["dataSchema"]
    assert {"programme", "siteCode", "minutes", "staff", "mode", "pupilRef"} == set(schema["required"])
    assert schema["additionalProperties"] is False
    assert "GUIDANCE" in str(schema["properties"]["mode"])


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_code_lists_speak_both_languages(aj: Provider, language: str) -> None:
    answer = await aj.client.get(f"{BASE}/code-lists", headers={**aj.who(), "Accept-Language": language})
    shown = answer.json()
    assert shown["date"] == CODE_LISTS.date.isoformat()
    settings = next(one for one in shown["items"] if one["name"] == "SETTING")
    assert {"code": "CLASS", "label": "Klas" if language == "nl" else "Class"} in settings["codes"]


async def test_the_description_names_the_hot_route_and_every_type(client: httpx.AsyncClient) -> None:
    document = (await client.get(f"{BASE}/openapi.json")).json()
    push = document["paths"][f"{BASE}/events"]["post"]
    assert set(push["responses"]) >= {"200", "201", "202", "207", "400", "401", "403", "409", "413", "415", "503"}
    assert document["components"]["schemas"]["PushedEvent"]["properties"]["type"]["enum"] == list(EVENT_TYPES)
    references = TypeAdapter(list[str]).validate_python(sorted(_references(document)))
    missing = [one for one in references if not _resolves(document, one)]
    assert missing == []


async def test_every_code_that_is_answered_is_explained(aj: Provider, clock: FrozenClock) -> None:
    answer = await aj.push(event("group", "e-1", activity="LEARNING_SUPPORT"))
    explained = await aj.client.get(answer.json()["type"], headers=aj.who())
    assert explained.json()["code"] == "R-EXCL-LEARNING"


def _references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(one) for one in value.values()))
    return set().union(*(_references(one) for one in value)) if isinstance(value, list) else set()


def _resolves(document: object, reference: str) -> bool:
    here = document
    for part in reference.removeprefix("#/").split("/"):
        if not isinstance(here, dict) or part not in here:
            return False
        here = here[part]
    return True


async def test_g07_the_head_is_written_outside_the_database_from_the_start(aj: Provider, databases: Settings) -> None:
    """G-07: a tail that is cut off later is noticed, in this log as in every other."""
    assert [head.position for head in written_heads(heads_file(databases, "interventions"))] == [0]
