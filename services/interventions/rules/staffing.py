"""Who acted is known, and was assigned to the school on that day (INV-02)."""

from services.interventions.facts import Facts, Worker
from services.interventions.rules.happening import Happening
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text


def staff_is_known(event: Happening, facts: Facts) -> Finding | None:
    """Every member of staff is registered by the provider; one may still be."""
    unknown = [(i, staff) for i, staff in enumerate(event.staff) if not facts.knows(event.provider, staff)]
    if not unknown:
        return None
    named = ", ".join(staff for _, staff in unknown)
    hint = Text(
        f"We beoordelen dit vanzelf opnieuw zodra {named} is geregistreerd.",
        f"We judge this again by ourselves once {named} is registered.",
    )
    pointer = event.pointer(f"staff/{unknown[0][0]}")
    return Finding("staff-unknown", Severity.BLOCK, pointer, _UNKNOWN, hint, waits=True)


def staff_is_assigned(event: Happening, facts: Facts) -> Finding | None:
    """Every member of staff is assigned to the school on that day; if not, it counts and is flagged."""
    for index, staff in enumerate(event.staff):
        worker = Worker(event.provider, staff)
        if worker in facts.workers and not facts.assigned(event.programme, event.site, worker, event.day):
            return Finding("staff-not-assigned", Severity.FLAG, event.pointer(f"staff/{index}"), _ELSEWHERE)
    return None


_UNKNOWN = Text("Deze medewerker is niet bekend.", "This member of staff is not known.")
_ELSEWHERE = Text(
    "Deze medewerker was op die dag niet aan deze school toegewezen.",
    "This member of staff was not assigned to this school on that day.",
)
