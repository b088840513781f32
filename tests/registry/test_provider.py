"""A provider is registered once, with the number of its code."""

from services.registry.provider import Provider, ProviderRegistered, RegisterProvider, decide, evolve
from tests.registry.given import CARDEA, START, after, refused

COMMAND = RegisterProvider(provider=CARDEA, name="Cardea", valid_from=START)


def test_a_provider_is_registered_with_its_number() -> None:
    assert decide(COMMAND, None) == [
        ProviderRegistered(provider=CARDEA, name="Cardea", kvk="99990002", valid_from=START)
    ]


def test_registered_twice_is_registered_once_and_otherwise_is_refused() -> None:
    state: Provider = after(evolve, decide(COMMAND, None))
    assert decide(COMMAND, state) == []
    other = RegisterProvider(provider=CARDEA, name="Cardia", valid_from=START)
    assert refused(lambda: decide(other, state)) == ("conflict", "already-registered", "/provider")
