"""The figures of the page "Jeugdhulp op school in cijfers", first half of 2022 (KPI-HR-01..09, 14)."""

from datetime import date

from services.kpi.definitions import Basis
from services.kpi.figure import Dimension, FigureStatus, State
from shared.domain.calendar import PeriodType
from tests.kpi.books import Books
from tests.kpi.page import PLACES, SITES, spread

PAGE = {
    "KPI-HR-01": "15",
    "KPI-HR-02": "73%",
    "KPI-HR-03": "1.611",
    "KPI-HR-04": "412",
    "KPI-HR-05": "25,6%",
    "KPI-HR-06": "87%",
    "KPI-HR-07": "13%",
    "KPI-HR-08": "47%",
    "KPI-HR-09": "13,76",
    "KPI-HR-14": "9",
    "KPI-HR-14-HOSTING": "7",
    "KPI-HR-14-PROVIDERS": "5",
}


async def test_the_page_comes_out_as_in_the_source(page: Books) -> None:
    assert {kpi: (await page.figure(kpi)).text() for kpi in PAGE} == PAGE


async def test_both_ways_give_the_same_page(page: Books) -> None:
    for kpi in ("KPI-HR-03", "KPI-HR-04", "KPI-HR-05", "KPI-HR-06", "KPI-HR-07", "KPI-HR-08", "KPI-HR-09"):
        delivered = await page.figure(kpi, basis=Basis.DELIVERED)
        derived = await page.figure(kpi, basis=Basis.EVENTS)
        assert (derived.numerator, derived.denominator) == (delivered.numerator, delivered.denominator), kpi
        assert derived.basis is Basis.EVENTS
        assert not delivered.warnings


async def test_numerators_and_denominators_come_with_every_share(page: Books) -> None:
    found = {kpi: await page.figure(kpi) for kpi in ("KPI-HR-02", "KPI-HR-05", "KPI-HR-06", "KPI-HR-07", "KPI-HR-08")}
    parts = {kpi: (figure.numerator, figure.denominator) for kpi, figure in found.items()}
    assert parts == {
        "KPI-HR-02": (11, 15),
        "KPI-HR-05": (412, 1611),
        "KPI-HR-06": (358, 412),
        "KPI-HR-07": (54, 412),
        "KPI-HR-08": (194, 412),
    }


async def test_four_schools_are_missing_and_named(page: Books) -> None:
    complete = (await page.figure("KPI-HR-03")).completeness
    assert (complete.reporting, complete.expected) == (11, 15)
    assert [(school.site, school.name) for school in complete.missing] == [
        (SITES[number], f"School {number + 1}") for number in range(11, 15)
    ]


async def test_a_figure_says_what_it_rests_on(page: Books) -> None:
    figure = await page.figure("KPI-HR-04")
    assert (figure.state, figure.status, figure.sign) == (State.OK, FigureStatus.PROVISIONAL, "*")
    assert (figure.basis, figure.version, figure.target.state, figure.baseline.state) == (
        Basis.DELIVERED,
        1,
        "NOT_SET",
        "MISSING",
    )


async def test_schools_by_type(page: Books) -> None:
    found = await page.figures("KPI-HR-01", by=(Dimension.SCHOOL_TYPE,))
    assert {figure.key[0].code: figure.value for figure in found} == {"SBO": 4, "SO": 5, "VSO": 5, "SO_VSO": 1}


async def test_retracting_an_incidental_trajectory_takes_one_away(page: Books) -> None:
    page.retracted(incidental(page))
    await page.post()
    assert await stock(page) == (411, 358, 53)


async def test_correcting_incidental_to_structural_moves_one(page: Books) -> None:
    page.corrected(incidental(page), {"duration": "STRUCTURAL", "form": "GROUP"})
    await page.post()
    assert await stock(page) == (412, 359, 53)


async def test_a_start_corrected_after_its_end_moves_one_all_the_same(page: Books) -> None:
    start = incidental(page)
    case, subject = start.columns.case, start.columns.subject
    assert case is not None and subject is not None
    page.ended(case, subject.int, date(2022, 3, 31), site=start.columns.school or "")
    page.corrected(start, {"duration": "STRUCTURAL", "form": "GROUP"})
    await page.post()
    assert await stock(page) == (412, 359, 53)
    assert await stock(page, "2022-Q2") == (411, 358, 53)


