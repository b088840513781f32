"""The switchboard: the 35 rules that a programme can switch (*schakelbord*), with the parameters that each knows.

What a rule *does* lives in the service that judges by it, `owner`; here is only what may stand in a programme's file.
A `standing` rule looks at how things stand on a day, not at one act: there is nothing to refuse, so it may not BLOCK.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from services.registry.codes import Register, SchoolType, Section, StaffFunction, SubRegionCode, TeamRole
from services.registry.professional import Education
from services.registry.provider import ExpertiseTag
from shared.domain.texts import Text

Owner = Literal["registry", "contracts", "interventions", "kpi"]
"""The service that judges by a rule."""

# A parameter may be of any type that JSON can carry; each adapter knows its own.
Parameter = TypeAdapter[Any]

COUNT: Parameter = TypeAdapter(Annotated[int, Field(ge=0, le=10_000, strict=True)])
CODES: Parameter = TypeAdapter(list[Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$", strict=True)]])
YES_NO: Parameter = TypeAdapter(Annotated[bool, Field(strict=True)])
DAY: Parameter = TypeAdapter(date)
ACTOR: Parameter = TypeAdapter(Literal["LOCAL_TEAM"])
PER: Parameter = TypeAdapter(Literal["YEAR", "SCHOOL_YEAR"])
BASIS: Parameter = TypeAdapter(Literal["HOURS", "SCHOOL_HOURS"])
SCOPE: Parameter = TypeAdapter(Literal["SCHOOL", "PUPIL"])
ROLES: Parameter = TypeAdapter(dict[SubRegionCode, list[TeamRole]])
EXPERTISE: Parameter = TypeAdapter(dict[SchoolType, list[ExpertiseTag]])
SCHOOL_TYPES: Parameter = TypeAdapter(list[SchoolType])
SECTION_CODES: Parameter = TypeAdapter(list[Section])
EDUCATIONS: Parameter = TypeAdapter(list[Education])
REGISTERS: Parameter = TypeAdapter(list[Register])
FUNCTIONS: Parameter = TypeAdapter(list[StaffFunction])


@dataclass(frozen=True, slots=True)
class RuleWord:
    """A rule as a programme's file may name it."""

    title: Text
    owner: Owner
    parameters: dict[str, Parameter] = field(default_factory=dict)
    standing: bool = False


def _word(owner: Owner, nl: str, en: str, **parameters: Parameter) -> RuleWord:
    return RuleWord(Text(nl, en), owner, parameters)


def _standing(owner: Owner, nl: str, en: str, **parameters: Parameter) -> RuleWord:
    return RuleWord(Text(nl, en), owner, parameters, standing=True)


