"""What looks like personal data (persoonsgegevens) is refused at the door, wherever it stands (G-30)."""

import re
from collections.abc import Iterator

from shared.domain.personal import looks_personal, personal_data

_FIELD = re.compile(
    r"""bsn|burgerservicenummer|sofinummer|name|naam|fullname|firstname|lastname|voornaam|achternaam|roepnaam
    |tussenvoegsel|leerling|leerlingnaam|pupilname|ouder|parent|geboortedatum|geboren|birthdate|dateofbirth|dob
    |adres|address|straat|street|huisnummer|postcode|zipcode|woonplaats|email|mail|emailadres|telefoon
    |telefoonnummer|phone|mobile|mobiel|iban|rekeningnummer|opmerking|toelichting|notitie|notes?|comment
    |remarks?|description|text|tekst|omschrijving""",
    re.VERBOSE,
)


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
