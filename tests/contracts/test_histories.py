"""Random histories of two contracts at the same schools: what is claimed and posted is what the contracts say."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts import break_option, coverage, extension, notice, product_code, withdrawal
from services.contracts.contract import ContractEvent
from services.contracts.coverage import SchoolCoverageAdded, SchoolCoverageEnded
from services.contracts.following import following
from services.contracts.kept import CONTRACTS, COVERAGE, PRODUCT_CODE, claims, stream
from services.contracts.parts import Contract, Covered, Party, Scope
from services.contracts.periods import overlap
from services.contracts.product_code import ProductCodeActivated, ProductCodeDeactivated
from services.contracts.withdrawal import Withdraw
from shared.domain.findings import Refused
from shared.log.events import Claim, ClaimAction
from tests.contracts.given import DRAFT, MIDDEN, NOORD, covered, first_summer_day, signed

TODAY = date(2027, 7, 1)
NOW = datetime(2027, 7, 1, 12, tzinfo=UTC)
SITES = (NOORD, MIDDEN)
CODES = ("45ABS", "41S01")

Act = Callable[[Contract], Sequence[ContractEvent]]
History = list[tuple[int, Act]]
"""What is asked, in order, of the first or the second contract."""

EDGES = (
    date(2026, 8, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 7, 9), date(2027, 7, 10), date(2027, 7, 16),
    date(2027, 7, 17), date(2027, 7, 31), date(2027, 8, 1), date(2033, 7, 31), date(2033, 8, 1),
)  # fmt: skip
days = st.sampled_from(EDGES) | st.integers(0, 420).map(lambda number: date(2026, 7, 15) + timedelta(days=number))
later = st.none() | days
sites = st.sampled_from(SITES)


def step(decide: Callable[..., Sequence[ContractEvent]], *parts: st.SearchStrategy[object]) -> st.SearchStrategy[Act]:
    """An act with drawn parts."""
    return st.tuples(*parts).map(lambda drawn: lambda contract: decide(contract, *drawn))


def cover(contract: Contract, site: str, first: date, last: date | None) -> Sequence[ContractEvent]:
    return coverage.cover(Covered(site=site, valid_from=first, valid_to=last), contract, exclusive=True)


def uncover(contract: Contract, site: str, last: date) -> Sequence[ContractEvent]:
    return coverage.uncover(site, coverage.End(valid_to=last), contract)


def end(contract: Contract, last: date) -> Sequence[ContractEvent]:
    return coverage.end(coverage.End(valid_to=last), contract)


def extend(contract: Contract, extended: bool) -> Sequence[ContractEvent]:
    command = extension.Decide(extended=extended, decided_on=TODAY)
    return extension.decide(command, contract, TODAY, first_summer_day, True)


def leave(contract: Contract, scope: Scope, site: str, on: date) -> Sequence[ContractEvent]:
    received = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    named = (site,) if scope is Scope.SCHOOL else ()
    command = notice.GiveNotice(by=Party.PROVIDER, scope=scope, sites=named, received_at=received)
    return list(notice.give(command, contract, NOW, first_summer_day))


def withdraw(contract: Contract, number: int) -> Sequence[ContractEvent]:
    return list(withdrawal.withdraw(str(number), Withdraw(withdrawn_on=TODAY), contract, TODAY, first_summer_day))


def agree(contract: Contract, year: int, scope: Scope) -> Sequence[ContractEvent]:
    return break_option.agree(break_option.AgreeBreakOption(agreed_on=TODAY, year=year, scope=scope), contract, TODAY)


def activate(contract: Contract, code: str, site: str, first: date, last: date | None) -> Sequence[ContractEvent]:
    command = product_code.Activate(code=code, site=site, valid_from=first, valid_to=last)
    return product_code.activate(command, contract, exclusive=True)


def deactivate(contract: Contract, code: str, site: str, last: date) -> Sequence[ContractEvent]:
    return product_code.deactivate(code, site, product_code.Deactivate(valid_to=last), contract)


scopes, codes = st.sampled_from(Scope), st.sampled_from(CODES)
activating = step(activate, codes, sites, days, later)
leaving = step(leave, scopes, sites, days)
acts = st.one_of(
    activating,
    leaving,
    step(cover, sites, days, later),
    step(uncover, sites, days),
    step(end, days),
    step(extend, st.booleans()),
    leaving,
    step(withdraw, st.integers(1, 2)),
    step(agree, st.integers(2027, 2030), scopes),
    activating,
    step(deactivate, codes, sites, days),
)
histories = st.lists(st.tuples(st.integers(0, 1), acts), max_size=14)


class Books:
    """The claims as the log would keep them, and what is posted."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self.contracts = list(contracts)
        self.claims: dict[tuple[str, str, str, date], date | None] = {}
        self.posted: dict[tuple[object, ...], int] = {}

    def record(self, number: int, events: Sequence[ContractEvent]) -> bool:
        """All of it or, where another contract has some of the days, nothing."""
        state, held = self.contracts[number], dict(self.claims)
        for event in events:
            for claim in claims(state, event):
                if not _take(held, claim):
                    return False
            evolved = CONTRACTS.evolve(state, event)
            assert evolved is not None
            state = evolved
        self.contracts[number], self.claims = state, held
        for event in events:
            self._post(event)
        return True

    def _post(self, event: ContractEvent) -> None:
        match event:
            case SchoolCoverageAdded() | ProductCodeActivated():
                self._enter(event, event.valid_from, 1)
                self._enter(event, _after(event.valid_to), -1)
            case SchoolCoverageEnded() | ProductCodeDeactivated():
                self._enter(event, _after(event.previous_valid_to), 1)
                self._enter(event, _after(event.valid_to), -1)

    def _enter(self, event: ContractEvent, day: date | None, amount: int) -> None:
        if day is not None:
            key = (event.contract, getattr(event, "code", None), getattr(event, "site", None), day)
            self.posted[key] = self.posted.get(key, 0) + amount


