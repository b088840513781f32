"""A programme (*programma*) as it was applied from its file, and how it takes each rule from which day.

The configuration itself is described in `configuration.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from pydantic import JsonValue

from services.registry.configuration import Programme, RuleSwitch, Title
from services.registry.refusals import unknown
from services.registry.timeline import Timeline
from shared.domain.events import Event
from shared.domain.findings import Severity, nowhere

# Events


class ProgrammeDefined(Event):
    """A version of the programme's file was applied; `configuration` is the whole file."""

    TYPE: ClassVar[str] = "programme-defined.v1"

    programme: str
    title: Title
    region: str
    status: str
    start: date
    version: int
    configuration: dict[str, JsonValue]
    valid_from: date


class ProgrammeRuleSwitched(Event):
    """The programme takes a rule this way from a day on."""

    TYPE: ClassVar[str] = "programme-rule-switched.v1"

    programme: str
    rule: str
    severity: Severity
    parameters: dict[str, JsonValue]
    source: list[str]
    valid_from: date


ProgrammeEvent = ProgrammeDefined | ProgrammeRuleSwitched

# Commands: the whole file, `services.registry.configuration.Programme`

# States


@dataclass(frozen=True, slots=True)
class Applied:
    """A programme with its configurations through time; `latest` and `switches` are what was last recorded."""

    programme: str
    region: str
    version: int
    latest: Mapping[str, JsonValue]
    configurations: Timeline[ProgrammeDefined]
    valid_from: date
    switches: Mapping[str, ProgrammeRuleSwitched] = field(default_factory=lambda: MappingProxyType({}))
    rules: Mapping[str, Timeline[ProgrammeRuleSwitched]] = field(default_factory=lambda: MappingProxyType({}))
    valid_to: date | None = None

    def severity(self, rule: str, day: date) -> Severity:
        """How the programme takes the rule on this day."""
        switch = self.rules[rule].at(day) if rule in self.rules else None
        return switch.severity if switch else Severity.OFF

    def configuration(self, day: date) -> Programme:
        """The file that holds on this day; before the first day, the first."""
        return Programme.model_validate(
            (self.configurations.at(day) or self.configurations.steps[0][1]).configuration, strict=False
        )


# Decide


def decide(
    command: Programme, state: Applied | None, own_region: str | None, region_known: bool
) -> list[ProgrammeEvent]:
    """Record what differs from what was last applied, for an administrator of `own_region`; the same is nothing."""
    if state is not None and state.region != own_region:
        raise nowhere()
    if command.region != own_region or not region_known:
        raise unknown("region", "/region", "deze regio", "this region")
    file = command.model_dump(mode="json", by_alias=True)
    if state is not None and state.latest == file:
        return []
    return [_defined(command, file, state.version + 1 if state else 1), *_switches(command, state)]


def _defined(command: Programme, file: dict[str, JsonValue], version: int) -> ProgrammeDefined:
    return ProgrammeDefined(
        programme=command.programme,
        title=command.title,
        region=command.region,
        status=command.status,
        start=command.start,
        version=version,
        configuration=file,
        valid_from=command.valid_from,
    )


def _switches(command: Programme, state: Applied | None) -> list[ProgrammeRuleSwitched]:
    switches = [_switched(command.programme, switch) for switch in command.rules]
    return [switch for switch in switches if state is None or state.switches.get(switch.rule) != switch]


def _switched(programme: str, switch: RuleSwitch) -> ProgrammeRuleSwitched:
    return ProgrammeRuleSwitched(
        programme=programme,
        rule=switch.rule,
        severity=switch.severity,
        parameters=dict(switch.parameters),
        source=list(switch.source),
        valid_from=switch.valid_from,
    )


# Evolve


def evolve(state: Applied | None, event: ProgrammeEvent) -> Applied:
    """The programme with its files and rules through time."""
    match event:
        case ProgrammeDefined():
            before = state.configurations if state else Timeline[ProgrammeDefined]()
            return Applied(
                event.programme,
                event.region,
                event.version,
                MappingProxyType(event.configuration),
                before.put(event.valid_from, event),
                min(event.valid_from, state.valid_from) if state else event.valid_from,
                *((state.switches, state.rules) if state else ()),
            )
        case ProgrammeRuleSwitched():
            assert state is not None, "a stream of a programme begins with its definition"  # noqa: S101
            return _remember(state, event)


def _remember(state: Applied, event: ProgrammeRuleSwitched) -> Applied:
    through_time = state.rules.get(event.rule, Timeline[ProgrammeRuleSwitched]()).put(event.valid_from, event)
    return Applied(
        state.programme,
        state.region,
        state.version,
        state.latest,
        state.configurations,
        state.valid_from,
        MappingProxyType({**state.switches, event.rule: event}),
        MappingProxyType({**state.rules, event.rule: through_time}),
    )
