"""The spelling of codes: a wrong one is refused at the door."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registry import codes

GOOD = [
    (codes.MunicipalityCode, "GM0546"),
    (codes.Brin, "99HA"),
    (codes.SiteCode, "99HA00"),
    (codes.ProviderCode, "kvknr:99990001"),
    (codes.ProgrammeCode, "HR-JOS"),
    (codes.ProgrammeCode, "2C-PRODUCT"),
    (codes.StaffKey, "m-77"),
    (codes.SchoolYear, "2021-2022"),
    (codes.Name, "PI-school De Brug"),
]
BAD = [
    (codes.MunicipalityCode, "gm0546"),
    (codes.MunicipalityCode, "GM546"),
    (codes.Brin, "99HA00"),
    (codes.SiteCode, "99HA"),
    (codes.SiteCode, "99HA0"),
    (codes.SiteCode, "99ha00"),
    (codes.SiteCode, "99HA00\n"),
    (codes.ProviderCode, "99990001"),
    (codes.ProviderCode, "kvknr:9999000"),
    (codes.StaffKey, "123456782"),
    (codes.StaffKey, "jansen"),
    (codes.StaffKey, "m 77"),
    (codes.SchoolYear, "2021-2023"),
    (codes.SchoolYear, "2022"),
    (codes.Name, " De Brug"),
    (codes.Name, "De Brug\u202e"),
    (codes.Name, "jan@school.nl"),
    (codes.Name, ""),
    (codes.Fte, "0.8"),
    (codes.Fte, True),
    (codes.Fte, 0),
    (codes.Fte, 0.123),
    (codes.Fte, 36),
]


@pytest.mark.parametrize(("code", "value"), GOOD)
def test_a_code_as_it_should_be_is_taken(code: object, value: str) -> None:
    assert TypeAdapter(code).validate_python(value, strict=True) == value


@pytest.mark.parametrize(("code", "value"), BAD)
def test_a_code_that_is_spelt_otherwise_is_refused(code: object, value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(code).validate_python(value, strict=True)


def test_g30_no_register_number_and_no_name_passes_for_a_staff_key() -> None:
    """G-30: digits alone could be a BSN or a register number, letters alone a name."""
    for refused in ("123456782", "19012345678", "jansen", "j.de.vries"):
        with pytest.raises(ValidationError):
            TypeAdapter(codes.StaffKey).validate_python(refused)
