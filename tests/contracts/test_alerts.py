"""Alerts: one clock walks from the first day of school year 2026-2027 through 2033, and every new alert is noted."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from services.contracts import break_option, extension, notice
from services.contracts.alerts import Alert, AlertKind, alerts
from services.contracts.facts import Facts
from services.contracts.parts import Contract, Covered, Scope
from services.contracts.rounds import Delivered
from shared.clock import FrozenClock, today
from tests.contracts.given import (
    DRAFT,
    LAST_MOMENT,
    MIDDEN,
    NOORD,
    NOW,
    TODAY,
    after,
    extended,
    first_summer_day,
    signed,
)
from tests.contracts.given import notice as given
from tests.contracts.told import (
    HAAGLANDEN,
    PROGRAMME,
    Json,
    assigned,
    hours_changed,
    joined,
    rule,
    stored,
    told,
    verified,
)

START = datetime(2026, 8, 1, 10, tzinfo=UTC)
DAYS = (datetime(2033, 12, 31, tzinfo=UTC) - START).days + 1

STAFFED = (
    rule("R-STAFF-MIN2", "FLAG", minimum=2),
    rule("R-PRESENCE", "FLAG", hoursPerWeek=30, basis="HOURS"),
    joined(MIDDEN),
    assigned("m-1", MIDDEN, 18),
    assigned("m-2", MIDDEN, 12, last="2026-11-30"),
    assigned("m-3", MIDDEN, 12, first="2027-01-11"),
    verified("m-1", "2027-03-31"),
    verified("m-3", "2040-12-31"),
)


def cadence(cadence: str) -> tuple[str, Json]:
    """The programme asks for figures after each of these periods."""
    configuration = {"holidayRegion": "MIDDEN", "cadence": cadence}
    told = {"programme": PROGRAMME, "region": "HGL", "configuration": configuration, "validFrom": "2022-01-01"}
    return ("programme-defined.v1", told)


def deliveries(site: str, *periods: str, known: Delivered | None = None) -> Delivered:
    """A school delivered for these periods."""
    delivered = known or Delivered()
    told_twice = [
        stored(number, "data-delivery-submitted.v1", {"programme": PROGRAMME, "site": site, "period": period})
        for number, period in enumerate([*periods, *periods], start=1)
    ]
    delivered.apply("kpi", told_twice)
    return delivered


def walk(contracts: Sequence[Contract], facts: Facts, delivered: Delivered) -> Iterator[tuple[str, Alert]]:
    """Each alert on the first day it is there, by the clock's own day."""
    clock, seen = FrozenClock(START), set[str]()
    for _ in range(DAYS):
        day = today(clock)
        for alert in alerts(day, contracts, facts, [PROGRAMME], delivered):
            if alert.id not in seen:
                seen.add(alert.id)
                yield str(day), alert
        clock.move(by=timedelta(days=1))


def told_on(
    contracts: Sequence[Contract], *facts: tuple[str, Json], delivered: Delivered | None = None
) -> list[tuple[str, str, int | None]]:
    """The day, kind and lead of every alert, in order."""
    found = walk(contracts, told(*HAAGLANDEN, *facts), delivered or Delivered())
    return [(day, str(alert.kind), alert.months) for day, alert in found]


def test_an_undecided_contract_warns_for_its_notice_and_its_extension() -> None:
    assert told_on([signed()]) == [
        ("2026-08-01", "NOTICE_DEADLINE", 6),
        ("2026-08-01", "EXTENSION_DECISION", 12),
        ("2026-09-30", "NOTICE_DEADLINE", 3),
        ("2026-11-30", "NOTICE_DEADLINE", 1),
        ("2027-01-31", "EXTENSION_DECISION", 6),
        ("2027-04-30", "EXTENSION_DECISION", 3),
        ("2027-06-30", "EXTENSION_DECISION", 1),
    ]


def test_an_extended_contract_with_a_break_option_warns_for_both_and_for_its_end_in_2033() -> None:
    option = break_option.AgreeBreakOption(agreed_on=TODAY, year=2029, scope=Scope.WHOLE)
    state = after(extended(), break_option.agree(option, extended(), TODAY))

    assert told_on([state]) == [
        ("2026-08-01", "NOTICE_DEADLINE", 6),
        ("2026-09-30", "NOTICE_DEADLINE", 3),
        ("2026-11-30", "NOTICE_DEADLINE", 1),
        ("2027-12-31", "NOTICE_DEADLINE", 12),
        ("2028-06-30", "NOTICE_DEADLINE", 6),
        ("2028-09-30", "NOTICE_DEADLINE", 3),
        ("2028-11-30", "NOTICE_DEADLINE", 1),
        ("2032-07-31", "TERM_ENDS", 12),
        ("2033-01-31", "TERM_ENDS", 6),
        ("2033-04-30", "TERM_ENDS", 3),
        ("2033-06-30", "TERM_ENDS", 1),
    ]


