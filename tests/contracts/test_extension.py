"""The second term, decided without a database (HG-38 to HG-40, INV-14)."""

from datetime import date

import pytest

from services.contracts import extension, notice
from services.contracts.contract import ContractTermStarted
from services.contracts.coverage import ContractEnded
from services.contracts.extension import Decide, ResultAgreementExtended
from services.contracts.parts import Contract
from shared.domain.findings import Refused
from tests.contracts.given import (
    DRAFT,
    LAST_MOMENT,
    MIDDEN,
    NOORD,
    NOW,
    TODAY,
    ZUID,
    after,
    covered,
    drafted,
    extended,
    first_summer_day,
    signed,
)
from tests.contracts.given import notice as given

EXTEND = Decide(extended=True, decided_on=date(2026, 8, 20))
LEAVE = Decide(extended=False, decided_on=date(2026, 8, 20))


def decide(command: Decide, state: Contract | None, today: date = TODAY) -> list[object]:
    return list(extension.decide(command, state, today, first_summer_day, True))


def test_an_extension_says_six_school_years_and_every_schools_coverage() -> None:
    events = decide(EXTEND, signed())

    [agreed] = [e for e in events if isinstance(e, ResultAgreementExtended)]
    [term] = [e for e in events if isinstance(e, ContractTermStarted)]
    [end] = [e for e in events if isinstance(e, ContractEnded)]
    assert (agreed.valid_from, agreed.valid_to) == (date(2027, 8, 1), date(2033, 7, 31))
    assert (term.term, term.valid_from, term.valid_to) == (2, date(2027, 8, 1), date(2033, 7, 31))
    assert (end.valid_to, end.previous_valid_to) == (date(2033, 7, 31), date(2027, 7, 31))
    first = (date(2026, 8, 1), date(2027, 7, 31))
    assert covered(extended()) == {
        site: [first, (date(2027, 8, 1), date(2033, 7, 31))] for site in (NOORD, MIDDEN, ZUID)
    }


def test_a_second_term_that_ends_in_a_known_summer_ends_with_the_service_there() -> None:
    assert DRAFT.plan is not None
    shorter = DRAFT.model_copy(update={"plan": DRAFT.plan.model_copy(update={"school_years": 3})})

    state = extended(signed(shorter))

    assert {site: days[-1][1] for site, days in covered(state).items()} == {
        NOORD: date(2030, 7, 19),
        MIDDEN: date(2030, 7, 12),
        ZUID: date(2030, 7, 5),
    }


@pytest.mark.parametrize("state", [signed(), after(signed(), decide(LEAVE, signed()))])  # type: ignore[arg-type]
def test_inv_14_without_an_extension_the_second_term_never_starts(state: Contract) -> None:
    """INV-14."""
    assert [term.term for term in state.terms] == [1]
    assert state.valid_to == date(2027, 7, 31)
    assert {last for days in covered(state).values() for _, last in days} == {date(2027, 7, 31)}


def test_a_school_that_stops_by_a_notice_is_not_taken_into_the_second_term() -> None:
    noticed = after(signed(), list(notice.give(given(LAST_MOMENT, MIDDEN), signed(), NOW, first_summer_day)))

    state = extended(noticed)

    assert covered(state)[MIDDEN] == [(date(2026, 8, 1), date(2027, 7, 16))]
    assert len(covered(state)[NOORD]) == 2


def test_decided_twice_is_decided_once_and_a_refusal_may_still_become_an_extension() -> None:
    refused = after(signed(), decide(LEAVE, signed()))  # type: ignore[arg-type]

    assert decide(EXTEND, extended()) == []
    assert decide(LEAVE, refused) == []
    assert extended(refused).extended is True


@pytest.mark.parametrize(
    ("code", "command", "state"),
    [
        ("not-found", EXTEND, None),
        ("contract-not-signed", EXTEND, drafted()),
        ("no-second-term", EXTEND, signed(DRAFT.model_copy(update={"plan": None}))),
        ("in-the-future", Decide(extended=True, decided_on=date(2027, 9, 2)), signed()),
        ("extension-too-late", Decide(extended=True, decided_on=date(2027, 8, 1)), signed()),
        ("extension-decided", LEAVE, extended()),
        (
            "contract-ends",
            EXTEND,
            after(signed(), list(notice.give(given(), signed(), NOW, first_summer_day))),
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(code: str, command: Decide, state: Contract | None) -> None:
    with pytest.raises(Refused) as refused:
        decide(command, state, date(2027, 9, 1))

    assert [one.code for one in refused.value.findings] == [code]
