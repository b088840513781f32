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
    Rule("INV-01", kind_is_allowed),
    Rule("P-01", contract_covers_school),
    Rule("R-ONE-PROVIDER", one_provider),
    Rule("R-EXCL-LEARNING", learning_support),
)


def judge(event: Happening, facts: Facts) -> list[Finding]:
    """Everything the rules have to say about an event, in the order of the list."""
    return [finding for rule in RULES if (finding := rule.apply(event, facts)) is not None]
