"""Alerts: one clock walks from the first day of school year 2026-2027 through 2033, and every new alert is noted."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from services.contracts import break_option, extension, notice
from services.contracts.alerts import Alert, alerts
from services.contracts.facts import Facts
from services.contracts.parts import Contract, Scope
from shared.clock import FrozenClock, today
from tests.contracts.given import LAST_MOMENT, MIDDEN, NOW, TODAY, after, extended, first_summer_day, signed
from tests.contracts.given import notice as given
from tests.contracts.told import HAAGLANDEN, PROGRAMME, assigned, joined, rule, told, verified

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


def walk(contracts: Sequence[Contract], facts: Facts) -> Iterator[tuple[str, Alert]]:
    """Each alert on the first day it is there, by the clock's own day."""
    clock, seen = FrozenClock(START), set[str]()
    for _ in range(DAYS):
        day = today(clock)
        for alert in alerts(day, contracts, facts, [PROGRAMME]):
            if alert.id not in seen:
                seen.add(alert.id)
                yield str(day), alert
        clock.move(by=timedelta(days=1))


def told_on(contracts: Sequence[Contract], *facts: object) -> list[tuple[str, str, int | None]]:
    """The day, kind and lead of every alert, in order."""
    found = walk(contracts, told(*HAAGLANDEN, *facts))  # type: ignore[arg-type]
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


def test_people_and_schools_warn_beside_the_contract() -> None:
    """One registration lapses, one school has too few people for six weeks, and nobody comes after the contract."""
    leave = extension.Decide(extended=False, decided_on=TODAY)
    state = after(signed(), extension.decide(leave, signed(), TODAY, first_summer_day, True))
    stopped = after(state, list(notice.give(given(LAST_MOMENT, MIDDEN), state, NOW, first_summer_day)))

    found = [one for one in told_on([stopped], *STAFFED) if one[1] not in ("NOTICE_DEADLINE", "TERM_ENDS")]

    assert found == [
        ("2026-12-01", "STAFFING_BELOW_MINIMUM", None),
        ("2026-12-31", "REGISTRATION_LAPSES", None),
        ("2027-01-17", "MISSING_PROVIDER", None),
    ]


def test_a_school_without_a_contract_is_told_from_its_first_day_and_until_it_has_one() -> None:
    facts = told(*HAAGLANDEN, joined(MIDDEN))

    [missing] = alerts(TODAY, [], facts, [PROGRAMME])

    assert (missing.kind, missing.site, str(missing.due_on)) == ("MISSING_PROVIDER", MIDDEN, "2026-08-01")
    assert alerts(TODAY, [extended()], facts, ["ANOTHER"]) != [missing]
    assert [one for one in alerts(TODAY, [extended()], facts, [PROGRAMME]) if one.site] == []


def test_a_notice_of_the_whole_contract_ends_the_warnings_for_notice_and_extension() -> None:
    state = after(signed(), list(notice.give(given(LAST_MOMENT), signed(), NOW, first_summer_day)))

    kinds = {kind for _, kind, _ in told_on([state])}

    assert kinds == {"TERM_ENDS"}
