"""A region is defined, and defined anew from a day on."""

from datetime import date

import pytest

from services.registry.region import DefineRegion, SubRegion, decide, evolve
from shared.domain.findings import Refused
from tests.registry.given import KATWIJK, LEIDEN, START, after, holland_rijnland


def define(municipalities: list[str], subs: list[str] = ["LR"], day: date = START) -> DefineRegion:  # noqa: B006
    return DefineRegion(
        region="HR",
        name="Holland Rijnland",
        sub_regions=[SubRegion(code=code, name=code) for code in subs],
        municipalities=municipalities,
        valid_from=day,
    )


def test_every_municipality_must_be_registered_and_all_errors_come_at_once() -> None:
    with pytest.raises(Refused) as caught:
        decide(define([LEIDEN, "GM9999", LEIDEN], ["LR", "LR"]), None, [LEIDEN])
    assert [(finding.code, finding.pointer) for finding in caught.value.findings] == [
        ("no-such-municipality", "/municipalities/1"),
        ("named-twice", "/municipalities/2"),
        ("named-twice", "/subRegions/1/code"),
    ]
    assert caught.value.kind == "invalid"


def test_defined_twice_is_defined_once_in_any_order() -> None:
    state = after(evolve, decide(define([LEIDEN, KATWIJK]), None, [LEIDEN, KATWIJK]))
    assert decide(define([KATWIJK, LEIDEN]), state, [LEIDEN, KATWIJK]) == []


def test_a_new_definition_holds_from_its_day_and_the_old_one_before_it() -> None:
    state = holland_rijnland()
    [event] = decide(define([LEIDEN], day=date(2023, 1, 1)), state, [LEIDEN])
    later = evolve(state, event)
    old, new = later.definitions.at(date(2022, 12, 31)), later.definitions.at(date(2023, 1, 1))
    assert old and new
    assert old.municipalities == (KATWIJK, LEIDEN)
    assert new.municipalities == (LEIDEN,)
