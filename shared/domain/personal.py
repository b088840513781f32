"""Recognises personal data in what should be a reference or a code (G-30).

Two measures over one set of patterns: `personal_data` for references, where a day or a citizen service number (BSN) is
suspect by itself, and `looks_personal` for a record's own id and keys, which often carry a day and a number.
No pattern recognises a name without a space: such names are kept out because every accepted text has a form of its own
or a list of codes.
"""

import re
from datetime import date

from stdnum import iban, numdb
from stdnum.nl import bsn

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)

_ABROAD = re.compile(r"(?<![0-9A-Za-z])(?:\+|00)31[ .-]?(?:\(0\)[ .-]?)?[1-9](?:[ .-]?[0-9]){8}(?![0-9])")
"""A telephone number as it is dialled from abroad."""

_TELEPHONE = re.compile(r"(?<![0-9A-Za-z])0[1-9](?:[ .-]?[0-9]){8}(?![0-9A-Za-z])")
"""And within the country, in any spelling."""

_SPELT_TELEPHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:06[ -]?[0-9]{8}|0[1-9][0-9]{8}|0[1-9][0-9]{1,2} [0-9]{6,7})(?![0-9])"
)
"""The same in its usual spellings only: a day with a number behind it is none."""

_ADDRESS = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{3} ?[A-Za-z]{2}[ ,_./-]*[0-9]{1,5}(?![0-9])")
"""A postcode with a house number."""

_POSTCODE = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{3} [a-z]{2}(?![0-9A-Za-z])", re.IGNORECASE)

_NAME = re.compile(r"\w{2,}\.?\s+\S*[^\W\d]{2,}")
"""Two words with a space between them."""

_SAYS_BSN = re.compile(r"bsn|burgerservicenummer", re.IGNORECASE)

_NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){7,8}(?![0-9])")
"""As long as a BSN, with separators or without."""

_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}[ ]?(?:[A-Z0-9][ ]?){11,30}", re.IGNORECASE)
"""As long as an IBAN, also within other signs."""

_GROUPED_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}(?:[ -]?[0-9A-Za-z]){11,30}(?![0-9A-Za-z])")
"""The same by itself, in groups."""

_COUNTRIES = frozenset(code for _, code, *_ in numdb.get("iban").prefixes)
"""Where accounts have an IBAN: a look at it spares most random ids the arithmetic."""

_DAY = re.compile(
    r"(?<![0-9])(?:(?:0?[1-9]|[12][0-9]|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}([-/. ]?)(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2})(?![0-9])"
)
"""A day in any usual spelling: in a reference it is most likely somebody's birthday."""

_BIRTH_DATE = re.compile(
    r"(?<![0-9])(?:(?P<y>(?:19|20)[0-9]{2})(?P<s>[-._]?)(?P<m>[01][0-9])(?P=s)(?P<d>[0-3][0-9])"
    r"|(?P<d2>[0-3][0-9])(?P<s2>[-._])(?P<m2>[01][0-9])(?P=s2)(?P<y2>(?:19|20)[0-9]{2}))(?![0-9])"
)
"""A day in the spellings that a key can have; eight digits are a day only with the year in front."""

_RANDOM = re.compile(
    r"(?i)(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{24,})(?![0-9a-z])"
)
"""UUIDs and long hexadecimal numbers: one in some hundred would pass for a BSN by chance."""

_DIGIT = re.compile(r"[0-9]")
_LEADING_ZERO = re.compile(r"0(?<![0-9A-Za-z]0)[0-9]")


def personal_data(value: str, *, days: bool = True) -> bool:
    """Whether a text looks like, or holds, a BSN, e-mail address, telephone number, IBAN, day of birth or address.

    `days` False lets days through: a record's own id often carries the day it was made. Not for numbers of
    organisations: one in eleven KvK numbers passes for a BSN.
    """
    text = _RANDOM.sub("*", value)
    return (
        _finds(_REFERENCE, text)
        or (days and _DAY.search(text) is not None)
        or any(bsn.is_valid(found[0]) for found in _NUMBER.finditer(text))
        or _holds_iban(_GROUPED_ACCOUNT, text)
        or _holds_iban(_ACCOUNT, text)
    )


def looks_personal(value: str) -> bool:
    """Whether a string holds an e-mail address, telephone number, postcode, IBAN, a name, or says that it is a BSN.

    Milder than `personal_data`, which takes a day with a number behind it for a telephone number: a record's own id
    often looks like that.
    """
    return (_deserves_a_look(value) and _finds(_KEY, value)) or _holds_iban(_ACCOUNT, value)


def looks_like_person(reference: str) -> bool:
    """Whether a reference to a person is not opaque: no digit in it (a name), or a birth date."""
    return _DIGIT.search(reference) is None or _has_birth_date(reference)


def digits_only(value: str) -> bool:
    """Whether a reference is nothing but digits: one in eleven nine-digit numbers passes for a BSN."""
    return value.isascii() and value.replace("-", "").replace(".", "").replace("_", "").isdigit()


_REFERENCE = (_EMAIL, _ABROAD, _TELEPHONE, _ADDRESS)
_KEY = (_EMAIL, _ABROAD, _SPELT_TELEPHONE, _SAYS_BSN, _POSTCODE, _NAME)


def _finds(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    return any(pattern.search(text) is not None for pattern in patterns)


def _deserves_a_look(value: str) -> bool:
    """Whether any pattern of `_KEY` could find something: each needs one of these signs. Most keys have none."""
    if "@" in value or "+" in value or len(value.split()) > 1 or _LEADING_ZERO.search(value):
        return True
    folded = value.casefold()
    return "bsn" in folded or "burger" in folded


def _holds_iban(account: re.Pattern[str], text: str) -> bool:
    found = account.findall(text)
    return bool(found) and any(one[:2].upper() in _COUNTRIES and iban.is_valid(one) for one in found)


def _has_birth_date(value: str) -> bool:
    if "19" not in value and "20" not in value:
        return False
    for match in _BIRTH_DATE.finditer(value):
        year, month, day = (match[a] or match[a + "2"] for a in ("y", "m", "d"))
        try:
            date(int(year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False
