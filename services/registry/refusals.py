"""Refusals that several nouns share, in the words of one place."""

from services.registry.timeline import Span
from shared.domain.findings import Refused, refuse
from shared.domain.texts import Text


def reversed_period(pointer: str = "/validTo") -> Refused:
    """The last day lies before the first."""
    return refuse(
        "period-reversed",
        pointer,
        "de laatste dag ligt voor de eerste",
        "the last day is before the first",
        None,
        "invalid",
    )


def before_start(pointer: str = "/validFrom") -> Refused:
    """The day lies before the first day of what is changed."""
    return refuse(
        "before-start",
        pointer,
        "die dag ligt voor de eerste dag waarop dit bestond",
        "that day is before the first day on which this existed",
        None,
        "invalid",
    )


def unknown(noun: str, pointer: str, nl: str, en: str) -> Refused:
    """A reference in a body to something that is not recorded (or not for this caller)."""
    path = PATHS[noun]
    return refuse(
        f"no-such-{noun}",
        pointer,
        f"{nl} is niet geregistreerd",
        f"{en} is not registered",
        Text(f"leg dat eerst vast met POST {path}", f"record that first with POST {path}"),
        kind="invalid",
    )


def already(pointer: str, nl: str, en: str) -> Refused:
    """Recorded before, with other content."""
    return refuse("already-registered", pointer, nl, en)


def overlaps(pointer: str, asked: Span, held: Span) -> Refused:
    """The period that is asked shares days with one that is recorded."""
    return refuse(
        "period-overlaps",
        pointer,
        f"{asked} overlapt met wat is vastgelegd: {held}",
        f"{asked} overlaps what is recorded: {held}",
    )


def not_participating(pointer: str) -> Refused:
    """The school does not take part in the programme on that day."""
    return refuse(
        "no-participation",
        pointer,
        "de school neemt op die dag niet deel aan het programma",
        "the school does not take part in the programme on that day",
        Text("leg eerst de deelname vast met POST /participations", "record it first with POST /participations"),
    )


def region_not_yours(pointer: str = "/region") -> Refused:
    """An administrator records what is of its own region alone."""
    return refuse("region-not-yours", pointer, "niet uw regio", "not your region", kind="forbidden")


PATHS = {
    "municipality": "/municipalities",
    "region": "/regions",
    "school": "/schools",
    "site": "/sites",
    "provider": "/providers",
    "staff": "/professionals",
    "programme": "/programmes",
    "board": "/boards",
    "partnership": "/partnerships",
}
