"""The words of an event's data: programme, site, staff, the provider's own keys, days and moments.

Every word is checked by its pattern; an error's type is the code that the sender gets.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.clock import AMSTERDAM
from shared.domain.personal import looks_like_person, looks_personal

_KEY = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_RECORD = re.compile(r"[A-Za-z0-9._:/-]{1,200}")
_PUPIL = re.compile(r"[A-Za-z0-9._-]{6,64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
FIRST_YEAR, LAST_YEAR = 1950, 2100
_DUTCH_OFFSETS = (timedelta(hours=1), timedelta(hours=2))


def parse_day(value: object) -> date:
    """An existing day, `YYYY-MM-DD`. Raises `type` or `date`."""
    if not isinstance(value, str):
        raise PydanticCustomError("type", "a day is a string")
    if _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
    raise PydanticCustomError("date", "write an existing day as YYYY-MM-DD")


def parse_moment(value: object) -> datetime:
    """A moment by RFC 3339 with an offset, as UTC. Raises `time`.

    Refused, each by one rule: no offset (never guessed), second 60, lower-case `t` or `z`, more than six decimals, an
    offset beyond 14 hours, a year outside 1950 to 2100, and a local time that the Dutch clock skips in March.
    """
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR:
            if moment.tzinfo is UTC:
                return moment
            if _exists(moment):
                return moment.astimezone(UTC)
    raise PydanticCustomError("time", "write a moment by RFC 3339 with its offset")


def _exists(moment: datetime) -> bool:
    offset = moment.utcoffset() or timedelta()
    if abs(offset) > timedelta(hours=14):
        return False
    if offset not in _DUTCH_OFFSETS or moment.month != 3:
        return True
    wall = moment.replace(tzinfo=None)
    local = wall.replace(tzinfo=AMSTERDAM).astimezone(UTC).astimezone(AMSTERDAM)
    return local.replace(tzinfo=None) == wall


def check_key(value: str) -> str:
    """A provider's own key of a record. Raises `personal-data`, `format` or `reference-numeric`."""
    if looks_personal(value):
        raise PydanticCustomError("personal-data", "looks like personal data")
    if not _KEY.fullmatch(value):
        raise PydanticCustomError("format", "1 to 64 of A-Z a-z 0-9 . _ : -")
    if value.isdigit():
        raise PydanticCustomError("reference-numeric", "put letters before it")
    return value


def check_record_id(value: str) -> str:
    """The sender's id of a record (CloudEvents `id`). Raises `personal-data`, `format` or `reference-numeric`."""
    if looks_personal(value):
        raise PydanticCustomError("personal-data", "looks like personal data")
    if not _RECORD.fullmatch(value):
        raise PydanticCustomError("format", "1 to 200 of A-Z a-z 0-9 . _ : / -")
    if value.isdigit():
        raise PydanticCustomError("reference-numeric", "put letters before it")
    return value


def check_person_key(value: str) -> str:
    """A key that stands for a person must be opaque: no name, no birth date."""
    if looks_like_person(check_key(value)):
        raise PydanticCustomError("personal-data", "looks like a name or a birth date")
    return value


check_staff = lru_cache(maxsize=10_000)(check_person_key)
"""The same few keys come with every event; what is refused is not remembered."""


def check_pupil_ref(value: str) -> str:
    """The provider's opaque reference to a pupil. Raises `personal-data`, `format` or `reference-numeric`."""
    check_person_key(value)
    if not _PUPIL.fullmatch(value):
        raise PydanticCustomError("format", "6 to 64 of A-Z a-z 0-9 . _ -")
    return value


def unique(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("twice", "each only once")
    return values


ProgrammeCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z0-9]{1,12}(-[A-Z0-9]{1,12}){0,3}$"), Field(description="Programma")
]
SiteCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}[0-9]{2}$"),
    Field(description="Vestiging: BRIN (4) en vestigingsnummer (2) / BRIN and site number"),
]
OwnKey = Annotated[
    str,
    AfterValidator(check_key),
    WithJsonSchema({"type": "string", "pattern": "^(?![0-9]+$)[A-Za-z0-9._:-]{1,64}$"}),
]
StaffKey = Annotated[
    str,
    AfterValidator(check_staff),
    WithJsonSchema({"type": "string", "pattern": "^(?=.*[0-9])(?![0-9]+$)[A-Za-z0-9._:-]{1,64}$"}),
]
PupilRef = Annotated[
    str,
    AfterValidator(check_pupil_ref),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^(?=.*[0-9])(?![0-9]+$)[A-Za-z0-9._-]{6,64}$",
            "description": "Eigen, ondoorzichtige verwijzing naar de leerling; geen BSN, naam of geboortedatum",
        }
    ),
]
Staff = Annotated[list[StaffKey], Field(min_length=1, max_length=20, description="Medewerkers"), AfterValidator(unique)]
Day = Annotated[date, BeforeValidator(parse_day)]
Moment = Annotated[datetime, BeforeValidator(parse_moment)]
Minutes = Annotated[int, Field(ge=1, le=720, description="Minuten (INV-01)")]
GroupSize = Annotated[int, Field(ge=2, le=2000, description="Aantal leerlingen in de groep (INV-03)")]
