"""What kpi writes by itself: definitions, once per version, and the closing of days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.kpi.catalogue import kpis, versions
from services.kpi.definitions import Basis, Definition, Over, Rule, shipped
from services.kpi.loops import Loops
from services.kpi.own import next_midnight
from services.kpi.standing import standing
from shared.domain.findings import Refused
from tests.kpi.office import Office


def changed(valid_from: date, formula: str) -> dict[str, Definition]:
    """KPI-HR-09 with another formula from a day on."""
    old = shipped()["KPI-HR-09"]
    rules = {Basis.EVENTS: Rule(formula=formula, over=Over.REGISTER)}
    return {old.id: old.model_copy(update={"valid_from": valid_from, "basis": rules})}


async def test_definitions_are_applied_once(office: Office) -> None:
    assert await office.running.own.apply_definitions() == 0
    async with office.running.pool.acquire() as connection:
        known = await kpis(connection)
    assert {kpi: [version.definition for version in found] for kpi, found in known.items()} == {
        kpi: [definition] for kpi, definition in shipped().items()
    }


async def test_a_period_is_computed_by_the_version_valid_on_its_first_day(office: Office) -> None:
    assert await office.running.own.apply_definitions(changed(date(2022, 7, 1), "balance(participation) * 10")) == 1
    await office.settled()
    async with office.running.pool.acquire() as connection:
        assert [version.number for version in await versions(connection, "KPI-HR-09")] == [1, 2]
    assert (await office.figure("KPI-HR-09", basis=Basis.EVENTS)).version == 1
    second = await office.figure("KPI-HR-09", basis=Basis.EVENTS, period="2022-H2")
    assert (second.version, second.value) == (2, 20)


async def test_an_old_formula_that_comes_back_is_a_version_again(office: Office) -> None:
    await office.running.own.apply_definitions(changed(date(2022, 7, 1), "balance(participation)"))
    assert await office.running.own.apply_definitions() == 1
    assert await office.running.own.apply_definitions() == 0


async def test_a_kpi_that_does_not_exist_is_refused_with_the_nearest(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        await office.figure("KPI-HR-4")
    hint = refused.value.findings[0].hint
    assert hint is not None and "KPI-HR-04" in hint.en
    assert refused.value.kind == "unknown"


async def test_the_loop_closes_a_day_when_the_clock_has_passed_midnight(office: Office) -> None:
    running = office.running
    loops = Loops(running.own, running.consumer, running.pool, office.clock)
    await loops.close_days()
    office.clock.move(next_midnight(office.clock.now()) - office.clock.now())
    await loops.close_days()
    await loops.close_days()
    await office.settled()
    async with running.pool.acquire() as connection:
        rows = await connection.fetch("select cut, day from app.cut order by day")
    assert [(row["cut"], row["day"]) for row in rows] == [
        ("2022-07-04", date(2022, 7, 4)),
        ("2022-07-05", date(2022, 7, 5)),
    ]


async def test_the_ledger_says_until_when_it_is_complete(office: Office) -> None:
    running = office.running
    await Loops(running.own, running.consumer, running.pool, office.clock).note_standing()
    office.clock.move(timedelta(seconds=30))
    async with running.pool.acquire() as connection:
        found = await standing(connection, "HR-JOS", office.clock.now())
    assert found.as_of is not None and found.lag_seconds is not None
    assert 30 <= found.lag_seconds < 32
    assert found.parked == 0


async def test_an_event_that_cannot_be_booked_is_parked_and_the_figures_say_so(office: Office) -> None:
    await office.logs.append(
        "registry", "pupil-count-recorded.v1", {"site": "99HA00", "count": "many", "validFrom": "x"}
    )
    await office.settled()
    assert (await office.figure("KPI-HR-03", basis=Basis.EVENTS)).completeness.parked == 1
    assert (await office.figure("KPI-HR-01")).value == 2


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2022, 7, 5, 21, 59, tzinfo=UTC), datetime(2022, 7, 5, 22, tzinfo=UTC)),
        (datetime(2022, 7, 5, 22, 0, tzinfo=UTC), datetime(2022, 7, 6, 22, tzinfo=UTC)),
        (datetime(2022, 1, 5, 22, 30, tzinfo=UTC), datetime(2022, 1, 5, 23, tzinfo=UTC)),
        (datetime(2022, 3, 26, 23, 30, tzinfo=UTC), datetime(2022, 3, 27, 22, tzinfo=UTC)),
    ],
)
def test_midnight_is_that_of_the_netherlands_summer_and_winter(now: datetime, midnight: datetime) -> None:
    assert next_midnight(now) == midnight
