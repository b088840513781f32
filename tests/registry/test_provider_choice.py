"""A school chooses one provider at a time where the programme says so (HR-07, INV-12)."""

from dataclasses import replace
from datetime import date

from services.registry.provider_choice import (
    ChangeProvider,
    ChooseProvider,
    Circumstances,
    ProviderChoices,
    ProviderChosenForSchool,
    ProviderOfSchoolChanged,
    decide,
    evolve,
)
from tests.registry.given import CARDEA, PRODEBA, START, after, refused

HR = Circumstances("HR-JOS", "99HH00", participates=True, provider_known=True)
SUMMER, AUTUMN = date(2022, 8, 1), date(2022, 10, 1)


def choose(provider: str, start: date = START, end: date | None = None) -> ChooseProvider:
    return ChooseProvider(provider=provider, valid_from=start, valid_to=end)


def change(provider: str, start: date, end: date | None = None) -> ChangeProvider:
    return ChangeProvider(provider=provider, valid_from=start, valid_to=end)


def cardea_chosen(end: date | None = None) -> ProviderChoices:
    return after(evolve, decide(choose(CARDEA, end=end), None, HR))


def test_a_choice_says_who_chose_and_whether_it_is_assumed() -> None:
    assumed = ChooseProvider(provider=CARDEA, assumed=True, valid_from=START)
    assert decide(assumed, None, HR) == [
        ProviderChosenForSchool(
            programme="HR-JOS",
            site="99HH00",
            provider=CARDEA,
            assumed=True,
            chosen_by="SCHOOL",
            valid_from=START,
            valid_to=None,
        )
    ]


def test_chosen_twice_is_chosen_once() -> None:
    assert decide(choose(CARDEA), cardea_chosen(), HR) == []


def test_choices_may_follow_each_other() -> None:
    state = cardea_chosen(end=date(2022, 7, 31))
    state = after(evolve, decide(choose(PRODEBA, SUMMER), state, HR), state)
    assert [state.on(day)[0].provider for day in (START, date(2022, 7, 31), SUMMER)] == [CARDEA, CARDEA, PRODEBA]


def test_a_choice_beside_another_is_recorded_and_claims_no_day() -> None:
    """Whether it may be is the programme's to say (R-ONE-PROVIDER)."""
    state = after(evolve, decide(choose(PRODEBA, SUMMER), cardea_chosen(), HR), cardea_chosen())
    assert [choice.provider for choice in state.on(AUTUMN)] == [CARDEA, PRODEBA]
    assert [choice.claimed for choice in state.choices] == [True, False]


def test_a_change_ends_the_present_choice_the_day_before() -> None:
    events = decide(change(PRODEBA, SUMMER), cardea_chosen(), HR)
    assert isinstance(events[0], ProviderOfSchoolChanged) and events[0].previous_provider == CARDEA
    state = after(evolve, events, cardea_chosen())
    assert [(one.provider, str(one.span)) for one in state.choices] == [
        (CARDEA, "2022-01-01 – 2022-07-31"),
        (PRODEBA, "2022-08-01 – …"),
    ]
    assert decide(change(PRODEBA, SUMMER), state, HR) == []


def test_a_change_tells_until_when_the_previous_choice_was_said_to_last() -> None:
    [event] = decide(change(PRODEBA, SUMMER), cardea_chosen(end=AUTUMN), HR)

    assert isinstance(event, ProviderOfSchoolChanged)
    assert event.previous_valid_to == AUTUMN


def test_a_change_on_the_first_day_takes_the_place_of_the_choice() -> None:
    state = after(evolve, decide(change(PRODEBA, START), cardea_chosen(), HR), cardea_chosen())
    assert [one.provider for one in state.choices] == [PRODEBA]


def test_there_must_be_something_to_change_into_something_else() -> None:
    assert refused(lambda: decide(change(PRODEBA, SUMMER), None, HR))[1] == "no-provider-chosen"
    assert refused(lambda: decide(change(CARDEA, SUMMER), cardea_chosen(), HR))[1] == "period-overlaps"


def test_the_provider_is_known_and_the_school_takes_part() -> None:
    unknown, absent = replace(HR, provider_known=False), replace(HR, participates=False)
    assert refused(lambda: decide(choose(CARDEA), None, unknown)) == ("invalid", "no-such-provider", "/provider")
    assert refused(lambda: decide(choose(CARDEA), None, absent)) == ("conflict", "no-participation", "/validFrom")
    backwards = choose(CARDEA, SUMMER, START)
    assert refused(lambda: decide(backwards, None, HR)) == ("invalid", "period-reversed", "/validTo")
