"""A programme (*programma*) as it was applied from its file, and how it takes each rule from which day.

The configuration itself is described in `configuration.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from pydantic import JsonValue

from services.registry.configuration import Programme, RuleSwitch, Title
from services.registry.refusals import unknown
from services.registry.switchboard import RULES
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


class ProgrammeChangeProposed(Event):
    """Somebody asked for this file, and a second account must ask the same before it holds (*vierogenprincipe*)."""

    TYPE: ClassVar[str] = "programme-change-proposed.v1"

    programme: str
    configuration: dict[str, JsonValue]
    by: str
    valid_from: date


ProgrammeEvent = ProgrammeDefined | ProgrammeRuleSwitched | ProgrammeChangeProposed

# Commands: the whole file, `services.registry.configuration.Programme`

# States


@dataclass(frozen=True, slots=True)
class Applied:
    """A programme with its files and its rules through time; `proposed` is what waits for a second account."""

    programme: str
    region: str
    version: int
    configurations: Timeline[ProgrammeDefined]
    valid_from: date
    rules: Mapping[str, Timeline[ProgrammeRuleSwitched]] = field(default_factory=lambda: MappingProxyType({}))
    valid_to: date | None = None
    proposed: tuple[ProgrammeChangeProposed, ...] = ()

    def switch(self, rule: str, day: date) -> ProgrammeRuleSwitched | None:
        """The rule as it is taken on this day, with its parameters; None when it was not named by then."""
        return self.rules[rule].at(day) if rule in self.rules else None

    def severity(self, rule: str, day: date) -> Severity:
        """How the programme takes the rule on this day."""
        switch = self.switch(rule, day)
        return switch.severity if switch else Severity.OFF

    def asks_a_second(self) -> bool:
        """Whether the newest file asks that a change is confirmed by a second account."""
        acts = self.configurations.steps[-1][1].configuration.get("fourEyes")
        return isinstance(acts, list) and "RULE_CHANGE" in acts

    def configuration(self, day: date) -> Programme:
        """The file that holds on this day; before the first day, the first."""
        return Programme.stored((self.configurations.at(day) or self.configurations.steps[0][1]).configuration)


# Decide


def decide(
    command: Programme, state: Applied | None, own_region: str | None, region_known: bool
) -> list[ProgrammeEvent]:
    """Let the file hold from its first day on, for an administrator of `own_region`; what it finds so is nothing.

    What held before the file's first day stays. What was recorded for later days and is not in the file is replaced on
    those days, so that an earlier file applied again brings back what it says.
    """
    if state is not None and state.region != own_region:
        raise nowhere()
    region = command.region or own_region
    if region is None or region != own_region or not region_known:
        raise unknown("region", "/region", "deze regio", "this region")
    return [*_defined(command, region, state), *_switches(command, state)]


def confirmed(
    command: Programme, state: Applied | None, by: str, events: Sequence[ProgrammeEvent]
) -> Sequence[ProgrammeEvent]:
    """The events when the newest file asks for no second account, or another account than `by` proposed the same.

    Else the proposal, once. A new programme, and what changes nothing, needs nobody.
    """
    if state is None or not events or not state.asks_a_second():
        return events
    file = command.model_dump(mode="json", by_alias=True)
    waiting = [one for one in state.proposed if one.configuration == file]
    if any(one.by != by for one in waiting):
        return events
    proposal = ProgrammeChangeProposed(
        programme=command.programme, configuration=file, by=by, valid_from=command.valid_from
    )
    return [] if waiting else [proposal]


def _defined(command: Programme, region: str, state: Applied | None) -> list[ProgrammeDefined]:
    """The file on its first day, and on each later day on which another file was to take over."""
    file = command.model_dump(mode="json", by_alias=True)
    recorded = dict(state.configurations.steps) if state else {}
    days = [command.valid_from, *(day for day in recorded if day > command.valid_from)]
    changed = [day for day in days if day not in recorded or recorded[day].configuration != file]
    return [
        ProgrammeDefined(
            programme=command.programme,
            title=command.title,
            region=region,
            status=command.status,
            start=command.start,
            version=state.version + 1 if state else 1,
            configuration=file,
            valid_from=day,
        )
        for day in changed
    ]


def _switches(command: Programme, state: Applied | None) -> list[ProgrammeRuleSwitched]:
    """Each rule as the file takes it from day to day; a later day that the file does not name is taken the same way."""
    return [switch for rule in RULES for switch in _switches_of(rule, command, state)]


def _switches_of(rule: str, command: Programme, state: Applied | None) -> Iterator[ProgrammeRuleSwitched]:
    asked = Timeline[RuleSwitch]()
    for switch in command.rules:
        asked = asked.put(switch.valid_from, switch) if switch.rule == rule else asked
    recorded = dict(state.rules[rule].steps) if state and rule in state.rules else {}
    for day in sorted({day for day, _ in asked.steps} | recorded.keys()):
        holds = asked.at(day)
        if holds is not None:
            switched = _switched(command.programme, holds, day)
            if recorded.get(day) != switched:
                yield switched


def _switched(programme: str, switch: RuleSwitch, day: date) -> ProgrammeRuleSwitched:
    return ProgrammeRuleSwitched(
        programme=programme,
        rule=switch.rule,
        severity=switch.severity,
        parameters=dict(switch.parameters),
        source=list(switch.source),
        valid_from=day,
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
                before.put(event.valid_from, event),
                min(event.valid_from, state.valid_from) if state else event.valid_from,
                state.rules if state else MappingProxyType({}),
            )
        case ProgrammeRuleSwitched():
            assert state is not None, "a stream of a programme begins with its definition"  # noqa: S101
            return _remember(state, event)
        case ProgrammeChangeProposed():
            assert state is not None, "a new programme is not proposed"  # noqa: S101
            return replace(state, proposed=(*state.proposed, event))


def _remember(state: Applied, event: ProgrammeRuleSwitched) -> Applied:
    through_time = state.rules.get(event.rule, Timeline[ProgrammeRuleSwitched]()).put(event.valid_from, event)
    return replace(state, rules=MappingProxyType({**state.rules, event.rule: through_time}))
