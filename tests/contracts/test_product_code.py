"""Product codes, decided without a database: they exclude each other, and follow the coverage of their school."""

from datetime import date
from uuid import UUID

import pytest

from services.contracts import coverage, extension, notice, product_code, rules, withdrawal
from services.contracts.following import following
from services.contracts.parts import Contract, Product
from services.contracts.product_code import Activate, Deactivate, ProductCodeDeactivated
from shared.domain.findings import Refused
from tests.contracts.given import LAST_MOMENT, MIDDEN, NOW, TODAY, after, extended, first_summer_day, signed
from tests.contracts.given import notice as given

FIRST = date(2026, 8, 1)
PUPIL, OTHER_PUPIL = UUID(int=1), UUID(int=2)
COLLECTIVE = Activate(code="45ABS", site=MIDDEN, valid_from=FIRST)


def with_code(state: Contract) -> Contract:
    return after(state, product_code.activate(COLLECTIVE, state, True))


def product(code: str, subject: UUID | None = None) -> Product:
    return Product(code=code, site=MIDDEN, subject=subject, valid_from=FIRST, valid_to=None, exclusive=True)


def test_inv_18_two_of_the_three_codes_exclude_each_other_at_one_school() -> None:
    """INV-18, HG-31."""
    finding = rules.code_mutex(product("41S01"), [product("45ABS")], {})

    assert finding is not None
    assert rules.code_mutex(product("45ABS"), [product("45ABS")], {}) is None
    assert rules.code_mutex(product("45C11"), [product("45ABS")], {}) is None
    assert rules.code_mutex(product("41S01"), [product("45ABS")], {"codes": ["41S01", "41S02"]}) is None


def test_where_the_programme_counts_by_pupil_codes_exclude_each_other_for_one_pupil_alone() -> None:
    """OQ-14."""
    by_pupil: rules.Parameters = {"scope": "PUPIL"}

    assert rules.code_mutex(product("41S01", PUPIL), [product("45ABS", OTHER_PUPIL)], by_pupil) is None
    assert rules.code_mutex(product("41S01", PUPIL), [product("45ABS", PUPIL)], by_pupil) is not None


def test_a_code_ends_with_the_last_coverage_of_its_school() -> None:
    state = with_code(signed())
    events = following(state, coverage.uncover(MIDDEN, coverage.End(valid_to=date(2027, 1, 31)), state))

    [ended] = [one for one in events if isinstance(one, ProductCodeDeactivated)]
    assert (ended.valid_to, ended.previous_valid_to) == (date(2027, 1, 31), date(2027, 7, 31))


def used(state: Contract) -> list[tuple[date, date | None]]:
    return [(one.valid_from, one.valid_to) for one in state.products if not one.empty]


def test_a_code_without_a_last_day_goes_on_with_the_second_term() -> None:
    command = extension.Decide(extended=True, decided_on=date(2026, 8, 20))
    state = with_code(signed())
    events = following(state, extension.decide(command, state, TODAY, first_summer_day, True))

    assert used(state) == [(FIRST, date(2027, 7, 31))]
    assert used(after(state, events)) == [(FIRST, date(2033, 7, 31))]


@pytest.mark.parametrize("first", [FIRST, date(2027, 8, 1)])
def test_a_code_without_a_last_day_comes_back_with_its_school(first: date) -> None:
    """Also one that the notice ended before it began."""
    code = Activate(code="45ABS", site=MIDDEN, valid_from=first)
    state = after(extended(), product_code.activate(code, extended(), True))
    stopped = after(state, following(state, list(notice.give(given(LAST_MOMENT), state, NOW, first_summer_day))))
    on = withdrawal.Withdraw(withdrawn_on=TODAY)
    again = withdrawal.withdraw("1", on, stopped, TODAY, first_summer_day)

    assert used(stopped) == [(first, date(2027, 7, 16))][: first == FIRST]
    assert used(after(stopped, following(stopped, again))) == used(state) == [(first, date(2033, 7, 31))]


def test_a_code_that_somebody_ended_stays_ended_when_its_school_goes_on() -> None:
    state = with_code(signed())
    ended = after(state, product_code.deactivate("45ABS", MIDDEN, Deactivate(valid_to=date(2027, 7, 31)), state))
    command = extension.Decide(extended=True, decided_on=date(2026, 8, 20))
    events = following(ended, extension.decide(command, ended, TODAY, first_summer_day, True))

    assert used(after(ended, events)) == [(FIRST, date(2027, 7, 31))]


def test_a_code_is_used_once_and_ended_once() -> None:
    state = with_code(signed())
    end = Deactivate(valid_to=date(2026, 12, 31))
    ended = after(state, product_code.deactivate("45ABS", MIDDEN, end, state))

    assert product_code.activate(COLLECTIVE, state, True) == []
    assert product_code.deactivate("45ABS", MIDDEN, end, ended) == []


@pytest.mark.parametrize(
    ("code", "command"),
    [
        ("school-not-covered", Activate(code="45ABS", site="99XX00", valid_from=FIRST)),
        ("school-not-covered", Activate(code="45ABS", site=MIDDEN, valid_from=date(2026, 7, 31))),
        ("school-not-covered", Activate(code="45ABS", site=MIDDEN, valid_from=FIRST, valid_to=date(2027, 8, 1))),
        ("period-reversed", Activate(code="45ABS", site=MIDDEN, valid_from=FIRST, valid_to=date(2026, 7, 1))),
        ("periods-overlap", Activate(code="45ABS", site=MIDDEN, valid_from=date(2026, 9, 1))),
    ],
)
def test_a_code_that_does_not_fit_is_refused_by_name(code: str, command: Activate) -> None:
    with pytest.raises(Refused) as refused:
        product_code.activate(command, with_code(signed()), True)

    assert [one.code for one in refused.value.findings] == [code]
