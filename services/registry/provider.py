"""A provider of youth help (*jeugdhulpaanbieder*), by its number at the Chamber of Commerce (KvK)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.registry.codes import Command, Day, Name, ProviderCode
from services.registry.refusals import already
from shared.domain.events import Event

# Events


class ProviderRegistered(Event):
    """A provider became known."""

    TYPE: ClassVar[str] = "provider-registered.v1"

    provider: str
    name: str
    kvk: str
    valid_from: date


# Commands


class RegisterProvider(Command):
    """Make a provider known, from a day on."""

    provider: ProviderCode
    name: Name
    valid_from: Day


# States


@dataclass(frozen=True, slots=True)
class Provider:
    """A known provider; `kvk` is the eight digits of its code."""

    provider: str
    name: str
    kvk: str
    valid_from: date
    valid_to: date | None = None


# Decide


def decide(command: RegisterProvider, state: Provider | None) -> list[ProviderRegistered]:
    """Register once; the same again is nothing, other content is refused."""
    event = ProviderRegistered(
        provider=command.provider,
        name=command.name,
        kvk=command.provider.removeprefix("kvknr:"),
        valid_from=command.valid_from,
    )
    if state is None:
        return [event]
    if state == evolve(None, event):
        return []
    raise already("/provider", "deze aanbieder staat er anders in", "this provider is recorded otherwise")


# Evolve


def evolve(_state: Provider | None, event: ProviderRegistered) -> Provider:
    """The provider as it was registered."""
    return Provider(event.provider, event.name, event.kvk, event.valid_from)
