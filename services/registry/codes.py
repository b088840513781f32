"""The codes of the registry: how each is spelt, so that a wrong one is refused at the door.

Provider codes are `kvknr:` and the number of the Chamber of Commerce (KvK), site codes BRIN and site number
(*vestigingsnummer*), municipality codes those of CBS. A staff key is the provider's own and never only digits, so that
neither a register number (SKJ, BIG) nor a BSN can pass for one.
"""

import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from shared.domain import calendar
from shared.domain.personal import personal_data

MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^GM[0-9]{4}$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
SubRegionCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
Brin = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}$")]
SiteCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}[0-9]{2}$")]
SiteReference = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}([0-9]{2})?$")]
"""A site code; a BRIN passes the door here, to be answered with the sites of that school (`api/hints.py`)."""
ProviderCode = Annotated[str, StringConstraints(pattern=r"^kvknr:[0-9]{8}$")]
ProgrammeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,12}(-[A-Z0-9]{1,12}){0,3}$")]


def _impersonal(text: str) -> str:
    """G-30: nothing that could be a BSN, a telephone number, an e-mail or other address; the value is never told."""
    if personal_data(text, days=False):
        raise PydanticCustomError("personal-data", "looks like personal data")
    return text


AssignmentId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"), AfterValidator(_impersonal)
]


class Command(BaseModel):
    """What an administrator asks, as the body of a request: strict values, lowerCamelCase keys, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True)


def _no_name(key: str) -> str:
    if not (any(character.isdigit() for character in key) and any(character.isalpha() for character in key)):
        raise PydanticCustomError("format", "letters and digits, such as m-77: no number and no name alone")
    return key


def no_number(text: str) -> str:
    """No digit in it: neither a BSN nor another number."""
    if any(character.isdigit() for character in text):
        raise PydanticCustomError("personal-data", "no number here")
    return text


StaffKey = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{2,64}$"), AfterValidator(_no_name), AfterValidator(_impersonal)
]
"""The provider's own key of a worker, with a letter and a digit: neither a register number nor a name."""

Day = calendar.Day
"""A day on which something began or ended."""


def _plain(name: str) -> str:
    if name != name.strip() or any(unicodedata.category(character).startswith("C") for character in name):
        raise PydanticCustomError("character", "no spaces around it, no control or invisible characters")
    return name


Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120, pattern=r"^[^@<>{}\\]*$"),
    AfterValidator(_plain),
    AfterValidator(_impersonal),
]
"""The name of an organisation, a school or a place; never of a person."""


def _school_year(year: str) -> str:
    if int(year[5:]) != int(year[:4]) + 1:
        raise PydanticCustomError("format", "two years that follow each other, such as 2021-2022")
    return year


SchoolYear = Annotated[
    str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-(19|20|21)[0-9]{2}$"), AfterValidator(_school_year)
]
"""1 August to 31 July, such as `2021-2022` (*schooljaar*)."""


def number_only(value: object) -> object:
    """A decimal out of a JSON number; text and booleans are no numbers."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("type", "a number, without quotes")
    return Decimal(str(value))


Fte = Annotated[
    Decimal,
    BeforeValidator(number_only),
    Field(gt=0, le=Decimal("1.5"), decimal_places=2),
    PlainSerializer(float, return_type=float, when_used="json"),
]
"""Full-time equivalents of one worker at one school, at most 54 hours a week."""

Hours = Annotated[
    Decimal,
    BeforeValidator(number_only),
    Field(gt=0, le=60, decimal_places=2),
    PlainSerializer(float, return_type=float, when_used="json"),
]
"""Hours per week."""


class SchoolType(StrEnum):
    """Types of school (*schoolsoorten*); `SO_VSO` is a school of both, `C3` and `C4` are clusters."""

    SBO = "SBO"
    SO = "SO"
    VSO = "VSO"
    SO_VSO = "SO_VSO"
    VO = "VO"
    SO_C3 = "SO_C3"
    SO_C4 = "SO_C4"
    VSO_C4 = "VSO_C4"
    PRO = "PRO"
    VMBO = "VMBO"


class StaffFunction(StrEnum):
    """What a professional does (requirements 1.6); a list, because a job title could be free text."""

    YOUTH_WORKER = "YOUTH_WORKER"
    BEHAVIOURAL_SCIENTIST = "BEHAVIOURAL_SCIENTIST"
    YOUTH_FAMILY_COACH = "YOUTH_FAMILY_COACH"
    BEHAVIOURAL_SCIENTIST_JGGZ = "BEHAVIOURAL_SCIENTIST_JGGZ"
    PREVENTIVE_AMBULATORY_WORKER = "PREVENTIVE_AMBULATORY_WORKER"
    PROVIDER_MANAGER = "PROVIDER_MANAGER"


class TeamRole(StrEnum):
    """What a member is in the team (ALK-24); the first four are of the school."""

    SUPPORT_COORDINATOR = "SUPPORT_COORDINATOR"
    SCHOOL_LEADER = "SCHOOL_LEADER"
    IB_ER = "IB_ER"
    TEACHER = "TEACHER"
    YOUTH_WORKER = "YOUTH_WORKER"
    YOUTH_FAMILY_COACH = "YOUTH_FAMILY_COACH"
    BEHAVIOURAL_SCIENTIST = "BEHAVIOURAL_SCIENTIST"
    BEHAVIOURAL_SCIENTIST_JGGZ = "BEHAVIOURAL_SCIENTIST_JGGZ"
    PREVENTIVE_AMBULATORY_WORKER = "PREVENTIVE_AMBULATORY_WORKER"
    PROCESS_COUNSELLOR = "PROCESS_COUNSELLOR"
    LOCAL_TEAM = "LOCAL_TEAM"
    PARTNERSHIP = "PARTNERSHIP"


class AllocationReason(StrEnum):
    """Why somebody who is not registered does this work (*verantwoorde werktoedeling*, 2C-35, HG-24, OQ-05)."""

    MBO_UNDER_SUPERVISION = "MBO_UNDER_SUPERVISION"
    IN_TRAINING = "IN_TRAINING"
    REGISTRATION_PENDING = "REGISTRATION_PENDING"
    OTHER_EXPERTISE = "OTHER_EXPERTISE"


Register = Literal["SKJ", "BIG"]
"""The professional registers; only the status is kept, never the number."""

Level = Literal["PILOT", "BASE"]
"""How a school takes part, where a programme makes the difference (ALK-15)."""

DocumentReference = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,12}:[A-Za-z0-9][A-Za-z0-9./_-]{2,80}$"),
    AfterValidator(_impersonal),
]
"""Where a document is kept, in a fixed form (`zaak:2026/0142`): a system and the number it has there, never a text."""

DocumentHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the document, in hexadecimal."""

Section = Literal["A1", "A2", "A3", "B1", "B2", "B3", "B4", "C1", "C2", "D1", "D2", "D3", "D4"]
"""The sections of a plan (HG-55 to HG-74)."""

SECTIONS: tuple[Section, ...] = ("A1", "A2", "A3", "B1", "B2", "B3", "B4", "C1", "C2", "D1", "D2", "D3", "D4")
