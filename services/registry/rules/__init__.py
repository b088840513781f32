"""The rules of the switchboard that the registry judges by: one named pure function each, `(event, facts) -> Finding`.

The lists are what is visible: what is asked of an assignment, of a provider's choice, of a school that joins, and how a
school stands on a day. The severity is the programme's, on the day it is about; a BLOCK refuses the act.
"""

from services.registry.rules.facts import Away, Choosing, Deployment, Joining, SchoolDay
from services.registry.rules.qualification import allocated_share, hbo, registered, responsible_allocation
from services.registry.rules.rule import Rule
from services.registry.rules.schools import new_school, one_provider, team_composition
from services.registry.rules.staffing import advisor, presence, replacement, two_workers
from services.registry.rules.start import introduction, plan, recruitment

DEPLOYING: tuple[Rule[Deployment], ...] = (
    Rule("R-QUAL-REGISTERED", registered),
    Rule("R-QUAL-HBO", hbo),
    Rule("R-QUAL-VWT", responsible_allocation),
    Rule("R-INTRO", introduction),
    Rule("R-RECRUITMENT", recruitment),
    Rule("R-PLAN", plan),
)
"""Of a worker at a school, on the first day; how it stands on a later day is a finding."""

CHOOSING: tuple[Rule[Choosing], ...] = (Rule("R-ONE-PROVIDER", one_provider),)
JOINING: tuple[Rule[Joining], ...] = (Rule("R-NEW-SCHOOL-2027", new_school),)

STANDING: tuple[Rule[SchoolDay], ...] = (
    Rule("R-QUAL-HBO", allocated_share),
    Rule("R-ADVISOR", advisor),
    Rule("R-STAFF-MIN2", two_workers),
    Rule("R-PRESENCE", presence),
    Rule("R-TEAM-COMPOSITION", team_composition),
)
"""Of a school, on any day."""

ABSENCE: tuple[Rule[Away], ...] = (Rule("R-REPLACEMENT", replacement),)