RULES: dict[str, RuleWord] = {
    "R-COLLECTIVE-FIRST": _word(
        "interventions", "Individuele inzet heeft een reden nodig", "Individual help needs a reason"
    ),
    "R-NO-UNLESS": _word(
        "interventions", "Individueel alleen met toegestane uitzondering", "Individual only with an approved exception"
    ),
    "R-LIGHT-BOUND": _word(
        "interventions",
        "Lichte incidentele steun is begrensd",
        "Light incidental support is bounded",
        contacts=COUNT,
        minutes=COUNT,
    ),
    "R-HOME-CONSENT": _word(
        "interventions",
        "Steun thuis vraagt instemming van het lokale team",
        "Support at home needs the local team's consent",
        by=ACTOR,
    ),
    "R-CONTRA-SINGLE": _word(
        "interventions",
        "Niet voor één leerling zonder schoolimpact",
        "Not for a single pupil without school impact",
    ),
    "R-PRECEDING-FIELD": _word(
        "interventions", "Niet wat het voorliggend veld kan doen", "Not what the preceding field can do"
    ),
    "R-EXCL-DIDACTIC": _word("interventions", "Geen didactiek van leerdoelen", "No teaching of learning goals"),
    "R-EXCL-LEARNING": _word("interventions", "Geen leerproblemen of onderwijsondersteuning", "No learning support"),
    "R-EXCL-PREVENTIVE": _word("interventions", "Geen algemene preventieve training", "No general preventive training"),
    "R-EXCL-TEACHER-TRAINING": _word(
        "interventions", "Geen reguliere scholing van leraren", "No regular teacher training"
    ),
    "R-TREND-GROUP": _standing(
        "interventions",
        "Een terugkerend thema vraagt een groepsaanpak",
        "A repeated theme must lead to group action",
        times=COUNT,
    ),
    "R-QUAL-REGISTERED": _word(
        "registry", "Registratie in SKJ of BIG is geldig", "Registration in SKJ or BIG is valid", registers=REGISTERS
    ),
    "R-QUAL-HBO": _word(
        "registry",
        "Afgeronde opleiding op hbo-niveau",
        "Completed HBO education",
        educations=EDUCATIONS,
        allocatedShareOfHours=COUNT,
    ),
    "R-QUAL-VWT": _word(
        "registry",
        "Niet-geregistreerd alleen waar toegestaan",
        "Unregistered only where it is allowed",
        allowed=YES_NO,
        perLot=YES_NO,
    ),
    "R-ADVISOR": _standing(
        "registry",
        "Een gedragswetenschapper is beschikbaar",
        "A behavioural scientist is available",
        asTeamRole=YES_NO,
        functions=FUNCTIONS,
    ),
    "R-STAFF-MIN2": _standing(
        "registry", "Ten minste twee vaste medewerkers", "At least two fixed workers", minimum=COUNT
    ),
    "R-PRESENCE": _standing(
        "registry",
        "Aanwezigheid in uren per week",
        "Presence in hours per week",
        hoursPerWeek=COUNT,
        basis=BASIS,
    ),
    "R-REPLACEMENT": _standing("registry", "Afwezigheid wordt vervangen", "Absence is replaced", schoolDays=COUNT),
    "R-INTRO": _word("registry", "Kennismaking gaat vooraf aan de start", "Introduction before the start"),
    "R-RECRUITMENT": _word(
        "registry", "De school is betrokken bij de werving", "The school is involved in recruitment"
    ),
    "R-ONE-PROVIDER": _word("registry", "Eén aanbieder per school", "One provider per school"),
    "R-CODE-MUTEX": _word(
        "contracts",
        "Productcodes die elkaar uitsluiten",
        "Product codes that exclude each other",
        codes=CODES,
        scope=SCOPE,
    ),
    "R-SUITABILITY": _word("contracts", "Expertise per schoolsoort", "Expertise per school type", expertise=EXPERTISE),
    "R-EXPERIENCE": _word(
        "contracts",
        "Ervaring bij de schoolsoort in de regio",
        "Experience at the type in the region",
        months=COUNT,
    ),
    "R-WLZ": _word("contracts", "WLZ-contract voor cluster 3", "WLZ contract for cluster 3", schoolTypes=SCHOOL_TYPES),
    "R-NO-ORDER": _word("interventions", "Er mag geen beschikking worden gevraagd", "No order may be demanded"),
    "R-ORDER-RESIDENCE": _word(
        "interventions",
        "Beschikking bij de woongemeente",
        "Order requests go to the municipality of residence",
        functions=FUNCTIONS,
    ),
    "R-RESIDENCE-NEUTRAL": _word("interventions", "Woonplaats is geen voorwaarde", "Residence is no condition"),
    "R-TEAM-COMPOSITION": _standing(
        "registry", "Vereiste rollen per subregio", "Required roles per sub-region", roles=ROLES
    ),
    "R-PLAN": _word(
        "registry",
        "Plan van aanpak voor de start",
        "Action plan before the start",
        sections=SECTION_CODES,
        developmentQuestions=COUNT,
    ),
    "R-OPP-LINK": _word(
        "interventions", "Traject is verbonden met een OPP-doel", "Pupil trajectory is linked to an OPP goal"
    ),
    "R-MDO-QUORUM": _word(
        "interventions",
        "Ouder of leerling en school zijn aanwezig",
        "Parent or pupil and school are present",
        parentOrPupil=COUNT,
        schoolRole=COUNT,
    ),
    "R-CASE-COORD": _word(
        "interventions",
        "Casuscoördinator bij twee of meer partijen",
        "Co-ordinator when two or more parties help",
        parties=COUNT,
    ),
    "R-NEW-SCHOOL-2027": _word(
        "registry", "Nieuwe scholen pas vanaf 2027", "Additions only from 2027", **{"from": DAY}
    ),
    "R-NETWORK-CADENCE": _standing(
        "kpi", "Bijeenkomsten gepland tegenover gehouden", "Meetings planned against held", meetings=COUNT, per=PER
    ),
}
