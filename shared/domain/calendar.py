"""Periods (*perioden*) and their codes: `2022`, `2022-H1`, `2026-Q4`, `2026-09`, `2026-2027`, `2026-2027-K1`.

Every period begins on the first day of a month and ends on the last day of one. A school year runs from 1 August to
31 July; its quarters K1 to K4 begin in August, November, February and May.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.domain.findings import Refused, refuse
from shared.domain.texts import Text

FIRST_YEAR, LAST_YEAR = 1990, 2100

Day = Annotated[date, Field(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]
"""A day that somebody may name: far enough from either end of the calendar to reckon with it."""


class PeriodType(StrEnum):
    """The lengths of a period that figures are offered in."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    HALF_YEAR = "HALF_YEAR"
    CALENDAR_YEAR = "CALENDAR_YEAR"
    SCHOOL_QUARTER = "SCHOOL_QUARTER"
    SCHOOL_YEAR = "SCHOOL_YEAR"


MONTHS = {
    PeriodType.MONTH: 1,
    PeriodType.QUARTER: 3,
    PeriodType.SCHOOL_QUARTER: 3,
    PeriodType.HALF_YEAR: 6,
    PeriodType.CALENDAR_YEAR: 12,
    PeriodType.SCHOOL_YEAR: 12,
}


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its code, with its first and last day (inclusive)."""

    code: str
    type: PeriodType
    start: date
    end: date

    @property
    def first_month(self) -> int:
        """The integer month of its first day."""
        return month_number(self.start)

    @property
    def last_month(self) -> int:
        """The integer month of its last day."""
        return month_number(self.end)


def month_number(day: date) -> int:
    """The integer month of a day: year x 12 + month - 1, so that months can be counted and compared."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of an integer month."""
    return date(month // 12, month % 12 + 1, 1)


def school_year(day: date) -> str:
    """The code of the school year (*schooljaar*) that a day lies in: `2021-2022` for 31 July 2022."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


def half_year(day: date) -> str:
    """The code of the half year that a day lies in: `2022-H1` for 30 June 2022."""
    return f"{day.year}-H{1 if day.month <= 6 else 2}"


def period(code: str) -> Period:
    """The period with this code. Raises `Refused` (`period`, invalid) with what a code looks like."""
    for pattern, type_, first_month in _FORMS:
        match = pattern.fullmatch(code)
        if match:
            numbers = [int(group) for group in match.groups()]
            _check_years(numbers[0], numbers[1] if type_ in _SCHOOL else None)
            return _period(type_, first_month(numbers))
    raise _wrong("geen bekende periodecode", "not a known period code")


def split(whole: Period, per: PeriodType) -> list[Period]:
    """The periods of type `per` that make up `whole`, in order; itself for its own type.

    Raises `Refused` (`period`) when they do not fit: a calendar year is not a number of school quarters.
    """
    length = MONTHS[per]
    months = range(whole.first_month, whole.last_month + 1, length)
    parts = [_period(per, month) for month in months if _begins(per, month)]
    if len(parts) != len(months) or parts[-1].end != whole.end:
        raise _wrong(f"{whole.type} is niet te verdelen in {per}", f"{whole.type} cannot be divided into {per}")
    return parts


def containing(day: date, type_: PeriodType) -> Period:
    """The period of this type that a day lies in."""
    month = month_number(day)
    while not _begins(type_, month):
        month -= 1
    return _period(type_, month)


def _begins(type_: PeriodType, month: int) -> bool:
    offset = 7 if type_ in _SCHOOL else 0
    return (month - offset) % MONTHS[type_] == 0


def _period(type_: PeriodType, month: int) -> Period:
    start = first_day(month)
    return Period(_CODES[type_](start), type_, start, first_day(month + MONTHS[type_]) - timedelta(days=1))


def _school_quarter(start: date) -> str:
    return f"{school_year(start)}-K{(start.month - 8) % 12 // 3 + 1}"


def _check_years(year: int, following: int | None) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _wrong(f"een jaar ligt tussen {FIRST_YEAR} en {LAST_YEAR}", f"a year lies in {FIRST_YEAR} to {LAST_YEAR}")
    if following is not None and following != year + 1:
        raise _wrong("een schooljaar beslaat twee opeenvolgende jaren", "a school year spans two consecutive years")


def _wrong(nl: str, en: str) -> Refused:
    codes = "2022, 2022-H1, 2026-Q4, 2026-09, 2026-2027, 2026-2027-K1"
    return refuse("period", "/period", nl, en, Text(f"periodecodes: {codes}", f"period codes: {codes}"), kind="invalid")


_SCHOOL = (PeriodType.SCHOOL_YEAR, PeriodType.SCHOOL_QUARTER)

_CODES: dict[PeriodType, Callable[[date], str]] = {
    PeriodType.MONTH: lambda start: f"{start.year}-{start.month:02d}",
    PeriodType.QUARTER: lambda start: f"{start.year}-Q{(start.month + 2) // 3}",
    PeriodType.HALF_YEAR: half_year,
    PeriodType.CALENDAR_YEAR: lambda start: str(start.year),
    PeriodType.SCHOOL_YEAR: school_year,
    PeriodType.SCHOOL_QUARTER: _school_quarter,
}

_FORMS: tuple[tuple[re.Pattern[str], PeriodType, Callable[[list[int]], int]], ...] = (
    (re.compile(r"([0-9]{4})"), PeriodType.CALENDAR_YEAR, lambda n: n[0] * 12),
    (re.compile(r"([0-9]{4})-H([12])"), PeriodType.HALF_YEAR, lambda n: n[0] * 12 + (n[1] - 1) * 6),
    (re.compile(r"([0-9]{4})-Q([1-4])"), PeriodType.QUARTER, lambda n: n[0] * 12 + (n[1] - 1) * 3),
    (re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"), PeriodType.MONTH, lambda n: n[0] * 12 + n[1] - 1),
    (re.compile(r"([0-9]{4})-([0-9]{4})"), PeriodType.SCHOOL_YEAR, lambda n: n[0] * 12 + 7),
    (
        re.compile(r"([0-9]{4})-([0-9]{4})-K([1-4])"),
        PeriodType.SCHOOL_QUARTER,
        lambda n: n[0] * 12 + 7 + (n[2] - 1) * 3,
    ),
)
