"""A professional is known by the provider's own key, with the status of verified registrations alone."""

from datetime import date

from services.registry.codes import StaffFunction
from services.registry.professional import (
    Professional,
    ProfessionalEvent,
    ProfessionalRegistrationVerified,
    RegisterProfessional,
    VerifyRegistration,
    decide,
    evolve,
)
from tests.registry.given import CARDEA, START, after, refused

REGISTER = RegisterProfessional(provider=CARDEA, staff="m-77", function=StaffFunction.YOUTH_WORKER, valid_from=START)
VERIFY = VerifyRegistration(in_register="SKJ", valid_from=START, valid_to=date(2026, 12, 31))


def known() -> Professional:
    return after(evolve, decide(REGISTER, None, True))


def test_the_provider_must_be_registered() -> None:
    assert refused(lambda: decide(REGISTER, None, False)) == ("invalid", "no-such-provider", "/provider")


def test_registered_twice_is_registered_once() -> None:
    assert decide(REGISTER, known(), True) == []


def test_a_verified_registration_covers_its_days_and_no_others() -> None:
    events = decide(VERIFY, known(), True)
    assert events == [
        ProfessionalRegistrationVerified(
            provider=CARDEA, staff="m-77", in_register="SKJ", valid_from=START, valid_to=date(2026, 12, 31)
        )
    ]
    state: Professional = after(evolve, events, known())
    days = (date(2021, 12, 31), START, date(2026, 12, 31), date(2027, 1, 1))
    assert [state.registered(day) for day in days] == [False, True, True, False]
    assert decide(VERIFY, state, True) == []


def test_a_registration_that_ends_before_it_begins_is_refused() -> None:
    wrong = VerifyRegistration(in_register="BIG", valid_from=START, valid_to=date(2021, 12, 31))
    assert refused(lambda: decide(wrong, known(), True)) == ("invalid", "period-reversed", "/validTo")


def test_g30_events_about_people_have_room_for_neither_name_nor_number() -> None:
    """G-30: whatever is put into them, only these fields exist."""
    events: list[ProfessionalEvent] = [*decide(REGISTER, None, True), *decide(VERIFY, known(), True)]
    assert {key for event in events for key in event.model_dump(by_alias=True)} == {
        "provider",
        "staff",
        "function",
        "register",
        "validFrom",
        "validTo",
    }
