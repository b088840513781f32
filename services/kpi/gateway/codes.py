"""Coded values: a code for machines and a label for people, and the lists they come from (*codelijsten*)."""

from enum import Enum

import strawberry

from services.kpi.definitions import Additivity, Basis, Direction, Protects, Unit
from services.kpi.figure import Dimension, FigureStatus, State, View
from services.kpi.gateway.fields import field
from shared.domain.calendar import PeriodType
from shared.domain.texts import Text

_ENUMS: dict[type[Enum], str] = {
    Additivity: "Over what values may be summed: never add up what is NONE.",
    Basis: "What figures rest on: schools' deliveries, or the events themselves.",
    Direction: "Which way is better.",
    Protects: "Whom a small number could disclose.",
    Unit: "What a value is a number of; PERCENT runs from 0 to 100.",
    Dimension: "What figures can be broken down by.",
    FigureStatus: "How final a figure is (voorlopig, nader voorlopig, definitief).",
    State: "Whether there is a value.",
    View: "By the attributes that schools had at the time, or have today.",
    PeriodType: "The lengths of a period.",
}
for _enum, _description in _ENUMS.items():
    strawberry.enum(_enum, description=_description)


@strawberry.enum(description="Nederlands of Engels.")
class Lang(Enum):
    """The language of a text."""

    NL = "nl"
    EN = "en"


SCHOOL_TYPES = {
    "SBO": Text("speciaal basisonderwijs", "special primary education"),
    "SO": Text("speciaal onderwijs", "special education"),
    "VSO": Text("voortgezet speciaal onderwijs", "secondary special education"),
    "SO_VSO": Text("speciaal en voortgezet speciaal onderwijs", "special and secondary special education"),
    "VO": Text("voortgezet onderwijs", "secondary education"),
    "SO_C3": Text("speciaal onderwijs, cluster 3", "special education, cluster 3"),
    "SO_C4": Text("speciaal onderwijs, cluster 4", "special education, cluster 4"),
    "VSO_C4": Text("voortgezet speciaal onderwijs, cluster 4", "secondary special education, cluster 4"),
    "PRO": Text("praktijkonderwijs", "practical education"),
    "VMBO": Text("vmbo", "pre-vocational secondary education"),
}
KINDS = {
    "GROUP": Text("groepsinterventie", "group intervention"),
    "INDIVIDUAL": Text("individuele interventie", "individual intervention"),
    "PARENT_SUPPORT": Text("ouderondersteuning", "parent support"),
    "CRISIS": Text("crisisinterventie", "crisis intervention"),
    "COACHING": Text("coaching", "coaching"),
    "TRAJECTORY": Text("traject", "trajectory"),
}
LISTS = {"SCHOOL_TYPE": SCHOOL_TYPES, "KIND": KINDS}


@strawberry.type(description="A code with its label.")
class Coded:
    """A code of one of the lists; a code that is in none is its own label."""

    code: str
    text: strawberry.Private[Text]

    @field
    def label(self, lang: Lang = Lang.NL) -> str:
        """For people."""
        return self.text.in_(lang.value)


@strawberry.type(description="A list of codes (codelijst).")
class CodeList:
    """The codes of one kind."""

    name: str
    codes: list[Coded]


def coded(code: str, known: dict[str, Text]) -> Coded:
    """This code of a list."""
    return Coded(code=code, text=known.get(code, Text(code, code)))


def code_lists() -> list[CodeList]:
    """All of them."""
    return [CodeList(name=name, codes=[coded(code, known) for code in known]) for name, known in LISTS.items()]
