"""The codes of contracts: how each is spelt, so that a wrong one is refused at the door."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.domain.personal import personal_data

PROVIDER_CODE = r"^kvknr:[0-9]{8}$"
CONTRACT_CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$"
PROGRAMME_CODE = r"^[A-Z0-9][A-Z0-9-]{1,31}$"
SITE_CODE = r"^[0-9]{2}[0-9A-Z]{2}[0-9]{2}$"
REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9._/-]{2,63}$"


def impersonal(text: str) -> str:
    """G-30: nothing that could be a BSN, a telephone number, an e-mail or other address; the value is never told."""
    if personal_data(text, days=False):
        raise PydanticCustomError("personal-data", "looks like personal data")
    return text


ContractCode = Annotated[str, Field(pattern=CONTRACT_CODE), AfterValidator(impersonal)]
Reference = Annotated[str, Field(pattern=REFERENCE), AfterValidator(impersonal)]
"""A document or decision, by its reference in the archive: never its text."""

SiteCode = Annotated[str, Field(pattern=SITE_CODE)]
Year = Annotated[int, Field(ge=2022, le=2100)]
