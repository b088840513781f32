"""The codes of contracts: how each is spelt, so that a wrong one is refused at the door."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum.nl import bsn

from shared.domain.personal import looks_personal

PROVIDER_CODE = r"^kvknr:[0-9]{8}$"
CONTRACT_CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$"
PROGRAMME_CODE = r"^[A-Z0-9][A-Z0-9-]{1,31}$"
SITE_CODE = r"^[0-9]{2}[0-9A-Z]{2}[0-9]{2}$"
REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9._/-]{2,63}$"


_NINE_DIGITS = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")


def impersonal(text: str) -> str:
    """G-30: nothing that could be a BSN, a telephone number, an e-mail or other address; the value is never told.

    Only nine digits in a row can be a BSN here: ids of contracts and documents hold KvK numbers, years and counts, of
    which one in eleven would pass for one with eight digits or with separators.
    """
    if looks_personal(text) or any(bsn.is_valid(found[0]) for found in _NINE_DIGITS.finditer(text)):
        raise PydanticCustomError("personal-data", "looks like personal data")
    return text


ContractCode = Annotated[str, Field(pattern=CONTRACT_CODE), AfterValidator(impersonal)]
Reference = Annotated[str, Field(pattern=REFERENCE), AfterValidator(impersonal)]
"""A document or decision, by its reference in the archive: never its text."""

SiteCode = Annotated[str, Field(pattern=SITE_CODE)]
Year = Annotated[int, Field(ge=2022, le=2100)]
