"""Names through time: what something is called on a day, and what it was called before."""

from datetime import date

from services.registry.timeline import Timeline


def former(names: Timeline[str], day: date) -> list[str]:
    """The names that it had before this day and has no longer (*vorige namen*), oldest first, each once."""
    now = names.at(day)
    return list(dict.fromkeys(name for _, name in names.until(day).steps if name != now))
