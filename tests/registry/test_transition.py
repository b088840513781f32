"""Schools go on as other schools: planned, confirmed or withdrawn, with a successor where there is one."""

from datetime import date

import pytest

from services.registry import transition
from services.registry.transition import (
    ConfirmTransition,
    PlanTransition,
    SchoolTransitionConfirmed,
    Successor,
    Transition,
    TransitionKind,
    TransitionState,
    WithdrawTransition,
    decide,
)
from tests.registry.given import after, refused

A, B, C = "99HA00", "99HB00", "99HC00"
KNOWN = frozenset((A, B, C))
MERGER, SPLIT, RENUMBERING = TransitionKind


def plan(kind: TransitionKind, sources: list[str], targets: list[str]) -> PlanTransition:
    return PlanTransition(kind=kind, sources=sources, targets=targets, valid_from=date(2022, 8, 1))


def planned(kind: TransitionKind, sources: list[str], targets: list[str]) -> Transition:
    return after(transition.evolve, decide(plan(kind, sources, targets), None, KNOWN, "HR-1"))


def confirmed(state: Transition) -> SchoolTransitionConfirmed:
    [event] = decide(ConfirmTransition(), state, KNOWN, "HR-1")
    assert isinstance(event, SchoolTransitionConfirmed)
    return event


def test_a_merged_school_goes_on_as_the_target_also_when_that_was_one_of_them() -> None:
    apart = confirmed(planned(MERGER, [A, B], [C]))
    assert apart.successors == (Successor(site=A, successor=C), Successor(site=B, successor=C))
    into = confirmed(planned(MERGER, [A, B], [B]))
    assert into.successors == (Successor(site=A, successor=B),)


def test_a_split_school_has_no_successor_and_a_renumbered_one_has() -> None:
    assert confirmed(planned(SPLIT, [A], [B, C])).successors == ()
    assert confirmed(planned(RENUMBERING, [A], [B])).successors == (Successor(site=A, successor=B),)


@pytest.mark.parametrize(
    ("kind", "sources", "targets"),
    [(MERGER, [A], [B]), (MERGER, [A, B], [A, B]), (SPLIT, [A], [B]), (RENUMBERING, [A], [A]), (MERGER, [A, A], [B])],
)
def test_a_transition_fits_its_kind(kind: TransitionKind, sources: list[str], targets: list[str]) -> None:
    assert refused(lambda: decide(plan(kind, sources, targets), None, KNOWN, "HR-1"))[1] == "transition-shape"


def test_a_site_of_nobody_is_told_at_its_place() -> None:
    asked = plan(MERGER, [A, "99ZZ00"], [B])
    assert refused(lambda: decide(asked, None, KNOWN, "HR-1")) == ("invalid", "no-such-site", "/sources/1")


def test_what_is_confirmed_stays_and_what_is_withdrawn_is_not_confirmed() -> None:
    state = planned(RENUMBERING, [A], [B])
    after_all = transition.evolve(state, confirmed(state))
    assert decide(ConfirmTransition(), after_all, KNOWN, "HR-1") == []
    assert refused(lambda: decide(WithdrawTransition(), after_all, KNOWN, "HR-1"))[1] == "transition-confirmed"
    [withdrawn] = decide(WithdrawTransition(), state, KNOWN, "HR-1")
    off = transition.evolve(state, withdrawn)
    assert off.state is TransitionState.WITHDRAWN
    assert refused(lambda: decide(ConfirmTransition(), off, KNOWN, "HR-1"))[1] == "transition-withdrawn"


def test_a_transition_of_another_region_is_nowhere() -> None:
    state = planned(RENUMBERING, [A], [B])
    assert refused(lambda: decide(ConfirmTransition(), state, frozenset((A,)), "HR-1"))[:2] == ("unknown", "not-found")
