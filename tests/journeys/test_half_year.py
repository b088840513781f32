"""The figures of the first half of 2022, and what each thing that may happen afterwards does to them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from jos.demo import figures
from jos.demo.clients import school_client
from jos.demo.events import half_year
from jos.demo.schools import PERIOD, PROGRAMME, SCHOOLS, Provider
from jos.demo.spread import deliveries
from jos.pushing import push
from tests.journeys.conftest import URLS, Installation

Json = dict[str, Any]
STARTED = "nl.jeugdhulp-op-school.support-trajectory-started.v1"
ENDED = ("completed.v1", "stopped.v1")
COUNTS = ("recipients", "structural", "incidental", "individual")


@pytest.mark.parametrize("basis", ["DELIVERED", "EVENTS"])
async def test_the_page_shows_the_figures_of_the_source(installation: Installation, basis: str) -> None:
    """HR-18..HR-27: what the newsletter prints, and what follows from it."""
    page = await installation.page(basis)

    assert [page[name] for name in COUNTS] == [412, 358, 54, 194]
    assert [round(page[f"{name}Share"]) for name in COUNTS[1:]] == [87, 13, 47]
    assert (page["pupils"], page["fte"], round(page["reach"], 1)) == (1611, 13.76, 25.6)
    assert (page["coverage"]["reporting"], page["coverage"]["expected"]) == (11, 15)
    reporting = {delivery.school.site for delivery in deliveries()}
    assert {one["siteCode"] for one in page["coverage"]["missing"]} == {s.site for s in SCHOOLS} - reporting
    assert {one["type"]["code"]: one["count"] for one in page["schoolsByType"]} == figures.BY_TYPE
    assert Counter(one["participates"] for one in page["municipalities"])[True] == 9
    assert Counter(one["hostsSchool"] for one in page["municipalities"])[True] == 7
    assert len(page["providers"]) == 5
    assert Counter(one["providerAssumed"] for one in page["schools"]) == {True: 12, False: 3}
    assert (page["status"], page["warnings"]) == ("PROVISIONAL", [])


async def test_retracting_one_incidental_trajectory_takes_one_recipient_away(installation: Installation) -> None:
    provider, started = next(lone_incidental(ended=False))

    await installation.push(provider.client, retraction(started))

    page = await installation.page("EVENTS")
    assert [page[name] for name in COUNTS[:3]] == [411, 358, 53]


async def test_retracting_the_start_of_a_trajectory_that_has_ended_leaves_nothing_of_it(
    installation: Installation,
) -> None:
    """G-14: the same as if it had never been sent."""
    provider, started = next(lone_incidental(ended=True))

    await installation.push(provider.client, retraction(started))

    page = await installation.page("EVENTS")
    assert [page[name] for name in COUNTS[:3]] == [411, 358, 53]


@pytest.mark.parametrize("ended", [False, True])
async def test_correcting_one_incidental_to_structural_moves_it(installation: Installation, ended: bool) -> None:
    """G-14: the same as if the original had been right, also when the trajectory has ended since."""
    provider, started = next(lone_incidental(ended=ended))

    await installation.push(provider.client, correction(started, duration="STRUCTURAL"))

    page = await installation.page("EVENTS")
    assert [page[name] for name in COUNTS[:3]] == [412, 359, 53]


async def test_everything_pushed_a_second_time_changes_nothing(installation: Installation) -> None:
    """G-04, G-10."""
    before = await installation.page("EVENTS")
    verdicts: Counter[str] = Counter()

    for provider, events in half_year(deliveries()).items():
        pushed = await push(installation.sign_in(provider.client), URLS["interventions"], events, lambda _: None)
        verdicts += pushed.counts
        installation.told.tokens["interventions"] = pushed.token

    assert set(verdicts) == {"duplicate"}
    assert await installation.page("EVENTS") == before


async def test_a_trajectory_that_is_open_over_two_half_years_counts_in_both(installation: Installation) -> None:
    before = [(await installation.page("EVENTS", period))["recipients"] for period in ("2022-H1", "2022-H2")]
    provider, started = next(lone_incidental(ended=False))
    again = started["data"] | {"trajectory": "t-2-halves", "pupilRef": "c-2-halves", "startedOn": "2022-06-30"}
    started |= {"time": "2022-07-05T09:00:00Z"}

    await installation.push(provider.client, started | {"id": "two-halves-1", "data": again})
    both = [(await installation.page("EVENTS", period))["recipients"] for period in ("2022-H1", "2022-H2")]
    ended = {"programme": PROGRAMME, "siteCode": again["siteCode"], "trajectory": "t-2-halves"}
    end = {**ended, "endedOn": "2022-06-30", "result": "REACHED"}
    await installation.push(
        provider.client,
        started | {"id": "two-halves-2", "type": STARTED.replace("started", "completed"), "data": end},
    )
    one = [(await installation.page("EVENTS", period))["recipients"] for period in ("2022-H1", "2022-H2")]

    assert [now - was for now, was in zip(both, before, strict=True)] == [1, 1]
    assert [now - was for now, was in zip(one, before, strict=True)] == [1, 0]


async def test_a_school_that_delivers_another_number_is_named(installation: Installation) -> None:
    delivery = deliveries()[3]
    more = {name: getattr(delivery, name) for name in ("pupils", *COUNTS)}
    more["recipients"] += 5
    more["structural"] += 5
    place = {"programme": PROGRAMME, "site": delivery.school.site, "period": PERIOD}
    answer = await installation.sign_in(school_client(delivery.school.site)).post(
        f"{URLS['kpi']}/data-deliveries", {**place, **more, "fte": float(delivery.fte), "synthetic": True}
    )
    assert answer.status_code == 201, answer.text
    installation.told.tokens["kpi"] = answer.json()["token"]

    page = await installation.page("DELIVERED")

    assert page["recipients"] == 417
    warned = [one for one in page["warnings"] if one["kpi"] == "KPI-HR-04"]
    assert [(one["school"]["siteCode"], one["delivered"], one["derived"]) for one in warned] == [
        (delivery.school.site, delivery.recipients + 5, delivery.recipients)
    ]
    assert delivery.school.name in warned[0]["text"]


async def test_as_known_on_gives_each_days_own_answer_for_ever(installation: Installation) -> None:
    """G-13, and architecture section 4: a cut's answer never changes afterwards."""
    first, second, *_ = lone_incidental(ended=False)
    days = [installation.clock.now().date()]
    pages = [await installation.page("EVENTS")]
    for provider, event in (
        (first[0], retraction(first[1])),
        (second[0], correction(second[1], duration="STRUCTURAL")),
    ):
        installation.clock.move(timedelta(days=1))
        await installation.day_closed()
        await installation.push(provider.client, event)
        days.append(installation.clock.now().date())
        pages.append(await installation.page("EVENTS"))
    installation.clock.move(timedelta(days=1))
    await installation.day_closed()

    assert [page["recipients"] for page in pages] == [412, 411, 411]
    assert [page["structural"] for page in pages] == [358, 358, 359]
    for _ in range(2):
        for day, page in zip(days, pages, strict=True):
            assert await installation.page("EVENTS", as_known_on=day.isoformat()) == page


