"""The rules of the switchboard that contracts judges by (programmes.md 2.2): one named pure function each.

`(candidate, parameters) -> Finding or None`; the severity is the programme's, on the day it is about. BLOCK refuses,
FLAG and INFO are findings with the answer, OFF is not asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pydantic import JsonValue

from services.contracts.parts import Product
from services.contracts.product_code import overlap
from services.contracts.suitability import CLUSTER_3, EXPERIENCE_MONTHS, EXPERTISE, Candidate
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text

Parameters = Mapping[str, JsonValue]
CODES = ("45ABS", "41S01", "41S02")


@dataclass(frozen=True, slots=True)
class Switch:
    """How a programme takes a rule on a day."""

    severity: Severity = Severity.OFF
    parameters: Parameters = field(default_factory=dict)


Switches = Callable[[str], Switch]
"""How the programme takes a rule, by its id, on the day that is judged."""


def suitability(candidate: Candidate, parameters: Parameters) -> Finding | None:
    """R-SUITABILITY: the provider has every expertise that the school type asks (HG-32 to HG-35).

    `expertise` says what each type asks; without it, what the source says.
    """
    asked = parameters.get("expertise")
    of_type = asked.get(candidate.school_type) if isinstance(asked, dict) else EXPERTISE.get(candidate.school_type)
    wanted = {str(tag) for tag in of_type} if isinstance(of_type, list | frozenset) else set[str]()
    missing = sorted(wanted - candidate.expertise)
    if not missing:
        return None
    names = ", ".join(missing)
    return _found(
        "R-SUITABILITY",
        Text(f"voor {candidate.school_type} ontbreekt expertise: {names}",
             f"expertise is missing for {candidate.school_type}: {names}"),
        Text("leg de expertise vast bij de aanbieder", "declare the expertise with the provider"),
    )  # fmt: skip


def experience(candidate: Candidate, parameters: Parameters) -> Finding | None:
    """R-EXPERIENCE: 24 months at this school type within the region before the reference date (HG-37)."""
    if candidate.school_type not in EXPERTISE and "months" not in parameters:
        return None
    months = parameters.get("months", EXPERIENCE_MONTHS)
    asked = (
        candidate.day - months_before(candidate.day, months if isinstance(months, int) else EXPERIENCE_MONTHS)
    ).days
    if candidate.experienced_days() >= asked:
        return None
    return _found(
        "R-EXPERIENCE",
        Text(f"op {candidate.day} zijn er minder dan {months} maanden ervaring bij {candidate.school_type} in de regio",
             f"on {candidate.day} there are less than {months} months at {candidate.school_type} within the region"),
        Text("leg de ervaring vast bij de aanbieder", "record the experience with the provider"),
    )  # fmt: skip


def wlz(candidate: Candidate, parameters: Parameters) -> Finding | None:
    """R-WLZ: at these `schoolTypes` (cluster 3) the provider is contracted under the long-term care act too (HG-36)."""
    types = parameters.get("schoolTypes")
    if candidate.school_type not in (types if isinstance(types, list) else CLUSTER_3) or candidate.wlz:
        return None
    return _found(
        "R-WLZ",
        Text(f"op {candidate.day} is er geen contract onder de Wlz", f"there is no WLZ contract on {candidate.day}"),
        Text("leg het Wlz-contract vast bij de aanbieder", "record the WLZ contract with the provider"),
    )


def code_mutex(product: Product, others: Iterable[Product], parameters: Parameters) -> Finding | None:
    """R-CODE-MUTEX: no two of 45ABS, 41S01 and 41S02 for the same school, or pupil, on one day (HG-31, INV-18)."""
    exclusive = _codes(parameters)
    if product.code not in exclusive:
        return None
    by_pupil = parameters.get("scope") == "PUPIL"
    for other in others:
        same = other.site == product.site and (not by_pupil or other.subject == product.subject)
        if same and other.code in exclusive and other.code != product.code and overlap(product, other):
            days = f"{other.valid_from} – {other.valid_to or '…'}"
            return _found(
                "R-CODE-MUTEX",
                Text(f"{other.code} is hier in gebruik: {days}", f"{other.code} is in use here: {days}"),
                Text("laat die code eerst eindigen", "end that code first"),
            )
    return None


def code_is_exclusive(product: Product, parameters: Parameters) -> bool:
    """Whether the code is one of those that exclude each other."""
    return product.code in _codes(parameters)


RULES: tuple[tuple[str, Callable[[Candidate, Parameters], Finding | None]], ...] = (
    ("R-SUITABILITY", suitability),
    ("R-EXPERIENCE", experience),
    ("R-WLZ", wlz),
)
"""What is judged when a provider comes to a school."""


def judge(candidate: Candidate, switches: Switches, pointer: str = "") -> list[Finding]:
    """Everything the rules have to say about a provider at a school, in the order of the list."""
    found: list[Finding] = []
    for rule, function in RULES:
        switch = switches(rule)
        finding = function(candidate, switch.parameters) if switch.severity is not Severity.OFF else None
        if finding:
            found.append(taken(finding, switch, pointer))
    return found


def taken(finding: Finding, switch: Switch, pointer: str) -> Finding:
    """The finding as the programme takes it, at its place in what was sent."""
    return replace(finding, severity=switch.severity, pointer=pointer)


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))


def _codes(parameters: Parameters) -> Sequence[str]:
    codes = parameters.get("codes", list(CODES))
    return [code for code in codes if isinstance(code, str)] if isinstance(codes, list) else CODES


def _found(code: str, text: Text, hint: Text) -> Finding:
    return Finding(code, Severity.BLOCK, "", text, hint)
