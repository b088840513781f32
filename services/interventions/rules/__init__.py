"""The rules by which an event is judged: one named pure function each, `(event, facts) -> Finding | None`.

`RULES` is the visible list. A rule id of programmes.md (`R-...`) is taken as the programme takes it on the day it
happened; an invariant (INV-..) always holds.
"""

from services.interventions.facts import Facts
from services.interventions.rules.contracts import contract_covers_school
from services.interventions.rules.exclusions import learning_support
from services.interventions.rules.happening import Happening
from services.interventions.rules.invariants import (
    kind_is_allowed,
    not_before_programme,
    not_in_the_future,
    school_is_known,
    school_is_open,
    school_participates,
    school_type_is_allowed,
)
from services.interventions.rules.providers import one_provider
from services.interventions.rules.rule import Rule
from services.interventions.rules.staffing import staff_is_assigned, staff_is_known
from shared.domain.findings import Finding

RULES: tuple[Rule, ...] = (
    Rule("INV-01", not_in_the_future),
    Rule("INV-01", not_before_programme),
    Rule("INV-02", school_is_known),
    Rule("INV-02", school_is_open),
    Rule("INV-02", school_participates),
    Rule("INV-02", school_type_is_allowed),
    Rule("INV-02", staff_is_known),
    Rule("INV-02", staff_is_assigned),
    Rule("INV-01", kind_is_allowed, of_content=True),
    Rule("P-01", contract_covers_school),
    Rule("R-ONE-PROVIDER", one_provider),
    Rule("R-EXCL-LEARNING", learning_support, of_content=True),
)


_OF_CONTENT = tuple(rule for rule in RULES if rule.of_content)
MOST_CLEAN = 50_000
"""So many combinations of who, where and when are known to be in order."""


def judge(event: Happening, facts: Facts) -> list[Finding]:
    """Everything the rules have to say about an event, in the order of the list.

    Most events are one of many at the same place, on the same day, by the same people. Where all rules that look at
    nothing else found nothing, they are not asked again until the facts change.
    """
    where = event.where
    if where in facts.clean:
        return _found(_OF_CONTENT, event, facts)
    found = _found(RULES, event, facts)
    if not found:
        if len(facts.clean) >= MOST_CLEAN:
            facts.clean.clear()
        facts.clean.add(where)
    return found


def _found(rules: tuple[Rule, ...], event: Happening, facts: Facts) -> list[Finding]:
    return [finding for rule in rules if (finding := rule.apply(event, facts)) is not None]