def lone_incidental(*, ended: bool) -> Iterator[tuple[Provider, Json]]:
    """Starts of incidental trajectories of pupils who have no other, recorded right the first time."""
    for provider, events in half_year(deliveries()).items():
        pupils = Counter(event["data"]["pupilRef"] for event in events if event["type"] == STARTED)
        over = {event["data"]["trajectory"] for event in events if event["type"].endswith(ENDED)}
        changed = {(event["data"].get("corrects") or event["data"].get("retracts") or {}).get("id") for event in events}
        for event in events:
            data = event["data"]
            if (
                event["type"] == STARTED
                and data["duration"] == "INCIDENTAL"
                and pupils[data["pupilRef"]] == 1
                and event["id"] not in changed
                and (data["trajectory"] in over) is ended
            ):
                yield provider, event


def retraction(event: Json) -> Json:
    """Takes an event back."""
    data = {"retracts": {"source": event["source"], "id": event["id"]}, "reason": "ENTERED_IN_ERROR"}
    return event | {"id": f"r-{event['id']}", "type": "nl.jeugdhulp-op-school.event-retracted.v1", "data": data}


def correction(event: Json, **changed: object) -> Json:
    """The full new content of an event."""
    data = {"corrects": {"source": event["source"], "id": event["id"]}, "type": event["type"]}
    data["data"] = event["data"] | changed
    return event | {"id": f"c-{event['id']}", "type": "nl.jeugdhulp-op-school.event-corrected.v1", "data": data}
