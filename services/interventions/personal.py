"""What looks like personal data (persoonsgegevens) is refused at the door, wherever it stands (G-30)."""

import re
from collections.abc import Iterator
from datetime import date

from stdnum import iban

from shared.domain.personal import personal_data

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[^\s@]+@[^\s@]+\.[a-z]{2,}",  # e-mail
        r"(?<![0-9A-Za-z])(?:\+|00)31[ .-]?(?:\(0\))?[1-9](?:[ .-]?[0-9]){8}(?![0-9])",  # telephone, international
        r"(?<![0-9A-Za-z])(?:06[ -]?[0-9]{8}|0[1-9][0-9]{8}|0[1-9][0-9]{1,2} [0-9]{6,7})(?![0-9])",  # and national
        r"(?:bsn|burgerservicenummer)",
        r"(?<![0-9A-Za-z])[1-9][0-9]{3} [a-z]{2}(?![0-9A-Za-z])",  # postcode
    )
)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[ ]?(?:[A-Z0-9][ ]?){11,30}", re.IGNORECASE)
_BIRTH_DATE = re.compile(
    r"(?<![0-9])(?:(?P<y>(?:19|20)[0-9]{2})(?P<s>[-._]?)(?P<m>[01][0-9])(?P=s)(?P<d>[0-3][0-9])"
    r"|(?P<d2>[0-3][0-9])(?P<s2>[-._])(?P<m2>[01][0-9])(?P=s2)(?P<y2>(?:19|20)[0-9]{2}))(?![0-9])"
)
_NAME = re.compile(r"\w{2,}\.?\s+\S*[^\W\d]{2,}", re.UNICODE)
_FIELD = re.compile(
    r"""bsn|burgerservicenummer|sofinummer|name|naam|fullname|firstname|lastname|voornaam|achternaam|roepnaam
    |tussenvoegsel|leerling|leerlingnaam|pupilname|ouder|parent|geboortedatum|geboren|birthdate|dateofbirth|dob
    |adres|address|straat|street|huisnummer|postcode|zipcode|woonplaats|email|mail|emailadres|telefoon
    |telefoonnummer|phone|mobile|mobiel|iban|rekeningnummer|opmerking|toelichting|notitie|notes?|comment
    |remarks?|description|text|tekst|omschrijving""",
    re.VERBOSE,
)


def looks_personal(value: str) -> bool:
    """Whether a string holds an e-mail address, telephone number, postcode, IBAN, a name, or says that it is a BSN.

    Milder than `personal_data`, which takes a day with a number behind it for a telephone number: a record's own id
    often looks like that.
    """
    return _has_identifier(value) or _NAME.search(value) is not None


def looks_like_person(reference: str) -> bool:
    """Whether a reference to a person is not opaque: no digit in it (a name), or a birth date."""
    return not any("0" <= c <= "9" for c in reference) or _has_birth_date(reference)


def names_a_person(field: str) -> bool:
    """Whether an unknown field's name says that it holds personal data or free text."""
    return _FIELD.fullmatch(re.sub(r"[^a-z]", "", field.lower())) is not None


def personal_pointers(value: object, pointer: str = "") -> Iterator[str]:
    """Pointers to every string in a JSON value that looks personal; a key that does so gives its object's pointer."""
    if isinstance(value, str):
        if looks_personal(value) or personal_data(value, days=False):
            yield pointer
    elif isinstance(value, dict):
        for key, child in value.items():
            if looks_personal(key):
                yield pointer
            else:
                yield from personal_pointers(child, f"{pointer}/{escaped(key)}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from personal_pointers(child, f"{pointer}/{index}")


def at(value: object, pointer: str) -> object:
    """What stands at a JSON pointer, or None."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def escaped(key: str) -> str:
    """A key as it stands in a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _has_identifier(value: str) -> bool:
    if any(pattern.search(value) for pattern in _PATTERNS):
        return True
    return any(iban.is_valid(match.group()) for match in _IBAN.finditer(value))


def _has_birth_date(value: str) -> bool:
    for match in _BIRTH_DATE.finditer(value):
        year, month, day = (match[a] or match[a + "2"] for a in ("y", "m", "d"))
        try:
            date(int(year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False
