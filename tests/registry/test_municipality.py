"""A municipality is registered once."""

from datetime import date

from services.registry.municipality import Municipality, MunicipalityRegistered, RegisterMunicipality, decide, evolve
from tests.registry.given import LEIDEN, START, after, refused

LEIDEN_FROM_2022 = RegisterMunicipality(municipality=LEIDEN, name="Leiden", valid_from=START)


def test_a_municipality_is_registered() -> None:
    assert decide(LEIDEN_FROM_2022, None) == [
        MunicipalityRegistered(municipality=LEIDEN, name="Leiden", valid_from=START)
    ]


def test_registered_twice_is_registered_once() -> None:
    state: Municipality = after(evolve, decide(LEIDEN_FROM_2022, None))
    assert decide(LEIDEN_FROM_2022, state) == []


def test_registered_otherwise_is_refused() -> None:
    state: Municipality = after(evolve, decide(LEIDEN_FROM_2022, None))
    for other in (
        RegisterMunicipality(municipality=LEIDEN, name="Leyden", valid_from=START),
        RegisterMunicipality(municipality=LEIDEN, name="Leiden", valid_from=date(2023, 1, 1)),
    ):
        assert refused(lambda other=other: decide(other, state)) == (  # type: ignore[misc]
            "conflict",
            "already-registered",
            "/municipality",
        )
