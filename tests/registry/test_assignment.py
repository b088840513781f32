"""A worker is assigned to a school; the sum of what the events say is the fte of every day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.assignment import (
    Assignment,
    AssignmentEnded,
    AssignmentEvent,
    AssignmentHoursChanged,
    AssignWorker,
    ChangeHours,
    EndAssignment,
    ResponsibleAllocationStated,
    Surroundings,
    WorkerAssignedToSchool,
    decide,
    evolve,
)
from services.registry.codes import AllocationReason, StaffFunction
from services.registry.professional import Professional
from services.registry.timeline import Span
from shared.domain.findings import Refused
from tests.registry.given import CARDEA, START, after, refused

WORKER = Professional(CARDEA, "m-77", StaffFunction.YOUTH_WORKER, START)
KNOWN = Surroundings(
    programme_known=True,
    site_known=True,
    participates=True,
    provider_known=True,
    professional=WORKER,
    full_time=Decimal(36),
)
JUNE, SUMMER = date(2022, 6, 1), date(2022, 7, 31)


def assign(fte: str | None = "0.8", hours: str | None = None, end: date | None = None) -> AssignWorker:
    return AssignWorker(
        programme="HR-JOS",
        site="99HH00",
        provider=CARDEA,
        staff="m-77",
        fte=None if fte is None else Decimal(fte),
        hours_per_week=None if hours is None else Decimal(hours),
        fixed_face=True,
        valid_from=START,
        valid_to=end,
    )


def assigned(end: date | None = None) -> Assignment:
    return after(evolve, decide(assign(end=end), None, KNOWN, "a-1"))


def to(fte: str, day: date) -> ChangeHours:
    return ChangeHours(fte=Decimal(fte), valid_from=day)


def fte_by_day(events: list[AssignmentEvent], days: list[date]) -> list[Decimal]:
    """What a ledger makes of it: what each event adds and takes away on its days, and nothing else."""
    total: dict[date, Decimal] = dict.fromkeys(days, Decimal(0))
    for day in days:
        for event in events:
            match event:
                case WorkerAssignedToSchool():
                    total[day] += event.fte if Span(event.valid_from, event.valid_to).holds(day) else 0
                case AssignmentHoursChanged():
                    held = Span(event.valid_from, event.valid_to).holds(day)
                    total[day] += event.fte - event.previous_fte if held else 0
                case AssignmentEnded():
                    total[day] -= event.fte if day > event.valid_to else 0
                    before = event.previous_valid_to
                    total[day] += event.fte if before is not None and day > before else 0
    return [total[day] for day in days]


def test_an_assignment_carries_what_it_will_be_counted_by() -> None:
    assert decide(assign(), None, KNOWN, "a-1") == [
        WorkerAssignedToSchool(
            programme="HR-JOS",
            site="99HH00",
            provider=CARDEA,
            staff="m-77",
            assignment="a-1",
            fte=Decimal("0.80"),
            hours_per_week=None,
            fixed_face=True,
            valid_from=START,
            valid_to=None,
        )
    ]


def test_hours_become_fte_by_the_programmes_full_time() -> None:
    by_36 = decide(assign(None, "28.8"), None, KNOWN, "a-1")[0]
    by_40 = decide(assign(None, "28.8"), None, replace(KNOWN, full_time=Decimal(40)), "a-1")[0]
    assert [by_36.fte, by_40.fte] == [Decimal("0.80"), Decimal("0.72")]


@pytest.mark.parametrize(
    ("fte", "hours", "code"),
    [(None, None, "missing"), ("0.8", "36", "hours-disagree"), (None, "0.1", "hours-disagree")],
)
def test_fte_and_hours_belong_together(fte: str | None, hours: str | None, code: str) -> None:
    assert refused(lambda: decide(assign(fte, hours), None, KNOWN, "a-1"))[1] == code


def test_assigned_twice_is_assigned_once_and_otherwise_is_refused() -> None:
    assert decide(assign(), assigned(), KNOWN, "a-1") == []
    assert refused(lambda: decide(assign("0.5"), assigned(), KNOWN, "a-1"))[1] == "already-registered"


@pytest.mark.parametrize(
    ("known", "refusal"),
    [
        (replace(KNOWN, programme_known=False), ("invalid", "no-such-programme", "/programme")),
        (replace(KNOWN, site_known=False), ("invalid", "no-such-site", "/site")),
        (replace(KNOWN, provider_known=False), ("invalid", "no-such-provider", "/provider")),
        (replace(KNOWN, professional=None), ("invalid", "no-such-staff", "/staff")),
        (replace(KNOWN, participates=False), ("conflict", "no-participation", "/validFrom")),
    ],
)
def test_everything_that_is_named_must_be_known(known: Surroundings, refusal: tuple[str, str, str]) -> None:
    assert refused(lambda: decide(assign(), None, known, "a-1")) == refusal


def test_an_end_before_the_start_is_refused() -> None:
    backwards = assign(end=date(2021, 12, 31))
    assert refused(lambda: decide(backwards, None, KNOWN, "a-1")) == ("invalid", "period-reversed", "/validTo")


def test_a_change_says_what_held_before_and_until_when_it_holds() -> None:
    [event] = decide(to("1", JUNE), assigned(end=SUMMER), KNOWN, "a-1")
    assert isinstance(event, AssignmentHoursChanged)
    assert (event.fte, event.previous_fte, event.valid_from, event.valid_to) == (1, Decimal("0.8"), JUNE, SUMMER)


def test_a_change_before_a_later_one_holds_until_that_one() -> None:
    state = after(evolve, decide(to("1", JUNE), assigned(), KNOWN, "a-1"), assigned())
    [event] = decide(to("0.5", date(2022, 3, 1)), state, KNOWN, "a-1")
    assert event.valid_to == date(2022, 5, 31)


def test_changed_or_ended_twice_is_changed_or_ended_once() -> None:
    state = after(evolve, decide(to("1", JUNE), assigned(), KNOWN, "a-1"), assigned())
    assert decide(to("1", JUNE), state, KNOWN, "a-1") == []
    state = after(evolve, decide(EndAssignment(valid_to=SUMMER), state, KNOWN, "a-1"), state)
    assert decide(EndAssignment(valid_to=SUMMER), state, KNOWN, "a-1") == []


def test_the_end_carries_the_fte_that_ends() -> None:
    state = after(evolve, decide(to("1", JUNE), assigned(), KNOWN, "a-1"), assigned())
    [event] = decide(EndAssignment(valid_to=SUMMER), state, KNOWN, "a-1")
    assert isinstance(event, AssignmentEnded)
    assert (event.fte, event.valid_to, event.previous_valid_to) == (1, SUMMER, None)


def test_what_was_to_change_after_the_end_is_taken_back_first() -> None:
    state = after(evolve, decide(to("1", JUNE), assigned(), KNOWN, "a-1"), assigned())
    back, ended = decide(EndAssignment(valid_to=date(2022, 3, 31)), state, KNOWN, "a-1")
    assert isinstance(back, AssignmentHoursChanged) and isinstance(ended, AssignmentEnded)
    assert (back.fte, back.previous_fte, back.valid_from) == (Decimal("0.8"), 1, JUNE)
    assert ended.fte == Decimal("0.8")


def test_days_outside_the_assignment_and_strangers_are_refused() -> None:
    state = assigned(end=SUMMER)
    for act, code in (
        (to("1", date(2021, 12, 31)), "before-start"),
        (to("1", date(2022, 8, 1)), "assignment-ended"),
        (EndAssignment(valid_to=date(2021, 12, 31)), "period-reversed"),
    ):
        assert refused(lambda act=act: decide(act, state, KNOWN, "a-1"))[1] == code  # type: ignore[misc]
        assert refused(lambda act=act: decide(act, None, KNOWN, "a-1"))[0] == "unknown"  # type: ignore[misc]


DAYS = [START + timedelta(days=offset) for offset in range(30)]
ACTS = st.lists(
    st.one_of(
        st.builds(to, st.sampled_from(["0.2", "0.5", "0.8", "1"]), st.sampled_from(DAYS)),
        st.builds(lambda day: EndAssignment(valid_to=day), st.sampled_from(DAYS)),
    ),
    max_size=8,
)


@given(acts=ACTS, end=st.none() | st.sampled_from(DAYS))
def test_the_sum_of_the_events_is_the_fte_of_every_day(
    acts: list[ChangeHours | EndAssignment], end: date | None
) -> None:
    """In whatever order changes and ends are recorded, backdated ones among them."""
    events = decide(assign(end=end), None, KNOWN, "a-1")
    state: Assignment = after(evolve, events)
    for act in acts:
        try:
            new = decide(act, state, KNOWN, "a-1")
        except Refused:
            continue
        state, events = after(evolve, new, state), [*events, *new]
        assert decide(act, state, KNOWN, "a-1") == []
    expected = [state.amount(day).fte if state.span.holds(day) else Decimal(0) for day in DAYS]
    assert fte_by_day(events, DAYS) == expected


def test_who_need_not_be_registered_has_a_reason_and_may_have_a_lot() -> None:
    command = assign().model_copy(update={"allocation": AllocationReason.IN_TRAINING, "lot": "HR-P1"})
    begun, stated = decide(command, None, KNOWN, "a-1")
    assert isinstance(begun, WorkerAssignedToSchool) and isinstance(stated, ResponsibleAllocationStated)
    assert (stated.reason, stated.lot, stated.valid_from) == (AllocationReason.IN_TRAINING, "HR-P1", START)
    state = after(evolve, [begun, stated])
    assert (state.allocation, state.lot) == (AllocationReason.IN_TRAINING, "HR-P1")
    assert decide(command, state, KNOWN, "a-1") == []
    assert refused(lambda: decide(assign(), state, KNOWN, "a-1"))[1] == "already-registered"
