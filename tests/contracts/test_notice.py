"""Notices, decided without a database (HG-41, INV-15 to INV-17)."""

from datetime import UTC, date, datetime

import pytest

from services.contracts import break_option, notice
from services.contracts.contract import ContractEvent
from services.contracts.coverage import ContractEnded, SchoolCoverageEnded
from services.contracts.notice import TerminationEffective, TerminationNoticeReceived, TerminationNoticeRejected
from services.contracts.parts import Contract, Scope
from shared.domain.findings import Refused
from tests.contracts.given import (
    DRAFT,
    LAST_MOMENT,
    MIDDEN,
    NOORD,
    NOW,
    TODAY,
    TOO_LATE,
    ZUID,
    after,
    covered,
    drafted,
    extended,
    first_summer_day,
    signed,
)
from tests.contracts.given import notice as given


def give(command: notice.GiveNotice, state: Contract | None, now: datetime = NOW) -> list[ContractEvent]:
    return list(notice.give(command, state, now, first_summer_day))


def with_option(state: Contract, year: int, scope: Scope, **more: date) -> Contract:
    command = break_option.AgreeBreakOption(agreed_on=TODAY, year=year, scope=scope, **more)
    return after(state, break_option.agree(command, state, TODAY))


def test_inv_16_each_school_stops_on_the_first_day_of_the_summer_of_its_own_region() -> None:
    """INV-16, HG-41."""
    events = give(given(), signed())

    effective = {e.site: (e.effective_on, e.last_service_day) for e in events if isinstance(e, TerminationEffective)}
    assert effective == {
        NOORD: (date(2027, 7, 10), date(2027, 7, 9)),
        MIDDEN: (date(2027, 7, 17), date(2027, 7, 16)),
        ZUID: (date(2027, 7, 24), date(2027, 7, 23)),
    }
    assert covered(after(signed(), events)) == {
        site: [(date(2026, 8, 1), last)] for site, (_, last) in effective.items()
    }
    [end] = [e for e in events if isinstance(e, ContractEnded)]
    assert (end.valid_to, end.previous_valid_to) == (date(2027, 7, 23), date(2027, 7, 31))


@pytest.mark.parametrize(
    ("moment", "in_time"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), True),
        (LAST_MOMENT, True),
        (TOO_LATE, False),
        (datetime(2027, 1, 1, 12, tzinfo=UTC), False),
    ],
)
def test_inv_15_notice_is_in_time_until_the_year_ends_in_amsterdam(moment: datetime, in_time: bool) -> None:
    """INV-15."""
    received = give(given(moment), signed())[0]

    assert isinstance(received, TerminationNoticeReceived)
    assert received.in_time is in_time
    assert received.notice_by == date(2026, 12, 31)


@pytest.mark.parametrize("state", [signed(), extended()])
def test_a_notice_received_in_the_new_year_changes_nothing_and_says_when_it_is_possible(state: Contract) -> None:
    """Term 2 ends on 31 July 2033 while no holiday of that year is published."""
    received, rejected = give(given(TOO_LATE), state)

    assert isinstance(received, TerminationNoticeReceived)
    assert isinstance(rejected, TerminationNoticeRejected)
    assert (rejected.reason, rejected.clause) == ("LATE", "HG-41")
    assert (rejected.next_effective_on, rejected.next_last_service_day) == (date(2033, 8, 1), date(2033, 7, 31))
    assert covered(after(state, [received, rejected])) == covered(state)


def test_a_late_notice_is_told_of_the_break_option_that_is_still_open() -> None:
    rejected = give(given(TOO_LATE), with_option(signed(), 2029, Scope.WHOLE))[1]

    assert isinstance(rejected, TerminationNoticeRejected)
    assert rejected.next_effective_on == date(2029, 7, 7)


def test_a_notice_of_one_school_stops_that_school_and_leaves_the_contract() -> None:
    events = give(given(LAST_MOMENT, MIDDEN), extended())

    ended = [e for e in events if isinstance(e, SchoolCoverageEnded)]
    assert {(e.site, e.valid_from, e.valid_to) for e in ended} == {
        (MIDDEN, date(2026, 8, 1), date(2027, 7, 16)),
        (MIDDEN, date(2027, 8, 1), date(2027, 7, 31)),
    }
    assert not [e for e in events if isinstance(e, ContractEnded)]
    assert set(covered(after(extended(), events))) == {NOORD, MIDDEN, ZUID}


def test_inv_17_without_a_break_option_nothing_can_be_ended_in_2028_or_later() -> None:
    """INV-17, HG-42."""
    with pytest.raises(Refused) as refused:
        give(given(LAST_MOMENT, year=2028), extended())

    assert [one.code for one in refused.value.findings] == ["no-break-option"]
    assert "2033-07-31" not in str(refused.value.findings[0].text)


def test_a_break_option_opens_its_own_scope_and_no_other() -> None:
    state = with_option(extended(), 2028, Scope.SCHOOL)
    now = datetime(2027, 10, 1, tzinfo=UTC)

    events = give(given(datetime(2027, 9, 30, tzinfo=UTC), MIDDEN), state, now)

    assert [e.effective_on for e in events if isinstance(e, TerminationEffective)] == [date(2028, 7, 8)]
    with pytest.raises(Refused):
        give(given(datetime(2027, 9, 30, tzinfo=UTC)), state, now)


def test_a_break_option_may_have_a_day_of_its_own() -> None:
    state = with_option(extended(), 2029, Scope.WHOLE, day=date(2029, 2, 1), notice_by=date(2028, 10, 1))
    now = datetime(2028, 9, 2, tzinfo=UTC)

    events = give(given(datetime(2028, 9, 1, tzinfo=UTC)), state, now)

    assert {e.effective_on for e in events if isinstance(e, TerminationEffective)} == {date(2029, 2, 1)}


def test_the_same_notice_twice_is_one_notice() -> None:
    assert give(given(), after(signed(), give(given(), signed()))) == []


@pytest.mark.parametrize(
    ("code", "command", "state"),
    [
        ("not-found", given(), None),
        ("contract-not-signed", given(), drafted()),
        ("in-the-future", given(datetime(2027, 1, 3, tzinfo=UTC)), signed()),
        ("notice-scope", given(LAST_MOMENT, MIDDEN, scope=Scope.WHOLE), signed()),
        ("notice-scope", given(LAST_MOMENT, scope=Scope.SCHOOL), signed()),
        ("school-not-covered", given(LAST_MOMENT, "99XX00"), signed()),
        ("no-break-option", given(), signed(DRAFT.model_copy(update={"plan": None}))),
    ],
)
def test_what_does_not_fit_is_refused_by_name(code: str, command: notice.GiveNotice, state: Contract | None) -> None:
    with pytest.raises(Refused) as refused:
        give(command, state)

    assert [one.code for one in refused.value.findings] == [code]
