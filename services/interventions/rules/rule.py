"""A rule: its id in the sources, and the function that finds."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from services.interventions.facts import Facts
from services.interventions.rules.happening import Happening
from shared.domain.findings import Finding, Severity

Check = Callable[[Happening, Facts], Finding | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` is a rule of the switchboard (`R-...`), or the invariant or process that always holds.

    `of_content` says that it looks at more of an event than who acted where and when.
    """

    id: str
    check: Check
    of_content: bool = False
    switched: bool = field(init=False)

    def __post_init__(self) -> None:
        """Only rules of the switchboard may be switched."""
        object.__setattr__(self, "switched", self.id.startswith("R-"))

    def apply(self, event: Happening, facts: Facts) -> Finding | None:
        """What it finds, as severely as the programme takes it on the day it happened."""
        if not self.switched:
            return self.check(event, facts)
        programme = facts.programmes.get(event.programme)
        severity = programme.severity(self.id, event.day) if programme else Severity.OFF
        if severity is Severity.OFF:
            return None
        finding = self.check(event, facts)
        return None if finding is None else replace(finding, code=self.id, severity=severity)
