"""Recognises personal data in what should be a reference or a code (G-30).

No pattern recognises a name: names are kept out because every accepted text has a form of its own or a list of codes.
"""

import re

from stdnum import iban
from stdnum.nl import bsn

_NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){7,8}(?![0-9])")
"""As long as a citizen service number (BSN), with separators or without."""

_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}(?:[ -]?[0-9A-Za-z]){11,30}(?![0-9A-Za-z])")

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")

_TELEPHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+|00)31[ .-]?(?:\(0\)[ .-]?)?|0)[1-9](?:[ .-]?[0-9]){8}(?![0-9A-Za-z])"
)

_DAY = re.compile(
    r"(?<![0-9])(?:(?:0?[1-9]|[12][0-9]|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}([-/. ]?)(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2})(?![0-9])"
)
"""A day in any usual spelling: in a reference it is most likely somebody's birthday."""

_ADDRESS = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{3} ?[A-Za-z]{2}[ ,_./-]*[0-9]{1,5}(?![0-9])")
"""A postcode with a house number."""


_RANDOM = re.compile(
    r"(?i)(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{24,})(?![0-9a-z])"
)
"""UUIDs and long hexadecimal numbers: one in some hundred would pass for a BSN by chance."""


def personal_data(value: str, *, days: bool = True) -> bool:
    """Whether a text looks like, or holds, a BSN, e-mail address, telephone number, IBAN, day of birth or address.

    `days` False lets days through: a record's own id often carries the day it was made. Not for numbers of
    organisations: one in eleven KvK numbers passes for a BSN.
    """
    text = _RANDOM.sub("*", value)
    patterns = (_EMAIL, _TELEPHONE, _ADDRESS, _DAY) if days else (_EMAIL, _TELEPHONE, _ADDRESS)
    return (
        any(pattern.search(text) is not None for pattern in patterns)
        or any(bsn.is_valid(found[0]) for found in _NUMBER.finditer(text))
        or any(iban.is_valid(found[0]) for found in _ACCOUNT.finditer(text))
    )


def digits_only(value: str) -> bool:
    """Whether a reference is nothing but digits: one in eleven nine-digit numbers passes for a BSN."""
    return value.isascii() and value.replace("-", "").replace(".", "").replace("_", "").isdigit()
