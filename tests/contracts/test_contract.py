"""Contracts, decided without a database."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.contracts import contract as c
from services.contracts import coverage as cov
from services.contracts.kept import evolve
from services.contracts.parts import Contract, Covered
from shared.domain.findings import Refused

TERM = (date(2022, 1, 1), date(2026, 7, 31))
VLIEGER = Covered(site="99HH00", valid_from=TERM[0], valid_to=None)
DRAFT = c.Draft(
    contract="HR-1",
    programme="HR-JOS",
    provider="kvknr:99990001",
    valid_from=TERM[0],
    valid_to=TERM[1],
    schools=(VLIEGER,),
)
SIGN = c.Sign(signed_on=date(2021, 12, 10))
TODAY = date(2022, 7, 5)


def after(*steps: Sequence[c.ContractEvent]) -> Contract | None:
    state = None
    for events in steps:
        for event in events:
            state = evolve(state, event)
    return state


def drafted() -> Contract | None:
    return after(c.draft(DRAFT, None))


def sign(draft: c.Draft = DRAFT) -> Sequence[c.ContractEvent]:
    """Signature, with the coverage that goes with it."""
    contract = after(c.draft(draft, None))
    assert contract is not None
    return [*c.sign(SIGN, contract, TODAY), *cov.from_draft(contract, True)]


def signed() -> Contract | None:
    return after(c.draft(DRAFT, None), sign())


def test_signing_says_the_term_and_every_coverage_at_once() -> None:
    term, coverage = sign()

    assert isinstance(term, c.ContractSigned)
    assert (term.valid_from, term.valid_to) == TERM
    assert isinstance(coverage, cov.SchoolCoverageAdded)
    assert (coverage.site, coverage.valid_from, coverage.valid_to) == ("99HH00", *TERM)


def test_a_draft_counts_for_nothing_and_may_be_put_again() -> None:
    longer = DRAFT.model_copy(update={"valid_to": date(2027, 7, 31)})
    state = after(c.draft(DRAFT, None), c.draft(longer, drafted()))

    assert state is not None
    assert state.coverage == ()
    assert state.valid_to == date(2027, 7, 31)


def test_asked_twice_happens_once() -> None:
    cover = Covered(site="99HF00", valid_from=date(2022, 3, 1), valid_to=TERM[1])
    covered = after(c.draft(DRAFT, None), sign(), cov.cover(cover, signed(), True))
    ending = cov.End(valid_to=date(2023, 7, 31))
    ended = after(c.draft(DRAFT, None), sign(), cov.end(ending, signed()))

    assert c.draft(DRAFT, drafted()) == []
    assert c.sign(SIGN, signed(), TODAY) == []
    assert cov.cover(cover, covered, True) == []
    assert cov.end(ending, ended) == []
    assert cov.uncover("99HH00", ending, ended) == []


def test_the_end_of_a_contract_ends_every_coverage_that_would_have_lasted_longer() -> None:
    short = Covered(site="99HF00", valid_from=TERM[0], valid_to=date(2022, 7, 31))
    draft = DRAFT.model_copy(update={"schools": (VLIEGER, short)})
    state = after(c.draft(draft, None), sign(draft))

    ended, coverage = cov.end(cov.End(valid_to=date(2023, 7, 31)), state)

    assert isinstance(ended, cov.ContractEnded)
    assert ended.previous_valid_to == TERM[1]
    assert isinstance(coverage, cov.SchoolCoverageEnded)
    assert (coverage.site, coverage.valid_to, coverage.previous_valid_to) == ("99HH00", date(2023, 7, 31), TERM[1])


def test_a_coverage_that_has_not_begun_ends_before_it_begins() -> None:
    later = Covered(site="99HF00", valid_from=date(2024, 1, 1), valid_to=TERM[1])
    state = after(c.draft(DRAFT, None), sign(), cov.cover(later, signed(), True))

    events = cov.end(cov.End(valid_to=date(2023, 7, 31)), state)

    assert {e.site: e.valid_to for e in events if isinstance(e, cov.SchoolCoverageEnded)} == {
        "99HH00": date(2023, 7, 31),
        "99HF00": date(2023, 12, 31),
    }


@pytest.mark.parametrize(
    ("code", "decide"),
    [
        ("not-found", lambda: c.sign(SIGN, None, TODAY)),
        ("contract-not-signed", lambda: cov.cover(VLIEGER, drafted(), True)),
        ("contract-not-signed", lambda: cov.end(cov.End(valid_to=TERM[1]), drafted())),
        ("contract-signed", lambda: c.draft(DRAFT.model_copy(update={"valid_to": None}), signed())),
        ("contract-signed", lambda: c.sign(c.Sign(signed_on=date(2021, 12, 11)), signed(), TODAY)),
        ("period-reversed", lambda: c.draft(DRAFT.model_copy(update={"valid_to": date(2021, 12, 31)}), None)),
        ("outside-term", lambda: cov.cover(Covered(site="99HF00", valid_from=date(2021, 12, 31)), signed(), True)),
        (
            "outside-term",
            lambda: cov.cover(Covered(site="99HF00", valid_from=TERM[0], valid_to=date(2026, 8, 1)), signed(), True),
        ),
        ("periods-overlap", lambda: cov.cover(Covered(site="99HH00", valid_from=date(2023, 1, 1)), signed(), True)),
        ("periods-overlap", lambda: c.draft(DRAFT.model_copy(update={"schools": (VLIEGER, VLIEGER)}), None)),
        ("end-outside-term", lambda: cov.end(cov.End(valid_to=date(2026, 8, 1)), signed())),
        ("school-not-covered", lambda: cov.uncover("99HF00", cov.End(valid_to=TERM[1]), signed())),
    ],
)
def test_what_does_not_fit_is_refused_by_name(code: str, decide: object) -> None:
    with pytest.raises(Refused) as refused:
        decide()  # type: ignore[operator]

    assert [finding.code for finding in refused.value.findings] == [code]
    assert all(finding.text.nl and finding.text.en for finding in refused.value.findings)
