"""What stands in a cell of a CSV file, and what a spreadsheet makes of it: told with what was probably meant (G-30).

Nothing is guessed: a date that a spreadsheet turned around, a decimal comma in a file with commas, a code that became a
number or a formula is refused, with a hint. The value itself is never told.
"""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from shared.domain.texts import Text

_DAY_FIRST = re.compile(r"^([0-3]?[0-9])[-/.]([01]?[0-9])[-/.]((?:19|20)?[0-9]{2})(?: 0?0:00(?::00)?)?$")
_ISO = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_ISO_MIDNIGHT = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]0?0:00(?::00)?(?:\.0+)?$")
_SERIAL = re.compile(r"^[2-6][0-9]{4}(?:[.,]0+)?$")
_EXPONENT = re.compile(r"^[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+$")
_BROKEN = re.compile(r"^#(?:N/[AB]|(?:REF|VERW|VALUE|WAARDE|NUM|GETAL|NULL|LEEG)!|NA(?:ME|AM)\?|D(?:IV|EEL)/0!|#+)$")
_DECIMAL = re.compile(r"^[0-9]+(?:[.,][0-9]+)?$")
_SHORT_TIME = re.compile(r"^([0-9]):([0-5][0-9])(?::00)?$")
_LONG_TIME = re.compile(r"^([0-2][0-9]:[0-5][0-9]):00$")

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

YES = frozenset(("ja", "yes", "true", "waar", "1"))
NO = frozenset(("nee", "no", "false", "onwaar", "0"))


class CellKind(StrEnum):
    """What a column holds."""

    CODE = "CODE"
    TEXT = "TEXT"
    DAY = "DAY"
    DECIMAL = "DECIMAL"
    TIME = "TIME"
    YES_NO = "YES_NO"


class CellRefused(Exception):
    """The code of what is wrong with a cell, and what was probably meant."""

    def __init__(self, code: str, hint: Text | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint


def value(kind: CellKind, cell: str, *, decimal_comma: bool) -> str | float | bool | None:
    """The cell as a JSON value; nothing for an empty one. Raises `CellRefused`."""
    text = cell.strip()
    if not text:
        return None
    if _BROKEN.match(text):
        raise CellRefused("cell-broken")
    if text.startswith(FORMULA):
        raise CellRefused("formula")
    return _READERS[kind](text, decimal_comma)


def _code(text: str, _comma: bool) -> str:
    if _EXPONENT.match(text):
        raise CellRefused("spreadsheet-number", Text("maak de kolom tekst", "make the column text"))
    return text


def _text(text: str, _comma: bool) -> str:
    """An apostrophe before a formula is how a spreadsheet keeps it text (and how it is written out)."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _day(text: str, _comma: bool) -> str:
    if _ISO.match(text):
        return text
    if found := _ISO_MIDNIGHT.match(text):
        raise CellRefused("spreadsheet-date", _meant(found[1]))
    if found := _DAY_FIRST.match(text):
        raise CellRefused("spreadsheet-date", _meant(_turned(*found.groups())))
    if _SERIAL.match(text):
        raise CellRefused("spreadsheet-date", Text("maak de kolom tekst", "make the column text"))
    raise CellRefused("date")


def _turned(day: str, month: str, year: str) -> str | None:
    """Day first, as in the Netherlands; nothing where that is no day."""
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _decimal(text: str, comma: bool) -> float:
    if _EXPONENT.match(text):
        raise CellRefused("spreadsheet-number", Text("maak de kolom tekst", "make the column text"))
    if not _DECIMAL.match(text):
        raise CellRefused("type")
    if "," in text and not comma:
        raise CellRefused("decimal-comma", _meant(text.replace(",", ".")))
    return float(text.replace(",", "."))


def _time(text: str, _comma: bool) -> str:
    if found := _SHORT_TIME.match(text):
        raise CellRefused("spreadsheet-time", _meant(f"0{found[1]}:{found[2]}"))
    if found := _LONG_TIME.match(text):
        raise CellRefused("spreadsheet-time", _meant(found[1]))
    return text


def _yes_no(text: str, _comma: bool) -> bool:
    word = text.lower()
    if word not in YES | NO:
        raise CellRefused("type", Text("kies uit: ja, nee", "choose from: yes, no"))
    return word in YES


def _meant(text: str | None) -> Text | None:
    return Text(f"bedoelt u '{text}'?", f"did you mean '{text}'?") if text else None


_READERS: dict[CellKind, Callable[[str, bool], str | float | bool]] = {
    CellKind.CODE: _code,
    CellKind.TEXT: _text,
    CellKind.DAY: _day,
    CellKind.DECIMAL: _decimal,
    CellKind.TIME: _time,
    CellKind.YES_NO: _yes_no,
}


def written(kind: CellKind, told: str | float | bool | date | None, *, decimal_comma: bool) -> str:
    """A value as a cell, so that reading it gives the value again, and a spreadsheet runs nothing."""
    if told is None:
        return ""
    if isinstance(told, bool):
        return "ja" if told else "nee"
    if isinstance(told, date):
        return told.isoformat()
    text = f"{told:g}" if isinstance(told, float) else str(told)
    if kind is CellKind.DECIMAL:
        return text.replace(".", ",") if decimal_comma else text
    return f"'{text}" if text.startswith(FORMULA) else text
