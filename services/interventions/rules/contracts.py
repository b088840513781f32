"""The provider's contract covers the school on that day (P-01)."""

from datetime import date

from services.interventions.facts import Facts
from services.interventions.rules.happening import Happening
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text


def contract_covers_school(event: Happening, facts: Facts) -> Finding | None:
    """No event counts without a contract; a contract, or its renewal, may still be recorded."""
    if facts.covers(event.programme, event.site, event.provider, event.day):
        return None
    until = facts.covered_until(event.programme, event.site, event.provider, event.day)
    text = _NEVER if until is None else _ran_out(event, until)
    return Finding("no-coverage", Severity.BLOCK, event.pointer("siteCode"), text, _HINT, waits=True)


def _ran_out(event: Happening, until: date) -> Text:
    return Text(
        f"Uw organisatie had op {event.day} geen overeenkomst op {event.site}; die van u liep daar tot en met {until}.",
        f"Your organisation had no contract at {event.site} on {event.day}; yours there ran until {until}.",
    )


_NEVER = Text("Er is geen overeenkomst bekend.", "No contract known.")
_HINT = Text(
    "Is de overeenkomst er of verlengd, dan nemen we dit vanzelf aan zodra dat is vastgelegd.",
    "If there is one, or it was renewed, we accept this by ourselves once that is recorded.",
)
