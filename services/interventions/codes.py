"""The codes an event may carry (waardelijsten), read from the one dated code-list file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from ruamel.yaml import YAML

from shared.domain.texts import Text

FILE = Path(__file__).parent / "code_lists.yaml"


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list: its name, its title, and each code with its label, in the order of the file."""

    name: str
    title: Text
    codes: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class CodeLists:
    """The whole edition, with the day it is of."""

    date: date
    lists: Mapping[str, CodeList]


def load(path: Path = FILE) -> CodeLists:
    """The edition in the file. A list or code named twice is an error of the YAML reader."""
    edition = YAML(typ="safe").load(path)
    lists = {
        name: CodeList(
            name, Text(**entry["title"]), MappingProxyType({c: Text(**t) for c, t in entry["codes"].items()})
        )
        for name, entry in edition["lists"].items()
    }
    return CodeLists(edition["date"], MappingProxyType(lists))


def _code_list(name: str, entry: dict[str, Any]) -> CodeList:
    codes = {code: Text(**label) for code, label in entry["codes"].items()}
    return CodeList(name, Text(**entry["title"]), MappingProxyType(codes))


CODE_LISTS = load()


@dataclass(frozen=True, slots=True)
class Code:
    """Marks a field as taking the codes of one list; the JSON Schema shows them as an enumeration."""

    list: str

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(CODE_LISTS.lists[self.list].codes))


Setting = Annotated[str, Code("SETTING")]
Purpose = Annotated[str, Code("PURPOSE")]
Focus = Annotated[str, Code("FOCUS")]
Trigger = Annotated[str, Code("TRIGGER")]
Form = Annotated[str, Code("FORM")]
Activity = Annotated[str, Code("ACTIVITY")]
HelpLevel = Annotated[str, Code("HELP_LEVEL")]
Function = Annotated[str, Code("FUNCTION")]
Theme = Annotated[str, Code("THEME")]
OutcomeTag = Annotated[str, Code("OUTCOME")]
GroupMode = Annotated[str, Code("GROUP_MODE")]
IndividualMode = Annotated[str, Code("INDIVIDUAL_MODE")]
SchoolImpact = Annotated[str, Code("SCHOOL_IMPACT")]
TalkResult = Annotated[str, Code("TALK_RESULT")]
Escalation = Annotated[str, Code("ESCALATION")]
CoachingAudience = Annotated[str, Code("COACHING_AUDIENCE")]
CoachingSubtype = Annotated[str, Code("COACHING_SUBTYPE")]
Duration = Annotated[str, Code("DURATION")]
TrajectoryForm = Annotated[str, Code("TRAJECTORY_FORM")]
TrajectoryResult = Annotated[str, Code("TRAJECTORY_RESULT")]
StopReason = Annotated[str, Code("STOP_REASON")]
TaperStep = Annotated[str, Code("TAPER_STEP")]
RetractionReason = Annotated[str, Code("RETRACTION_REASON")]
CorrectionReason = Annotated[str, Code("CORRECTION_REASON")]