def _after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def _take(held: dict[tuple[str, str, str, date], date | None], claim: Claim) -> bool:
    """As `log.claim` does it: what is ended must be held, and no two overlap."""
    key = (claim.kind, claim.key, claim.holder, claim.start)
    if claim.action is ClaimAction.END:
        assert key in held, f"the claim is not held: {key}"
        del held[key]
        if claim.end is not None and claim.end < claim.start:
            return True
    for (kind, about, _, start), last in held.items():
        overlapping = claim.start <= (last or date.max) and start <= (claim.end or date.max)
        if (kind, about) == (claim.kind, claim.key) and overlapping:
            return False
    held[key] = claim.end
    return True


def check(books: Books) -> None:
    """What is claimed is what is covered and used; so is what is posted; nothing lasts longer than its contract."""
    expected: dict[tuple[str, str, str, date], date | None] = {}
    posted: dict[tuple[object, ...], int] = {}

    def post(*key: object, amount: int) -> None:
        if key[-1] is not None:
            posted[key] = posted.get(key, 0) + amount

    for one in books.contracts:
        for c in one.coverage:
            if not c.empty:
                expected[COVERAGE, f"{one.programme}/{c.site}", stream(one.contract), c.valid_from] = c.valid_to
                post(one.contract, None, c.site, c.valid_from, amount=1)
                post(one.contract, None, c.site, _after(c.valid_to), amount=-1)
                assert c.valid_to is not None and one.valid_to is not None and c.valid_to <= one.valid_to
        spans = [c for c in one.coverage if not c.empty]
        assert not any(a.site == b.site and overlap(a, b) for n, a in enumerate(spans) for b in spans[:n])
        for p in one.products:
            if p.valid_to is None or p.valid_to >= p.valid_from:
                expected[PRODUCT_CODE, f"{one.programme}/{p.site}", stream(one.contract), p.valid_from] = p.valid_to
                post(one.contract, p.code, p.site, p.valid_from, amount=1)
                post(one.contract, p.code, p.site, _after(p.valid_to), amount=-1)
                assert _covered(p.valid_from, p.valid_to, [c for c in spans if c.site == p.site]), p
    assert books.claims == expected
    assert _nonzero(books.posted) == _nonzero(posted)


def _covered(first: date, last: date | None, spans: Sequence[Covered]) -> bool:
    """Whether every day from the first to the last is covered."""
    day: date | None = first
    for span in sorted(spans, key=lambda one: one.valid_from):
        if day is not None and span.valid_from <= day <= (span.valid_to or date.max):
            day = _after(span.valid_to)
    return day is None or (last is not None and day > last)


def _nonzero(posted: dict[tuple[object, ...], int]) -> dict[tuple[object, ...], int]:
    return {key: amount for key, amount in posted.items() if amount}


def opened() -> Books:
    """One contract that covers both schools, and one that covers none yet."""
    first = DRAFT.model_copy(update={"schools": tuple(Covered(site=s, valid_from=DRAFT.valid_from) for s in SITES)})
    books = Books([])
    for draft in (first, first.model_copy(update={"contract": "HGL-2", "provider": "kvknr:99990002", "schools": ()})):
        contract = signed(draft)
        books.contracts.append(contract)
        for c in contract.coverage:
            books.claims[COVERAGE, f"{contract.programme}/{c.site}", stream(contract.contract), c.valid_from] = (
                c.valid_to
            )
            books._post(coverage.added(contract, c, True))
    return books


def told(history: History) -> Books:
    """What has come of a history; checked after every act, and each is asked twice."""
    books = opened()
    check(books)
    for number, act in history:
        if did(books, number, act):
            check(books)
            with suppress(Refused):
                assert act(books.contracts[number]) == []
    return books


def did(books: Books, number: int, act: Act) -> bool:
    """Whether the act was accepted and changed something."""
    contract = books.contracts[number]
    try:
        events = following(contract, act(contract))
    except Refused:
        return False
    return bool(events) and books.record(number, events)


def stands(contract: Contract) -> tuple[object, ...]:
    """What a notice may change: the last day, what is covered, and what is used for as long as that is."""
    products = {
        (p.site, p.code, p.valid_from, p.valid_to) for p in contract.products if p.with_coverage and not p.empty
    }
    return contract.valid_to, {k: sorted(v) for k, v in covered(contract).items()}, products


@settings(max_examples=300, deadline=None)
@given(histories)
def test_what_is_claimed_and_posted_is_what_the_contracts_say(history: History) -> None:
    told(history)


@settings(max_examples=300, deadline=None)
@given(histories, leaving)
def test_a_notice_that_is_withdrawn_at_once_changes_nothing(history: History, notice_of: Act) -> None:
    books = told(history)
    before = stands(books.contracts[0])
    if did(books, 0, notice_of):
        number = len(books.contracts[0].notices)
        with suppress(Refused):
            events = withdraw(books.contracts[0], number)
            assert books.record(0, following(books.contracts[0], events))
            check(books)
            assert stands(books.contracts[0]) == before
