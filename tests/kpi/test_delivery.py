"""What a delivery must be (INV-26), decided without anything around it."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from services.kpi.delivery import Delivery, SubmitDelivery, decide, evolve
from shared.domain.findings import Refused

TODAY = date(2022, 7, 5)
GOOD = {
    "programme": "HR-JOS",
    "site": "99HA00",
    "period": "2022-H1",
    "pupils": 147,
    "recipients": 38,
    "structural": 33,
    "incidental": 5,
    "individual": 18,
    "fte": 1.25,
}


def submit(**changes: object) -> SubmitDelivery:
    return SubmitDelivery.model_validate(GOOD | changes)


def test_a_delivery_is_recorded_with_its_period() -> None:
    [event] = decide(submit(), None, TODAY)
    assert (event.period_start, event.period_end) == (date(2022, 1, 1), date(2022, 6, 30))
    assert event.fte == Decimal("1.25")
    assert event.model_dump(mode="json", by_alias=True)["fte"] == 1.25


def test_the_same_again_says_nothing_new() -> None:
    [event] = decide(submit(), None, TODAY)
    assert decide(submit(), evolve(None, event), TODAY) == []


def test_another_number_is_a_delivery_again() -> None:
    [event] = decide(submit(), None, TODAY)
    [second] = decide(submit(pupils=148), evolve(None, event), TODAY)
    assert evolve(Delivery(event), second).submitted.pupils == 148


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"recipients": 148, "structural": 143}, ["recipients-exceed-pupils"]),
        ({"structural": 32}, ["durations-do-not-add-up"]),
        ({"incidental": 6}, ["durations-do-not-add-up"]),
        ({"individual": 39}, ["individual-exceeds-recipients"]),
        (
            {"pupils": 10, "individual": 39, "structural": 1},
            ["recipients-exceed-pupils", "durations-do-not-add-up", "individual-exceeds-recipients"],
        ),
    ],
)
def test_a_delivery_that_does_not_add_up_is_told_everything_at_once(
    changes: dict[str, object], codes: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        decide(submit(**changes), None, TODAY)
    assert [finding.code for finding in refused.value.findings] == codes
    assert refused.value.kind == "invalid"
    assert all(finding.hint and finding.text.nl for finding in refused.value.findings)


@pytest.mark.parametrize("edge", [{"recipients": 147, "structural": 142}, {"individual": 38}, {"fte": 0}])
def test_the_bounds_themselves_are_good(edge: dict[str, object]) -> None:
    assert decide(submit(**edge), None, TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"fte": 1.255},
        {"fte": -0.01},
        {"fte": "1.25"},
        {"fte": True},
        {"fte": float("nan")},
        {"pupils": -1},
        {"pupils": "147"},
        {"pupils": 147.0},
        {"site": "99HA"},
        {"site": "99ha00"},
        {"colour": "red"},
    ],
)
def test_values_are_of_their_form_and_nothing_else_is_taken(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        submit(**changes)


def test_a_period_that_has_not_begun_cannot_be_delivered_for() -> None:
    with pytest.raises(Refused) as refused:
        decide(submit(period="2023-H1"), None, TODAY)
    assert refused.value.findings[0].code == "period-not-begun"
    assert decide(submit(period="2022-H2"), None, TODAY)


def test_a_wrong_period_is_refused() -> None:
    with pytest.raises(Refused):
        decide(submit(period="2022-H3"), None, TODAY)
