"""The demo's spread of the source's totals over eleven schools."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jos.demo import figures
from jos.demo.schools import MUNICIPALITIES, PROVIDERS, SCHOOLS
from jos.demo.spread import Delivery, apportion, deliveries, workers

SPREAD = deliveries()


@pytest.mark.parametrize(
    ("field", "total"),
    [
        ("pupils", figures.PUPILS),
        ("recipients", figures.RECIPIENTS),
        ("structural", figures.STRUCTURAL),
        ("incidental", figures.INCIDENTAL),
        ("individual", figures.INDIVIDUAL),
        ("fte", figures.FTE),
    ],
)
def test_the_spread_sums_to_the_figure_of_the_source(field: str, total: int | Decimal) -> None:
    assert sum(getattr(delivery, field) for delivery in SPREAD) == total


@pytest.mark.parametrize("delivery", SPREAD, ids=lambda delivery: delivery.school.site)
def test_every_delivery_is_consistent_by_itself(delivery: Delivery) -> None:
    """INV-26."""
    assert 0 < delivery.recipients <= delivery.pupils
    assert delivery.structural + delivery.incidental == delivery.recipients
    assert 0 <= delivery.individual <= delivery.recipients
    assert delivery.fte > 0
    assert delivery.fte == round(delivery.fte, 2)


@pytest.mark.parametrize("delivery", SPREAD, ids=lambda delivery: delivery.school.site)
def test_a_schools_assignments_give_the_fte_it_delivers(delivery: Delivery) -> None:
    assert sum(worker.fte for worker in workers(delivery)) == delivery.fte
    assert all(worker.fte <= Decimal("0.90") for worker in workers(delivery))


def test_eleven_of_the_fifteen_schools_deliver_and_every_provider_has_one() -> None:
    assert len({delivery.school for delivery in SPREAD}) == figures.REPORTING
    assert {delivery.school.provider for delivery in SPREAD} == set(PROVIDERS)


def test_the_same_seed_gives_the_same_spread_and_another_seed_another() -> None:
    assert deliveries(seed=7) == deliveries(seed=7)
    assert deliveries(seed=7) != SPREAD


def test_the_schools_are_those_of_the_source() -> None:
    assert len(SCHOOLS) == figures.EXPECTED
    counted = {type_: sum(school.type == type_ for school in SCHOOLS) for type_ in figures.BY_TYPE}
    assert counted == figures.BY_TYPE
    assert len({school.municipality for school in SCHOOLS}) == figures.HOSTING
    assert sum(municipality.sub_region is not None for municipality in MUNICIPALITIES) == figures.PARTICIPATING


def test_only_three_choices_of_a_provider_are_known_from_the_source() -> None:
    assert {school.name for school in SCHOOLS if not school.assumed} == {
        "Leo Kanner College",
        "Praktijkcollege het Metrum",
        "SBO De Vlieger",
    }


@given(st.integers(0, 5000), st.lists(st.floats(0.1, 100.0), min_size=1, max_size=40))
def test_apportioned_parts_always_sum_to_the_total(total: int, weights: list[float]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
