"""A rule of the registry: its id on the switchboard, and the function that finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from services.registry.rules.facts import Facts
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text

Event = TypeVar("Event")
WEIGHT = {Severity.OFF: 0, Severity.INFO: 1, Severity.FLAG: 2, Severity.BLOCK: 3}


@dataclass(frozen=True, slots=True)
class Rule(Generic[Event]):
    """One named pure function `(event, facts) -> Finding | None`; it says what is so, not how bad that is.

    The programme says how it takes the rule on the day. A function may say that what it found is never more than a
    FLAG (an emergency, HG-29).
    """

    id: str
    check: Callable[[Event, Facts], Finding | None]

    def apply(self, event: Event, facts: Facts) -> Finding | None:
        """What it finds, as severely as the programme takes it on the day; nothing where it is off."""
        severity = facts.programme.severity(self.id, facts.day)
        if severity is Severity.OFF:
            return None
        finding = self.check(event, facts)
        if finding is None:
            return None
        return replace(finding, code=self.id, severity=min(severity, finding.severity, key=lambda one: WEIGHT[one]))


def found(pointer: str, text: Text, hint: Text | None = None, at_most: Severity = Severity.BLOCK) -> Finding:
    """A finding whose code and severity come from the rule."""
    return Finding("", at_most, pointer, text, hint)


def judge(rules: Iterable[Rule[Event]], event: Event, facts: Facts) -> list[Finding]:
    """Everything the rules have to say, in the order of the list."""
    return [finding for rule in rules if (finding := rule.apply(event, facts)) is not None]