def test_everything_that_a_region_is_told_until_the_end_of_2033() -> None:
    """Notice for one school, a lapsing registration, six weeks with too few people, and a round that nobody delivered.

    The contract ends with term 1; its provider is replaced two years later.
    """
    leave = extension.Decide(extended=False, decided_on=TODAY)
    state = after(signed(), extension.decide(leave, signed(), TODAY, first_summer_day, True))
    stopped = after(state, list(notice.give(given(LAST_MOMENT, MIDDEN), state, NOW, first_summer_day)))
    later = DRAFT.model_copy(
        update={
            "contract": "HGL-2",
            "valid_from": date(2029, 8, 1),
            "valid_to": date(2033, 7, 31),
            "plan": None,
            "schools": (Covered(site=MIDDEN, valid_from=date(2029, 8, 1)),),
        }
    )
    rounds = [str(year) for year in (2026, 2028, 2029, 2030, 2031)]

    found = told_on([stopped, signed(later)], *STAFFED, cadence("YEARLY"), delivered=deliveries(MIDDEN, *rounds))

    assert found == [
        ("2026-08-01", "NOTICE_DEADLINE", 6),
        ("2026-08-01", "TERM_ENDS", 12),
        ("2026-09-30", "NOTICE_DEADLINE", 3),
        ("2026-11-30", "NOTICE_DEADLINE", 1),
        ("2026-12-01", "STAFFING_BELOW_MINIMUM", None),
        ("2026-12-31", "REGISTRATION_LAPSES", None),
        ("2027-01-17", "MISSING_PROVIDER", None),
        ("2027-01-31", "TERM_ENDS", 6),
        ("2027-04-30", "TERM_ENDS", 3),
        ("2027-06-30", "TERM_ENDS", 1),
        ("2028-01-31", "ROUND_BEHIND", None),
        ("2032-07-31", "TERM_ENDS", 12),
        ("2033-01-31", "ROUND_BEHIND", None),
        ("2033-01-31", "TERM_ENDS", 6),
        ("2033-02-01", "MISSING_PROVIDER", None),
        ("2033-04-30", "TERM_ENDS", 3),
        ("2033-06-30", "TERM_ENDS", 1),
    ]


def test_who_stops_before_a_registration_lapses_is_no_reason_to_warn() -> None:
    facts = (assigned("m-1", MIDDEN, 18, last="2027-03-31"), verified("m-1", "2027-03-31"))

    assert told_on([], *facts) == []
    assert [kind for _, kind, _ in told_on([], *facts, assigned("m-1", NOORD, 6))] == ["REGISTRATION_LAPSES"]


@pytest.mark.parametrize("last", [None, "2027-12-31"])
def test_hours_count_from_the_day_on_which_they_change(last: str | None) -> None:
    """Also those of an assignment with a last day, and by the programme's own full-time week."""
    fewer = hours_changed("m-1", MIDDEN, "2027-02-01", fte=0.4, last=last)
    facts = told(
        *HAAGLANDEN,
        rule("R-PRESENCE", "FLAG", hoursPerWeek=30, basis="HOURS"),
        joined(MIDDEN),
        assigned("m-1", MIDDEN, 30, last=last),
        fewer,
    )

    def short(day: date) -> list[tuple[str, date]]:
        found = alerts(day, [extended()], facts, [PROGRAMME], Delivered())
        return [(one.text.en, one.due_on) for one in found if one.kind is AlertKind.STAFFING_BELOW_MINIMUM]

    assert short(date(2027, 1, 31)) == []
    assert short(date(2027, 3, 1)) == [("99HM00 has 1 workers and 16.0 hours a week; asked 0 and 30", date(2027, 2, 1))]


def test_a_round_says_how_many_of_the_schools_delivered_until_all_have() -> None:
    facts = told(*HAAGLANDEN, cadence("YEARLY"), joined(MIDDEN), joined(NOORD))
    day = date(2027, 1, 31)

    def texts(on: date, delivered: Delivered) -> list[tuple[str, str]]:
        found = alerts(on, [extended()], facts, [PROGRAMME], delivered)
        return [(one.id, one.text.nl) for one in found if one.kind is AlertKind.ROUND_BEHIND]

    one_of_two = deliveries(MIDDEN, "2026")
    assert texts(day - timedelta(days=1), one_of_two) == []
    assert texts(day, one_of_two) == [
        ("round-behind.HG-COLLECTIEF.2026", "over 2026 hebben 1 van 2 scholen aangeleverd")
    ]
    assert texts(date(2028, 1, 30), one_of_two) == texts(day, one_of_two)
    assert texts(day, deliveries(NOORD, "2026", known=one_of_two)) == []


def test_a_school_without_a_contract_is_told_from_its_first_day_and_until_it_has_one() -> None:
    facts = told(*HAAGLANDEN, joined(MIDDEN))

    [missing] = alerts(TODAY, [], facts, [PROGRAMME], Delivered())

    assert (missing.kind, missing.site, str(missing.due_on)) == ("MISSING_PROVIDER", MIDDEN, "2026-08-01")
    assert alerts(TODAY, [extended()], facts, ["ANOTHER"], Delivered()) != [missing]
    assert [one for one in alerts(TODAY, [extended()], facts, [PROGRAMME], Delivered()) if one.site] == []


def test_a_notice_of_the_whole_contract_ends_the_warnings_for_notice_and_extension() -> None:
    state = after(signed(), list(notice.give(given(LAST_MOMENT), signed(), NOW, first_summer_day)))

    kinds = {kind for _, kind, _ in told_on([state])}

    assert kinds == {"TERM_ENDS"}
