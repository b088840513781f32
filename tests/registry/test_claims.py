"""What the events claim in the log, so that it holds across streams."""

from datetime import date
from decimal import Decimal

from services.registry import assignment, claims, provider_choice, region
from services.registry.assignment import AssignmentEnded, WorkerAssignedToSchool
from services.registry.provider_choice import ProviderChosenForSchool, ProviderOfSchoolChanged
from services.registry.region import RegionDefined
from shared.log.events import Claim, ClaimAction
from tests.registry.given import CARDEA, KATWIJK, LEIDEN, PRODEBA, START, holland_rijnland

SUMMER, LAST = date(2022, 8, 1), date(2022, 7, 31)
TAKE, END = ClaimAction.TAKE, ClaimAction.END
KEY, HOLDER = "HR-JOS/99HH00", "provider-choice/HR-JOS/99HH00"


def chosen(provider: str, start: date = START, end: date | None = None) -> ProviderChosenForSchool:
    return ProviderChosenForSchool(
        programme="HR-JOS",
        site="99HH00",
        provider=provider,
        assumed=False,
        chosen_by="SCHOOL",
        valid_from=start,
        valid_to=end,
    )


def changed(provider: str, start: date, previous: str) -> ProviderOfSchoolChanged:
    return ProviderOfSchoolChanged(previous_provider=previous, **chosen(provider, start).model_dump())


def test_a_choice_takes_its_days() -> None:
    assert claims.of_choice(None, chosen(CARDEA, end=LAST)) == (
        Claim(TAKE, "provider-of-school", KEY, HOLDER, START, LAST),
    )


def test_a_change_gives_back_what_it_ends_before_it_takes() -> None:
    state = provider_choice.evolve(None, chosen(CARDEA))
    assert claims.of_choice(state, changed(PRODEBA, SUMMER, CARDEA)) == (
        Claim(END, "provider-of-school", KEY, HOLDER, START, LAST),
        Claim(TAKE, "provider-of-school", KEY, HOLDER, SUMMER),
    )


def test_a_second_provider_where_several_are_allowed_claims_nothing() -> None:
    state = provider_choice.evolve(None, chosen(CARDEA))
    assert claims.of_choice(state, chosen(PRODEBA, SUMMER)) == ()
    both = provider_choice.evolve(state, chosen(PRODEBA, SUMMER))
    assert claims.of_choice(both, changed(PRODEBA, date(2023, 1, 1), PRODEBA)) == ()


def test_a_region_takes_new_municipalities_and_ends_those_it_no_longer_names() -> None:
    first = RegionDefined(region="HR", name="HR", sub_regions=(), municipalities=(KATWIJK, LEIDEN), valid_from=START)
    assert [(one.action, one.key) for one in claims.of_region(None, first)] == [(TAKE, KATWIJK), (TAKE, LEIDEN)]
    second = first.model_copy(update={"municipalities": (LEIDEN, "GM0579"), "valid_from": SUMMER})
    assert claims.of_region(region.evolve(None, first), second) == (
        Claim(END, "municipality-region", KATWIJK, "region/HR", START, LAST),
        Claim(TAKE, "municipality-region", "GM0579", "region/HR", SUMMER),
    )
    assert holland_rijnland().since == ((KATWIJK, START), (LEIDEN, START))


def test_an_assignment_takes_its_days_and_another_end_changes_them() -> None:
    ids = {"programme": "HR-JOS", "site": "99HH00", "provider": CARDEA, "staff": "m-77", "assignment": "a-1"}
    begun = WorkerAssignedToSchool(
        fte=Decimal(1), hours_per_week=None, fixed_face=False, valid_from=START, valid_to=None, **ids
    )
    key = f"HR-JOS/99HH00/{CARDEA}/m-77"
    assert claims.of_assignment(None, begun) == (Claim(TAKE, "assignment", key, "assignment/a-1", START),)
    ended = AssignmentEnded(fte=Decimal(1), valid_to=LAST, previous_valid_to=None, **ids)
    assert claims.of_assignment(assignment.evolve(None, begun), ended) == (
        Claim(END, "assignment", key, "assignment/a-1", START, LAST),
    )
