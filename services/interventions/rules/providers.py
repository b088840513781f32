"""R-ONE-PROVIDER: one provider per school, chosen by the school (HR-07)."""

from services.interventions.facts import Facts
from services.interventions.rules.happening import Happening
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text


def one_provider(event: Happening, facts: Facts) -> Finding | None:
    """The school chose this provider for that day, or its choice is not known (OQ-19); a change may still be recorded.

    Which provider it did choose is not told (G-21).
    """
    chosen = facts.provider_of(event.programme, event.site, event.day)
    if chosen is None or chosen == event.provider:
        return None
    return Finding("R-ONE-PROVIDER", Severity.BLOCK, event.pointer("siteCode"), _OTHER, _HINT, waits=True)


_OTHER = Text(
    "Uw organisatie is op die dag niet de gekozen aanbieder van deze school.",
    "Your organisation is not this school's chosen provider on that day.",
)
_HINT = Text(
    "We beoordelen dit vanzelf opnieuw zodra de keuze van de school anders is vastgelegd.",
    "We judge this again by ourselves once the school's choice is recorded differently.",
)
