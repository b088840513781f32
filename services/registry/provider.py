"""A provider of youth help (*jeugdhulpaanbieder*), by its number at the Chamber of Commerce (KvK), and what it can do.

What a school type asks of a provider (HG-32 to HG-37) is judged by the contracts service; here is what is declared:
expertise, experience at a type of school within a region, and contracts under the long-term care act (WLZ). A second
record of the same thing from the same first day replaces the first.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, TypeVar, assert_never

from pydantic import Field, StringConstraints

from services.registry.codes import Command, Day, Name, ProviderCode, RegionCode, SchoolType
from services.registry.refusals import already, before_start, reversed_period
from services.registry.timeline import Span, Timeline
from shared.domain.events import Event
from shared.domain.findings import nowhere

AgbCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
"""The code of an organisation in the AGB register (*Algemeen GegevensBeheer Zorgverleners*)."""


class ExpertiseTag(StrEnum):
    """What a provider knows about (*expertise*), as far as a school type asks for it (HG-32 to HG-35)."""

    PSYCHIATRIC_DISORDERS = "PSYCHIATRIC_DISORDERS"
    BEHAVIOURAL_PROBLEMS = "BEHAVIOURAL_PROBLEMS"
    SOCIAL_EMOTIONAL_PROBLEMS = "SOCIAL_EMOTIONAL_PROBLEMS"
    COGNITIVE_DELAYS = "COGNITIVE_DELAYS"
    SOCIAL_EMOTIONAL_DELAYS = "SOCIAL_EMOTIONAL_DELAYS"
    MILD_INTELLECTUAL_DISABILITY = "MILD_INTELLECTUAL_DISABILITY"


# Events


class ProviderRegistered(Event):
    """A provider became known."""

    TYPE: ClassVar[str] = "provider-registered.v1"

    provider: str
    name: str
    kvk: str
    valid_from: date


class ProviderRenamed(Event):
    """A provider has another name from a day on."""

    TYPE: ClassVar[str] = "provider-renamed.v1"

    provider: str
    name: str
    valid_from: date


class ProviderAgbRecorded(Event):
    """A provider has this code in the AGB register from a day on."""

    TYPE: ClassVar[str] = "provider-agb-recorded.v1"

    provider: str
    agb: str
    valid_from: date


class ProviderExpertiseDeclared(Event):
    """A provider declared on what it has expertise."""

    TYPE: ClassVar[str] = "provider-expertise-declared.v1"

    provider: str
    tags: tuple[ExpertiseTag, ...]
    valid_from: date
    valid_to: date | None


class ProviderExperienceRecorded(Event):
    """A provider worked at schools of this type within this region in this period (HG-37)."""

    TYPE: ClassVar[str] = "provider-experience-recorded.v1"

    provider: str
    school_type: SchoolType
    region: str
    valid_from: date
    valid_to: date | None


class WlzContractRecorded(Event):
    """A provider is contracted under the long-term care act in this period (HG-36)."""

    TYPE: ClassVar[str] = "wlz-contract-recorded.v1"

    provider: str
    valid_from: date
    valid_to: date | None


ProviderEvent = (
    ProviderRegistered
    | ProviderRenamed
    | ProviderAgbRecorded
    | ProviderExpertiseDeclared
    | ProviderExperienceRecorded
    | WlzContractRecorded
)

# Commands


class RegisterProvider(Command):
    """Make a provider known, from a day on."""

    provider: ProviderCode
    name: Name
    valid_from: Day


class RenameProvider(Command):
    """Give a provider another name, from a day on."""

    name: Name
    valid_from: Day


class RecordAgb(Command):
    """Record the provider's AGB code."""

    agb: AgbCode
    valid_from: Day


class DeclareExpertise(Command):
    """Record what the provider declares to have expertise on."""

    tags: Annotated[list[ExpertiseTag], Field(min_length=1, max_length=20)]
    valid_from: Day
    valid_to: Day | None = None


class RecordExperience(Command):
    """Record experience at a type of school within the administrator's region."""

    school_type: SchoolType
    region: RegionCode
    valid_from: Day
    valid_to: Day | None = None


class RecordWlzContract(Command):
    """Record a contract under the long-term care act."""

    valid_from: Day
    valid_to: Day | None = None


