"""No personal data gets in, wherever it is put (G-30)."""

import pytest

from services.interventions.personal import names_a_person
from shared.domain.personal import looks_like_person, looks_personal
from tests.interventions.conftest import Provider, Stored
from tests.interventions.given import Json, event

PERSONAL = {
    "an e-mail address": "piet.jansen@example.org",
    "a telephone number": "06-12345678",
    "a telephone number abroad": "+31612345678",
    "a telephone number in a key": "tel-0612345678",
    "an IBAN": "NL91ABNA0417164300",
    "a name": "Piet Jansen",
    "a postcode": "2311 AB",
    "a BSN that says so": "bsn-123456782",
}
FIELDS = ("/id", "/data/staff/0", "/data/pupilRef", "/data/trajectory", "/data/theme", "/data/signal")


@pytest.mark.parametrize("kind", PERSONAL)
@pytest.mark.parametrize("field", FIELDS)
async def test_g30_personal_data_are_refused_with_the_place_only(
    aj: Provider, stored: Stored, kind: str, field: str
) -> None:
    """G-30: refused at the door, the value is not told, nothing is stored."""
    answer = await aj.push(_with(field, PERSONAL[kind]))
    codes = {error["code"] for error in answer.json()["errors"] if error["pointer"] == field}
    assert (answer.status_code, codes) == (400, {"personal-data"}), answer.text
    assert PERSONAL[kind] not in answer.text
    assert await stored() == []


@pytest.mark.parametrize("reference", ["123456789", "123456782", "0000000000"])
async def test_g30_a_reference_of_digits_is_told_to_take_a_prefix(aj: Provider, reference: str) -> None:
    """G-30, R-47: one in eleven nine-digit numbers passes for a BSN."""
    answer = await aj.push(_with("/data/pupilRef", reference))
    assert (answer.status_code, answer.json()["code"]) == (400, "reference-numeric")


@pytest.mark.parametrize(
    "reference", ["Jansen", "piet.jansen", "jan-de-vries", "c.2010-03-12", "12-03-2010", "20100312c"]
)
async def test_g30_a_reference_that_is_a_name_or_a_birth_date_is_refused(aj: Provider, reference: str) -> None:
    """G-30: a reference to a pupil is opaque."""
    answer = await aj.push(_with("/data/pupilRef", reference))
    assert (answer.status_code, answer.json()["code"]) == (400, "personal-data"), answer.text


@pytest.mark.parametrize("name", ["naam", "bsn", "e-mail", "dateOfBirth", "Toelichting", "address"])
async def test_g30_a_field_for_personal_data_is_called_that(aj: Provider, name: str) -> None:
    """G-30: unknown fields are refused; one that asks for a person is told so."""
    wrong = event("group", "e-1")
    wrong["data"][name] = "x"
    answer = await aj.push(wrong)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(f"/data/{name}", "personal-data")]


async def test_g30_a_key_may_be_personal_too(aj: Provider) -> None:
    """G-30: the name of a field is not told when it may hold personal data."""
    wrong = event("group", "e-1")
    wrong["data"]["Piet Jansen 123456782"] = True
    answer = await aj.push(wrong)
    assert answer.status_code == 400
    assert "Jansen" not in answer.text and "123456782" not in answer.text


@pytest.mark.parametrize(
    "harmless",
    [
        "ecd-2026-000123",
        "ecd-2022-06-05-000123",
        "e-20220605130211",
        "b7e23ec2-9af9-4d1c-8c1e-0a1b2c3d4e5f",
        "c-123456782",
    ],
)
def test_what_records_are_usually_called_is_let_through(harmless: str) -> None:
    assert not looks_personal(harmless)


def test_opaque_references_are_let_through() -> None:
    assert not any(looks_like_person(one) for one in ("c-90233", "m-77", "p00012", "c-123456789", "x_99999999"))


def test_fields_of_the_domain_name_nobody() -> None:
    assert not any(names_a_person(one) for one in ("siteKode", "minute", "thema", "groupsize"))


def _with(field: str, value: str) -> Json:
    whole = event("individual", "e-1")
    place = whole
    *path, last = field.split("/")[1:]
    for part in path:
        place = place[part]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return whole
