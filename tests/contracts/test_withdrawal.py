"""Withdrawn notices, decided without a database: as if they had not been received."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.contracts import coverage, notice, withdrawal
from services.contracts.contract import ContractEvent
from services.contracts.coverage import ContractEnded, SchoolCoverageAdded, SchoolCoverageEnded
from services.contracts.parts import Contract
from services.contracts.withdrawal import Withdraw
from shared.domain.findings import Refused
from tests.contracts.given import (
    LAST_MOMENT,
    MIDDEN,
    NOORD,
    NOW,
    TOO_LATE,
    after,
    covered,
    extended,
    first_summer_day,
    signed,
)
from tests.contracts.given import notice as given

ON = Withdraw(withdrawn_on=date(2027, 1, 2))


def noticed(state: Contract, *commands: notice.GiveNotice) -> Contract:
    for command in commands:
        state = after(state, list(notice.give(command, state, NOW, first_summer_day)))
    return state


def withdraw(
    state: Contract, number: str = "1", on: Withdraw = ON, today: date = ON.withdrawn_on
) -> list[ContractEvent]:
    return list(withdrawal.withdraw(number, on, state, today, first_summer_day))


def after_it(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def posted(events: list[ContractEvent]) -> dict[tuple[str, date], int]:
    """What the measures of contracts and coverage post: from the first day, until the day after the last."""
    found: dict[tuple[str, date], int] = {}

    def post(what: str, day: date | None, amount: int) -> None:
        if day is not None:
            found[what, day] = found.get((what, day), 0) + amount

    for event in events:
        match event:
            case SchoolCoverageAdded():
                post(event.site, event.valid_from, 1)
                post(event.site, after_it(event.valid_to), -1)
            case SchoolCoverageEnded() | ContractEnded():
                what = getattr(event, "site", "contract")
                post(what, after_it(event.valid_to), -1)
                post(what, after_it(event.previous_valid_to), 1)
    return {key: amount for key, amount in found.items() if amount}


@pytest.mark.parametrize("state", [signed(), extended()])
@pytest.mark.parametrize("command", [given(), given(LAST_MOMENT, MIDDEN)])
def test_what_stopped_by_it_goes_on_as_if_it_had_not_been_received(state: Contract, command: notice.GiveNotice) -> None:
    during = noticed(state, command)
    assert covered(during) != covered(state)

    events = withdraw(during)
    now = after(during, events)

    assert covered(now) == covered(state)
    assert now.valid_to == state.valid_to
    assert now.notices[0].stands is False


@pytest.mark.parametrize("state", [signed(), extended()])
def test_a_notice_and_its_withdrawal_together_count_for_nothing(state: Contract) -> None:
    """What the ledger posts for the one is taken back by the other, also where coverage is ended before it begins."""
    stopping = list(notice.give(given(), state, NOW, first_summer_day))
    events = [*stopping, *withdraw(after(state, stopping))]

    assert posted(stopping) != {}
    assert posted(events) == {}


@pytest.mark.parametrize("state", [signed(), extended()])
def test_of_two_notices_of_one_school_the_one_that_stands_keeps_its_effect(state: Contract) -> None:
    both = noticed(state, given(), given(datetime(2026, 12, 1, tzinfo=UTC), MIDDEN))

    now = after(both, withdraw(both))

    assert covered(now)[MIDDEN] == [(date(2026, 8, 1), date(2027, 7, 16))]
    assert covered(now)[NOORD] == covered(state)[NOORD]
    assert now.valid_to == state.valid_to


@pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
def test_when_every_notice_is_withdrawn_all_is_as_before_in_whatever_order(order: tuple[str, str]) -> None:
    now = noticed(extended(), given(), given(datetime(2026, 12, 1, tzinfo=UTC)))
    for number in order:
        now = after(now, withdraw(now, number))

    assert (covered(now), now.valid_to) == (covered(extended()), extended().valid_to)


def test_what_was_ended_otherwise_since_then_stays_ended() -> None:
    during = noticed(signed(), given())
    ended = after(during, coverage.uncover(MIDDEN, coverage.End(valid_to=date(2027, 3, 31)), during))

    assert covered(after(ended, withdraw(ended)))[MIDDEN] == [(date(2026, 8, 1), date(2027, 3, 31))]


def test_a_school_whose_notice_is_withdrawn_after_the_extension_is_in_the_second_term() -> None:
    state = extended(noticed(signed(), given(LAST_MOMENT, MIDDEN)))

    now = after(state, withdraw(state))

    assert covered(now) == covered(extended())


def test_a_late_notice_is_withdrawn_without_effect_and_twice_is_once() -> None:
    state = noticed(signed(), given(TOO_LATE))

    [withdrawn] = withdraw(state)

    assert withdraw(after(state, [withdrawn])) == []


@pytest.mark.parametrize(
    ("code", "number", "on"),
    [
        ("not-found", "2", date(2027, 1, 2)),
        ("in-the-future", "1", date(2027, 8, 2)),
        ("notice-effective", "1", date(2027, 7, 10)),
    ],
)
def test_what_does_not_fit_is_refused_by_name(code: str, number: str, on: date) -> None:
    with pytest.raises(Refused) as refused:
        withdraw(noticed(signed(), given()), number, Withdraw(withdrawn_on=on), date(2027, 8, 1))

    assert [one.code for one in refused.value.findings] == [code]
