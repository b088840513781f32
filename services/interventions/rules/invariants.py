"""INV-01 and INV-02: it happened in the programme, at a school that takes part, and not in the future."""

from services.interventions.facts import Facts
from services.interventions.intervention import Intervention
from services.interventions.rules.happening import Happening
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text

BLOCK, FLAG = Severity.BLOCK, Severity.FLAG


def not_in_the_future(event: Happening, facts: Facts) -> Finding | None:
    """INV-01: the day is today at the latest, on the calendar of the Netherlands."""
    if event.day <= event.today:
        return None
    return Finding("time-future", BLOCK, event.pointer(event.content.day_field), _FUTURE)


def not_before_programme(event: Happening, facts: Facts) -> Finding | None:
    """INV-01: the programme exists, and had started when it happened and when it was recorded."""
    programme = facts.programmes.get(event.programme)
    if programme is None or programme.setup(max(event.day, programme.start)) is None:
        return Finding("programme-unknown", BLOCK, event.pointer("programme"), _NO_PROGRAMME)
    if event.day >= programme.start and event.recorded_on >= programme.start:
        return None
    told = f"{programme.start:%Y-%m-%d}"
    hint = Text(f"Het programma begon op {told}.", f"The programme started on {told}.")
    pointer = event.pointer(event.content.day_field) if event.day < programme.start else "/time"
    return Finding("time-past", BLOCK, pointer, _BEFORE, hint)


def school_is_known(event: Happening, facts: Facts) -> Finding | None:
    """INV-02: the site is in the registry; it may still be recorded."""
    if event.site in facts.sites:
        return None
    return Finding("school-unknown", BLOCK, event.pointer("siteCode"), _NO_SCHOOL, _NO_SCHOOL_HINT, waits=True)


def school_is_open(event: Happening, facts: Facts) -> Finding | None:
    """INV-02: the site was not closed yet."""
    site = facts.sites.get(event.site)
    if site is None or site.closed_after is None or event.day <= site.closed_after:
        return None
    return Finding("school-closed", BLOCK, event.pointer("siteCode"), _CLOSED)


def school_participates(event: Happening, facts: Facts) -> Finding | None:
    """INV-02: the site takes part in the programme on that day; it may still be recorded."""
    if event.site not in facts.sites or facts.participates(event.programme, event.site, event.day):
        return None
    return Finding("not-participating", BLOCK, event.pointer("siteCode"), _NOT_IN, _NOT_IN_HINT, waits=True)


def school_type_is_allowed(event: Happening, facts: Facts) -> Finding | None:
    """The site is of a type for which the programme is (HR-04); its type may still be corrected."""
    programme, site = facts.programmes.get(event.programme), facts.sites.get(event.site)
    setup = programme.setup(event.day) if programme else None
    school_type = site.types.at(event.day) if site else None
    if setup is None or school_type is None or not setup.school_types or school_type in setup.school_types:
        return None
    return Finding("school-type-not-allowed", BLOCK, event.pointer("siteCode"), _TYPE, waits=True)


def kind_is_allowed(event: Happening, facts: Facts) -> Finding | None:
    """The programme has this kind of help; one that its source does not mention is allowed and flagged (OQ-17)."""
    programme = facts.programmes.get(event.programme)
    setup = programme.setup(event.day) if programme else None
    if setup is None or not isinstance(event.content, Intervention):
        return None
    if event.content.KIND in setup.flagged_kinds:
        return Finding("kind-not-mentioned", FLAG, "/type", _NOT_MENTIONED, _FOLLOW_UP)
    if event.content.KIND in setup.kinds:
        return None
    return Finding("kind-not-allowed", BLOCK, "/type", _NOT_ALLOWED)


_FUTURE = Text("De dag ligt in de toekomst.", "The day lies in the future.")
_NO_PROGRAMME = Text("Dit programma is niet bekend.", "This programme is not known.")
_BEFORE = Text("De dag ligt voor het begin van het programma.", "The day lies before the programme's start.")
_NO_SCHOOL = Text("Deze vestiging is niet bekend.", "This site is not known.")
_NO_SCHOOL_HINT = Text(
    "We beoordelen dit vanzelf opnieuw zodra de vestiging is vastgelegd.",
    "We judge this again by ourselves once the site is recorded.",
)
_CLOSED = Text("Deze vestiging was toen gesloten.", "This site was closed by then.")
_NOT_IN = Text(
    "Deze school deed op die dag niet mee aan het programma.",
    "This school did not take part in the programme on that day.",
)
_NOT_IN_HINT = Text(
    "We beoordelen dit vanzelf opnieuw zodra de deelname is vastgelegd.",
    "We judge this again by ourselves once the participation is recorded.",
)
_TYPE = Text("Het programma is er niet voor dit schooltype.", "The programme is not for this type of school.")
_NOT_MENTIONED = Text(
    "Deze soort inzet is toegestaan, maar wordt in het programma niet genoemd (OQ-17).",
    "This kind of help is allowed, but the programme does not mention it (OQ-17).",
)
_FOLLOW_UP = Text("Volg op binnen vijf schooldagen.", "Follow up within five school days.")
_NOT_ALLOWED = Text("Deze soort inzet hoort niet bij het programma.", "The programme does not have this kind of help.")
