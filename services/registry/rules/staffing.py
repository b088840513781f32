"""Who is at a school: enough fixed people, enough hours, somebody to ask, and somebody else when one is away."""

from decimal import Decimal

from services.registry.codes import StaffFunction
from services.registry.rules.facts import Away, Facts, SchoolDay
from services.registry.rules.rule import found
from shared.domain.findings import Finding
from shared.domain.texts import Text

MINIMUM, HOURS_PER_WEEK, SCHOOL_WEEK = 2, 30, 5
TEN = Decimal("0.1")


def two_workers(event: SchoolDay, facts: Facts) -> Finding | None:
    """R-STAFF-MIN2: so many fixed faces work at the school on the day (HG-26, OQ-08, INV-11)."""
    wanted = facts.number("R-STAFF-MIN2", "minimum", MINIMUM)
    fixed = {(one.provider, one.staff) for one in facts.assignments if one.fixed_face and one.span.holds(event.day)}
    if len(fixed) >= wanted:
        return None
    text = Text(
        f"{len(fixed)} van ten minste {wanted} vaste medewerkers", f"{len(fixed)} of at least {wanted} fixed workers"
    )
    return found("/site", text, _ASSIGN)


def presence(event: SchoolDay, facts: Facts) -> Finding | None:
    """R-PRESENCE: the hours agreed for a week, and those of the last whole week (HG-27, 2C-25, INV-11).

    A week counts by its school days: 30 hours in five, 24 in four (OQ-09). A week of which nothing was recorded says
    nothing; neither do school hours that are not recorded.
    """
    by_school = facts.parameters("R-PRESENCE").get("basis") == "SCHOOL_HOURS"
    wanted = facts.school_hours if by_school else Decimal(facts.number("R-PRESENCE", "hoursPerWeek", HOURS_PER_WEEK))
    if wanted is None:
        return None
    agreed = sum(facts.hours(event.day).values(), Decimal(0))
    if agreed < wanted:
        text = Text(
            f"{_shown(agreed)} van {_shown(wanted)} uur per week afgesproken",
            f"{_shown(agreed)} of {_shown(wanted)} hours a week agreed",
        )
        return found("/site", text, _MORE_HOURS)
    return _realised(facts, wanted)


def _realised(facts: Facts, wanted: Decimal) -> Finding | None:
    week = facts.week
    if week is None or week.minutes is None:
        return None
    asked, there = wanted * week.school_days / SCHOOL_WEEK, Decimal(week.minutes) / 60
    if there >= asked:
        return None
    text = Text(
        f"week van {week.monday}: {_shown(there)} van {_shown(asked)} uur aanwezig",
        f"week of {week.monday}: {_shown(there)} of {_shown(asked)} hours present",
    )
    return found("/site", text, _MORE_PRESENCE)


def advisor(event: SchoolDay, facts: Facts) -> Finding | None:
    """R-ADVISOR: a behavioural scientist can be asked: with the school's provider, or as a role in its team (HG-23)."""
    wanted = facts.names("R-ADVISOR", "functions") or (StaffFunction.BEHAVIOURAL_SCIENTIST.value,)
    in_team = facts.parameters("R-ADVISOR").get("asTeamRole") is True
    there = {str(one) for one in (facts.team or ())} if in_team else {str(one) for one in facts.advisors}
    if there.intersection(wanted):
        return None
    return found("/site", _NO_ADVISOR, _ADD_ADVISOR if in_team else _REGISTER_ADVISOR)


def replacement(event: Away, facts: Facts) -> Finding | None:
    """R-REPLACEMENT: an absence is replaced, at the latest after so many school days (HG-28).

    `facts.school_days` are those from the first day of the absence up to and including the day.
    """
    absence, wanted = event.absence, facts.number("R-REPLACEMENT", "schoolDays", 1)
    if not absence.span.holds(event.day) or absence.replaced(event.day):
        return None
    alone = [day for day in facts.school_days if absence.span.holds(day) and not absence.replaced(day)]
    if len(alone) <= wanted:
        return None
    text = Text(
        f"{absence.staff} is al {len(alone)} schooldagen afwezig zonder vervanging",
        f"{absence.staff} has been absent for {len(alone)} school days without replacement",
    )
    return found("/absence", text, _REPLACE)


def _shown(hours: Decimal) -> str:
    return f"{hours.quantize(TEN).normalize():f}"


_ASSIGN = Text("zet een vaste medewerker in met POST /assignments", "assign a fixed worker with POST /assignments")
_MORE_HOURS = Text(
    "breid de uren uit met POST /assignments/.../hours", "extend the hours with POST /assignments/.../hours"
)
_MORE_PRESENCE = Text(
    "bespreek de week met de aanbieder, of vul de aanwezigheid aan met POST /presence",
    "discuss the week with the provider, or complete the presence with POST /presence",
)
_NO_ADVISOR = Text("er is geen gedragswetenschapper voor advies", "there is no behavioural scientist for advice")
_REGISTER_ADVISOR = Text(
    "registreer de gedragswetenschapper van de aanbieder met POST /professionals",
    "register the provider's behavioural scientist with POST /professionals",
)
_ADD_ADVISOR = Text(
    "voeg de gedragswetenschapper toe aan het team van de school",
    "add the behavioural scientist to the school's team",
)
_REPLACE = Text(
    "regel vervanging met POST /absences/.../replacements", "arrange a replacement with POST /absences/.../replacements"
)