ProviderCommand = (
    RegisterProvider | RenameProvider | RecordAgb | DeclareExpertise | RecordExperience | RecordWlzContract
)

# States

Declared = TypeVar("Declared", bound=ProviderExpertiseDeclared | ProviderExperienceRecorded | WlzContractRecorded)


@dataclass(frozen=True, slots=True)
class Provider:
    """A known provider; `kvk` is the eight digits of its code."""

    provider: str
    kvk: str
    names: Timeline[str]
    valid_from: date
    agb: Timeline[str] = field(default_factory=Timeline)
    expertise: tuple[ProviderExpertiseDeclared, ...] = ()
    experience: tuple[ProviderExperienceRecorded, ...] = ()
    wlz: tuple[WlzContractRecorded, ...] = ()
    valid_to: date | None = None


# Decide


def decide(command: ProviderCommand, state: Provider | None) -> list[ProviderEvent]:
    """Register once; the same again is nothing. What is declared is recorded when it differs from what is known."""
    if isinstance(command, RegisterProvider):
        return _register(command, state)
    if state is None:
        raise nowhere()
    event = _event(command, state.provider)
    _check(event, state)
    return [] if evolve(state, event) == state else [event]


def _register(command: RegisterProvider, state: Provider | None) -> list[ProviderEvent]:
    event = ProviderRegistered(kvk=command.provider.removeprefix("kvknr:"), **command.model_dump())
    if state is None:
        return [event]
    if (state.valid_from, state.names.at(state.valid_from)) == (command.valid_from, command.name):
        return []
    raise already("/provider", "deze aanbieder staat er anders in", "this provider is recorded otherwise")


def _event(command: ProviderCommand, provider: str) -> ProviderEvent:
    told = command.model_dump()
    match command:
        case RenameProvider():
            return ProviderRenamed(provider=provider, **told)
        case RecordAgb():
            return ProviderAgbRecorded(provider=provider, **told)
        case DeclareExpertise():
            return ProviderExpertiseDeclared(provider=provider, **{**told, "tags": tuple(sorted(set(command.tags)))})
        case RecordExperience():
            return ProviderExperienceRecorded(provider=provider, **told)
        case RecordWlzContract():
            return WlzContractRecorded(provider=provider, **told)
        case RegisterProvider():
            raise AssertionError("a registration is decided apart")
        case _:
            assert_never(command)


def _check(event: ProviderEvent, state: Provider) -> None:
    """Names and codes begin no earlier than the provider; experience may be older than what we know of it."""
    if isinstance(event, ProviderRenamed | ProviderAgbRecorded) and event.valid_from < state.valid_from:
        raise before_start()
    end = getattr(event, "valid_to", None)
    if end is not None and end < event.valid_from:
        raise reversed_period()


# Evolve


def evolve(state: Provider | None, event: ProviderEvent) -> Provider:
    """The provider with everything that was declared of it."""
    if isinstance(event, ProviderRegistered):
        return Provider(event.provider, event.kvk, Timeline(((event.valid_from, event.name),)), event.valid_from)
    assert state is not None, "a stream of a provider begins with its registration"  # noqa: S101
    match event:
        case ProviderRenamed():
            return replace(state, names=state.names.put(event.valid_from, event.name))
        case ProviderAgbRecorded():
            return replace(state, agb=state.agb.put(event.valid_from, event.agb))
        case ProviderExpertiseDeclared():
            return replace(state, expertise=_with(state.expertise, event))
        case ProviderExperienceRecorded():
            return replace(state, experience=_with(state.experience, event))
        case WlzContractRecorded():
            return replace(state, wlz=_with(state.wlz, event))


def _with(known: tuple[Declared, ...], event: Declared) -> tuple[Declared, ...]:
    """In order of first days; what begins on the same day and is about the same is replaced."""
    others = [one for one in known if _about(one) != _about(event)]
    return tuple(sorted([*others, event], key=lambda one: (one.valid_from, str(_about(one)))))


def _about(event: Declared) -> tuple[object, ...]:
    return event.valid_from, getattr(event, "school_type", None), getattr(event, "region", None)


def holds(event: ProviderExpertiseDeclared | ProviderExperienceRecorded | WlzContractRecorded, day: date) -> bool:
    """Whether what was declared holds on this day."""
    return Span(event.valid_from, event.valid_to).holds(day)
