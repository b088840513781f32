"""The words by which a held event says what would help it, and by which changes are told."""

from services.interventions.facts import waits_for_place, waits_for_site, waits_for_worker
from services.interventions.past import Past
from services.interventions.pushed import Pushed
from shared.log.events import Key


def words_for(pushed: Pushed, past: Past) -> frozenset[str]:
    """Everything a held event may be waiting for: its school, its staff, its trajectory, its original."""
    words: set[str] = set()
    content = pushed.content
    if content is not None:
        words |= {waits_for_place(content.programme, content.site_code), waits_for_site(content.site_code)}
        staff: list[str] | None = getattr(content, "staff", None)
        words |= {waits_for_worker(pushed.key.organisation, one) for one in staff or ()}
    if (trajectory := past.trajectory(pushed)) is not None:
        words.add(trajectory)
    if pushed.refers_to is not None:
        words.add(event_word(pushed.refers_to))
    return frozenset(words)


def event_word(key: Key) -> str:
    """The word for an event of a sender."""
    return f"event:{key.organisation}/{key.source}/{key.source_id}"
