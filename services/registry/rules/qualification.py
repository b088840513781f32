"""Who may work: registered in SKJ or BIG, with an education on HBO level, or by responsible allocation (INV-09)."""

from decimal import Decimal

from services.registry.professional import Professional
from services.registry.rules.facts import Deployment, Facts, SchoolDay
from services.registry.rules.rule import found
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text

HBO = ("HBO", "WO")
REGISTERS = ("SKJ", "BIG")


def registered(event: Deployment, facts: Facts) -> Finding | None:
    """R-QUAL-REGISTERED: a verified registration covers the day (2C-34, HG-22), or allocation makes up for it."""
    if _registered(facts.professional, facts) or _allocated(event, facts):
        return None
    text = Text(
        f"voor {event.staff} is op {facts.day} geen registratie (SKJ, BIG) bekend",
        f"no registration (SKJ, BIG) of {event.staff} is known on {facts.day}",
    )
    return found("/staff", text, _LOOK_UP)


def hbo(event: Deployment, facts: Facts) -> Finding | None:
    """R-QUAL-HBO: an education on HBO level or above was completed by the day (2C-34, HG-22), or allocation."""
    asked = facts.names("R-QUAL-HBO", "educations")
    educations = facts.professional.qualifications if facts.professional else ()
    fitting = any(
        one.level in HBO and one.valid_from <= facts.day and (not asked or one.education in asked) for one in educations
    )
    if fitting or _allocated(event, facts):
        return None
    named = f" ({', '.join(asked)})" if asked else ""
    text = Text(
        f"voor {event.staff} is op {facts.day} geen passende hbo-opleiding{named} bekend",
        f"no fitting HBO education{named} of {event.staff} is known on {facts.day}",
    )
    return found("/staff", text, _EDUCATE)


def allocated_share(event: SchoolDay, facts: Facts) -> Finding | None:
    """R-QUAL-HBO at a school: work by allocation is at most this share of the hours (OQ-05); told, never refused."""
    if "allocatedShareOfHours" not in facts.parameters("R-QUAL-HBO"):
        return None
    most, hours = facts.number("R-QUAL-HBO", "allocatedShareOfHours", 100), facts.hours(event.day)
    whole = sum(hours.values(), Decimal(0))
    part = sum(
        (hours[one.assignment] for one in facts.assignments if one.allocation and one.span.holds(event.day)), Decimal(0)
    )
    if part * 100 <= whole * most:
        return None
    share = round(part * 100 / whole)
    text = Text(
        f"{share}% van de uren is werktoedeling, ten hoogste {most}% mag",
        f"{share}% of the hours is by allocation, at most {most}% may be",
    )
    return found("/site", text, _REGISTERED_HOURS, Severity.FLAG)


def responsible_allocation(event: Deployment, facts: Facts) -> Finding | None:
    """R-QUAL-VWT: who works without registration does so where it is allowed, under supervision (2C-35, HG-24).

    An assignment says that it is one by giving a reason.
    """
    if event.reason is None or _allocated(event, facts):
        return None
    if not _allowed(facts):
        return found("/allocation", _NOT_ALLOWED, _ALLOW)
    return found("/staff", _NO_SUPERVISOR, _SUPERVISE)


def _registered(person: Professional | None, facts: Facts) -> bool:
    registers = facts.names("R-QUAL-REGISTERED", "registers") or REGISTERS
    known = person.registrations if person else ()
    return any(one.register in registers and one.span.holds(facts.day) for one in known)


def _allocated(event: Deployment, facts: Facts) -> bool:
    """A reason is given, it is allowed here, and whoever supervises is registered with HBO."""
    if event.reason is None or not _allowed(facts):
        return False
    supervisor = facts.supervisor
    return supervisor is not None and _registered(supervisor, facts) and supervisor.level(facts.day) in HBO


def _allowed(facts: Facts) -> bool:
    if facts.programme.severity("R-QUAL-VWT", facts.day) is Severity.OFF:
        return False
    asked = facts.parameters("R-QUAL-VWT")
    return asked.get("allowed") is True or (asked.get("perLot") is True and facts.lot_allows)


_LOOK_UP = Text(
    "kijk de registratie na en leg haar vast met POST /professionals/.../registrations",
    "look the registration up and record it with POST /professionals/.../registrations",
)
_EDUCATE = Text(
    "leg de opleiding vast met POST /professionals/.../qualifications",
    "record the education with POST /professionals/.../qualifications",
)
_NOT_ALLOWED = Text(
    "verantwoorde werktoedeling is in dit programma of perceel niet toegestaan",
    "responsible allocation is not allowed in this programme or lot",
)
_ALLOW = Text("noem een perceel dat het toestaat", "name a lot that allows it")
_REGISTERED_HOURS = Text("zet meer uren van geregistreerde medewerkers in", "assign more hours of registered workers")
_NO_SUPERVISOR = Text(
    "er is op die dag geen geregistreerde begeleider met hbo bekend",
    "no registered supervisor with HBO is known on that day",
)
_SUPERVISE = Text(
    "leg de begeleider vast met POST /professionals/.../supervisors",
    "record the supervisor with POST /professionals/.../supervisors",
)