async def test_pushing_everything_a_second_time_changes_nothing(page: Books) -> None:
    before = [await page.rows(table) for table in ("incoming", "posting", "cell", "fact", "site_span")]
    for log, events in page.logs.items():
        await page.apply(log, events)
    assert [await page.rows(table) for table in ("incoming", "posting", "cell", "fact", "site_span")] == before


async def test_a_trajectory_open_over_two_half_years_counts_in_both(page: Books) -> None:
    page.started("long", 9001, date(2022, 6, 30), site=SITES[0])
    page.ended("long", 9001, date(2022, 7, 1), site=SITES[0])
    await page.post()
    assert [(await page.figure("KPI-HR-04", period, Basis.EVENTS)).value for period in ("2022-H1", "2022-H2")] == [
        413,
        413,
    ]
    assert (await page.figure("KPI-HR-04", "2022-08", Basis.EVENTS)).value == 412


async def test_a_school_that_delivers_another_number_is_named_with_both(page: Books) -> None:
    page.delivered(SITES[0], (147, 40, 33, 7, 18, 1.25), page.logs["kpi"][-11])
    await page.post()
    figure = await page.figure("KPI-HR-04")
    assert figure.value == 412 + 40 - 38
    [warning] = figure.warnings
    assert (warning.site, warning.name, warning.delivered, warning.events) == (SITES[0], "School 1", 40, 38)
    assert warning.text().en == "School 1: delivered 40, from events 38"


async def test_the_second_delivery_of_a_school_replaces_the_first(page: Books) -> None:
    page.delivered(SITES[0], (200, 0, 0, 0, 0, 0), page.logs["kpi"][-11])
    await page.post()
    assert (await page.figure("KPI-HR-02")).numerator == 11
    assert (await page.figure("KPI-HR-03")).value == 1611 - 147 + 200


async def test_a_delivery_counts_for_its_own_period_alone(page: Books) -> None:
    figure = await page.figure("KPI-HR-03", "2022-Q2", Basis.DELIVERED)
    assert (figure.state, figure.reason, figure.value, figure.sign) == (State.NO_DATA, "NOT_REPORTED", None, ".")
    assert figure.text() == "."


async def test_nobody_reporting_is_no_number_and_no_zero(page: Books) -> None:
    figure = await page.figure("KPI-HR-06", "2021")
    assert (figure.value, figure.state, figure.reason) == (None, State.NOT_COMPUTABLE, "NOT_DEFINED")
    by_school = await page.figures("KPI-HR-04", by=(Dimension.SCHOOL,))
    assert [figure.state for figure in by_school] == [State.OK] * 11 + [State.NO_DATA] * 4


async def test_a_ratio_over_nothing_is_no_number(books: Books) -> None:
    books.site("99HA00")
    books.delivered("99HA00", (0, 0, 0, 0, 0, 0))
    await books.post()
    figure = await books.figure("KPI-HR-05")
    assert (figure.value, figure.state, figure.reason) == (None, State.NOT_COMPUTABLE, "ZERO_DENOMINATOR")
    assert (await books.figure("KPI-HR-04")).value == 0


async def test_a_figure_by_place_and_quarter_comes_in_order(page: Books) -> None:
    found = await page.figures("KPI-HR-04", by=(Dimension.MUNICIPALITY,), per=PeriodType.QUARTER)
    assert [figure.period.code for figure in found] == ["2022-Q1"] * 7 + ["2022-Q2"] * 7
    assert [figure.key[0].code for figure in found[:7]] == sorted({f"GM{place:04}" for place in PLACES})
    assert sum(figure.value or 0 for figure in found[:7]) == 412


async def test_a_filter_keeps_to_some_places(page: Books) -> None:
    figure = await page.figure("KPI-HR-03", where={Dimension.MUNICIPALITY: ["GM0534", "GM0537"]})
    assert figure.value == sum(spread(1611, 11)[:3])
    assert (figure.completeness.expected, figure.completeness.reporting) == (3, 3)
    assert (await page.figure("KPI-HR-03", where={Dimension.SCHOOL: [SITES[14]]}, basis=Basis.DELIVERED)).value is None


def incidental(page: Books):  # type: ignore[no-untyped-def]
    """The start of an incidental trajectory."""
    return next(event for event in page.logs["interventions"] if "INCIDENTAL" in event.payload)


async def stock(page: Books, period: str = "2022-H1") -> tuple[object, object, object]:
    """Recipients, structural and incidental, from events."""
    structural = await page.figure("KPI-HR-06", period, Basis.EVENTS)
    others = await page.figure("KPI-HR-07", period, Basis.EVENTS)
    return structural.denominator, structural.numerator, others.numerator
