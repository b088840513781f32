"""The switchboard: the rules that a programme can switch (programmes.md 2.2), with the parameters that each knows.

What a rule *does* lives in the service that judges by it; here is only what may stand in a programme's file.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from shared.domain.texts import Text

# A parameter may be of any type that JSON can carry; each adapter knows its own.
Parameter = TypeAdapter[Any]

COUNT: Parameter = TypeAdapter(Annotated[int, Field(ge=0, le=10_000, strict=True)])
CODES: Parameter = TypeAdapter(list[Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$", strict=True)]])
YES_NO: Parameter = TypeAdapter(Annotated[bool, Field(strict=True)])
DAY: Parameter = TypeAdapter(date)
ACTOR: Parameter = TypeAdapter(Literal["LOCAL_TEAM"])
PER: Parameter = TypeAdapter(Literal["YEAR", "SCHOOL_YEAR"])
BASIS: Parameter = TypeAdapter(Literal["HOURS", "SCHOOL_HOURS"])
ROLES: Parameter = TypeAdapter(dict[str, list[str]])


@dataclass(frozen=True, slots=True)
class RuleWord:
    """A rule as a programme's file may name it."""

    title: Text
    parameters: dict[str, Parameter] = field(default_factory=dict)


RULES: dict[str, RuleWord] = {
    "R-COLLECTIVE-FIRST": RuleWord(
        Text("Individuele inzet heeft een reden nodig", "Individual help needs a reason"),
    ),
    "R-NO-UNLESS": RuleWord(
        Text("Individueel alleen met toegestane uitzondering", "Individual only with an approved exception"),
    ),
    "R-LIGHT-BOUND": RuleWord(
        Text("Lichte incidentele steun is begrensd", "Light incidental support is bounded"),
        {"contacts": COUNT, "minutes": COUNT},
    ),
    "R-HOME-CONSENT": RuleWord(
        Text("Steun thuis vraagt instemming van het lokale team", "Support at home needs the local team's consent"),
        {"by": ACTOR},
    ),
    "R-CONTRA-SINGLE": RuleWord(
        Text("Niet voor één leerling zonder schoolimpact", "Not for a single pupil without school impact"),
    ),
    "R-PRECEDING-FIELD": RuleWord(
        Text("Niet wat het voorliggend veld kan doen", "Not what the preceding field can do"),
    ),
    "R-EXCL-DIDACTIC": RuleWord(
        Text("Geen didactiek van leerdoelen", "No teaching of learning goals"),
    ),
    "R-EXCL-LEARNING": RuleWord(
        Text("Geen leerproblemen of onderwijsondersteuning", "No learning support"),
    ),
    "R-EXCL-PREVENTIVE": RuleWord(
        Text("Geen algemene preventieve training", "No general preventive training"),
    ),
    "R-EXCL-TEACHER-TRAINING": RuleWord(
        Text("Geen reguliere scholing van leraren", "No regular teacher training"),
    ),
    "R-TREND-GROUP": RuleWord(
        Text("Een terugkerend thema vraagt een groepsaanpak", "A repeated theme must lead to group action"),
        {"times": COUNT},
    ),
    "R-QUAL-REGISTERED": RuleWord(
        Text("Registratie in SKJ of BIG is geldig", "Registration in SKJ or BIG is valid"),
        {"registers": CODES},
    ),
    "R-QUAL-HBO": RuleWord(
        Text("Afgeronde opleiding op hbo-niveau", "Completed HBO education"),
        {"educations": CODES},
    ),
    "R-QUAL-VWT": RuleWord(
        Text("Niet-geregistreerd alleen waar toegestaan", "Unregistered only where it is allowed"),
        {"allowed": YES_NO, "perLot": YES_NO},
    ),
    "R-ADVISOR": RuleWord(
        Text("Een gedragswetenschapper is beschikbaar", "A behavioural scientist is available"),
        {"asTeamRole": YES_NO},
    ),
    "R-STAFF-MIN2": RuleWord(
        Text("Ten minste twee vaste medewerkers", "At least two fixed workers"),
        {"minimum": COUNT},
    ),
    "R-PRESENCE": RuleWord(
        Text("Aanwezigheid in uren per week", "Presence in hours per week"),
        {"hoursPerWeek": COUNT, "basis": BASIS},
    ),
    "R-REPLACEMENT": RuleWord(
        Text("Afwezigheid wordt vervangen", "Absence is replaced"),
        {"schoolDays": COUNT},
    ),
    "R-INTRO": RuleWord(
        Text("Kennismaking gaat vooraf aan de start", "Introduction before the start"),
    ),
    "R-RECRUITMENT": RuleWord(
        Text("De school is betrokken bij de werving", "The school is involved in recruitment"),
    ),
    "R-ONE-PROVIDER": RuleWord(
        Text("Eén aanbieder per school", "One provider per school"),
    ),
    "R-CODE-MUTEX": RuleWord(
        Text("Productcodes die elkaar uitsluiten", "Product codes that exclude each other"),
        {"codes": CODES},
    ),
    "R-SUITABILITY": RuleWord(
        Text("Expertise per schoolsoort", "Expertise per school type"),
    ),
    "R-EXPERIENCE": RuleWord(
        Text("Ervaring bij de schoolsoort in de regio", "Experience at the type in the region"),
        {"months": COUNT},
    ),
    "R-WLZ": RuleWord(
        Text("WLZ-contract voor cluster 3", "WLZ contract for cluster 3"),
    ),
    "R-NO-ORDER": RuleWord(
        Text("Er mag geen beschikking worden gevraagd", "No order may be demanded"),
    ),
    "R-ORDER-RESIDENCE": RuleWord(
        Text("Beschikking bij de woongemeente", "Order requests go to the municipality of residence"),
    ),
    "R-RESIDENCE-NEUTRAL": RuleWord(
        Text("Woonplaats is geen voorwaarde", "Residence is no condition"),
    ),
    "R-TEAM-COMPOSITION": RuleWord(
        Text("Vereiste rollen per subregio", "Required roles per sub-region"),
        {"roles": ROLES},
    ),
    "R-PLAN": RuleWord(
        Text("Plan van aanpak voor de start", "Action plan before the start"),
        {"sections": CODES, "developmentQuestions": COUNT},
    ),
    "R-OPP-LINK": RuleWord(
        Text("Traject is verbonden met een OPP-doel", "Pupil trajectory is linked to an OPP goal"),
    ),
    "R-MDO-QUORUM": RuleWord(
        Text("Ouder of leerling en school zijn aanwezig", "Parent or pupil and school are present"),
        {"parentOrPupil": COUNT, "schoolRole": COUNT},
    ),
    "R-CASE-COORD": RuleWord(
        Text("Casuscoördinator bij twee of meer partijen", "Co-ordinator when two or more parties help"),
        {"parties": COUNT},
    ),
    "R-NEW-SCHOOL-2027": RuleWord(
        Text("Nieuwe scholen pas vanaf 2027", "Additions only from 2027"),
        {"from": DAY},
    ),
    "R-NETWORK-CADENCE": RuleWord(
        Text("Bijeenkomsten gepland tegenover gehouden", "Meetings planned against held"),
        {"meetings": COUNT, "per": PER},
    ),
}
