"""What a programme does not pay for (INV-06): recognised by form and type of activity, never by theme (2C-T1)."""

from services.interventions.facts import Facts
from services.interventions.rules.happening import Happening
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text

LEARNING_SUPPORT = "LEARNING_SUPPORT"


def learning_support(event: Happening, facts: Facts) -> Finding | None:
    """R-EXCL-LEARNING: solving learning problems or educational support (2C-24, HR-11), in whatever form."""
    if vars(event.content).get("activity") != LEARNING_SUPPORT:
        return None
    return Finding("R-EXCL-LEARNING", Severity.BLOCK, event.pointer("activity"), _LEARNING, _ELSEWHERE)


_LEARNING = Text(
    "Leerproblemen en onderwijsondersteuning vallen niet onder deze jeugdhulp.",
    "Learning problems and educational support are outside this youth help.",
)
_ELSEWHERE = Text(
    "Stuur dit niet in: de school of het samenwerkingsverband biedt dit zelf.",
    "Do not send this in: the school or its partnership offers this itself.",
)
