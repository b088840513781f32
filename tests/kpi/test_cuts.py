"""As known on: a cut at every midnight, and an answer that never changes afterwards."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.kpi import cuts
from services.kpi.answer import ask
from services.kpi.definitions import Basis, Over, Rule
from services.kpi.figure import Dimension
from services.kpi.figures import figures
from services.kpi.own import next_midnight
from services.kpi.question import Question
from services.kpi.rebuild import rebuild
from shared.domain.calendar import period
from shared.domain.findings import Refused
from shared.log.events import Columns, StoredEvent
from shared.settings import Settings
from tests.kpi.books import PROVIDER, Books
from tests.kpi.office import Office

DAYS = [date(2022, 7, 5), date(2022, 7, 6), date(2022, 7, 7)]


async def record(office: Office, *cases: int) -> None:
    """The provider records trajectories of the first half year."""
    for case in cases:
        columns = {"programme": "HR-JOS", "school": "99HA00", "provider": PROVIDER, "kind": "TRAJECTORY"}
        started = Columns(day=date(2022, 2, 1), case=f"t{case}", subject=UUID(int=case), **columns)
        data = {"duration": "STRUCTURAL", "form": "GROUP"}
        await office.logs.append("interventions", "support-trajectory-started.v1", data, started)
    await office.settled()


async def next_day(office: Office) -> None:
    """The clock strikes midnight in the Netherlands, and a little after."""
    now = office.clock.now()
    office.clock.move(next_midnight(now) - now + timedelta(hours=10))
    await office.running.own.close_day()
    await office.settled()


async def recipients(office: Office, known_on: date | str | None) -> object:
    """What HR-04 was known to be, from events."""
    return (await office.figure("KPI-HR-04", basis=Basis.EVENTS, as_known_on=known_on)).value


async def test_as_known_on_gives_each_day_its_own_answer_for_ever(office: Office, databases: Settings) -> None:
    for number in range(3):
        await record(office, 2 * number, 2 * number + 1)
        await next_day(office)
    await record(office, 99)
    assert [await recipients(office, day) for day in DAYS] == [2, 4, 6]
    assert await recipients(office, None) == 7
    await rebuild(databases)
    await rebuild(databases, from_log=True)
    assert [await recipients(office, day) for day in DAYS] == [2, 4, 6]


async def test_a_school_that_changes_type_was_known_as_it_was(office: Office) -> None:
    await next_day(office)
    await office.logs.append(
        "registry", "school-type-changed.v1", {"site": "99HA00", "schoolType": "VSO", "validFrom": "2022-01-01"}
    )
    await office.settled()
    await next_day(office)
    for day, types in ((DAYS[0], {"SBO": 2}), (DAYS[1], {"SBO": 1, "VSO": 1})):
        assert await schools_by_type(office, day) == types
    assert await schools_by_type(office, None) == {"SBO": 1, "VSO": 1}


async def schools_by_type(office: Office, known_on: date | None) -> dict[str, int]:
    """Participating schools per type."""
    async with office.running.pool.acquire() as connection:
        found = await figures(
            connection,
            "KPI-HR-01",
            "HR-JOS",
            "2022-H1",
            now=office.clock.now(),
            by=(Dimension.SCHOOL_TYPE,),
            as_known_on=known_on,
        )
    return {figure.key[0].code: int(figure.value or 0) for figure in found}


async def test_a_day_that_is_not_over_cannot_be_asked_for(office: Office) -> None:
    await next_day(office)
    for day in (DAYS[1], date(2030, 1, 1)):
        with pytest.raises(Refused) as refused:
            await recipients(office, day)
        assert refused.value.findings[0].code == "cut-unknown"
    with pytest.raises(Refused):
        await recipients(office, "no-such-cut")


async def test_a_day_without_a_cut_of_its_own_is_answered_by_the_one_before(office: Office) -> None:
    """kpi was down for two midnights: what it had applied before is what was known."""
    await record(office, 1)
    await next_day(office)
    office.clock.move(timedelta(days=1))
    await next_day(office)
    await record(office, 2)
    assert [await recipients(office, day) for day in DAYS] == [1, 1, 1]


async def test_a_cut_can_be_made_at_any_moment_and_named(office: Office) -> None:
    await record(office, 1)
    name = await office.running.own.record_cut("PERIOD_CLOSED")
    await record(office, 2)
    figure = await office.figure("KPI-HR-04", basis=Basis.EVENTS, as_known_on=name)
    assert (figure.value, figure.known_on, figure.lag_seconds) == (1, name, None)


async def test_midnight_is_closed_once(office: Office) -> None:
    await next_day(office)
    assert await office.running.own.close_day() is None
    await office.settled()
    async with office.running.pool.acquire() as connection:
        cuts = await connection.fetch("select day, reason from app.cut order by day")
    assert [(row["day"], row["reason"]) for row in cuts] == [(date(2022, 7, 4), "MIDNIGHT"), (DAYS[0], "MIDNIGHT")]


async def test_a_restart_on_the_first_day_takes_nothing_of_today_for_known_yesterday(office: Office) -> None:
    await record(office, 1)
    assert await office.running.own.close_day() is None
    with pytest.raises(Refused) as refused:
        await recipients(office, date(2022, 7, 4))
    assert refused.value.findings[0].code == "kpi-unknown"


async def test_what_was_parked_at_the_cut_stays_out_of_it(books: Books) -> None:
    """An event set aside then, and its correction's undoing of it, are not counted as known after all."""
    books.site("99HA00")
    early = books.contact(date(2022, 2, 1), 60)
    wrong = books.contact(date(2022, 2, 1), 30)
    books.corrected(wrong, {}, kind="COACHING")
    await books.apply("registry", books.logs["registry"])
    await books.apply("interventions", [each for each in books.logs["interventions"] if each is not wrong])
    cut(books, parked=wrong)
    await books.post_only("kpi")
    before = await minutes(books, "c1")
    await books.apply("interventions", [wrong])
    assert before == await minutes(books, "c1") == {"GROUP": 1, "COACHING": 1}
    assert await minutes(books, None) == {"GROUP": 1, "COACHING": 1}
    assert early


def cut(books: Books, parked: StoredEvent) -> None:
    """A cut of everything that is written, with one event set aside."""
    places = [{"log": log, "shard": 1, "position": len(events)} for log, events in books.logs.items()]
    aside = [{"log": "interventions", "shard": 1, "position": parked.position.number}]
    payload = {"cut": "c1", "reason": "TEST", "day": None, "positions": places, "parked": aside}
    books.write("kpi", "cut-recorded.v1", payload)


async def minutes(books: Books, known_on: str | None) -> dict[str, int]:
    """Interventions per kind, by the language itself."""
    known = await cuts.find(books.connection, known_on) if known_on else None
    question = Question("HR-JOS", (period("2022-H1"),), 0, (Dimension.KIND,), cut=known)
    rule = Rule(formula="total(interventions)", over=Over.REGISTER)
    answer = await ask(books.connection, question, rule)
    [word] = rule.parts()
    return {key[0]: int(amounts[word]) for (_, key), amounts in answer.amounts.items() if amounts[word]}
