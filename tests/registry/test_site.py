"""A site is added to a school in the caller's region, changes type, and closes."""

from dataclasses import replace
from datetime import date

import pytest

from services.registry.codes import SchoolType
from services.registry.region import Region
from services.registry.school import Rename
from services.registry.site import AddSite, ChangeType, CloseSite, SchoolSiteAdded, SiteCommand, decide, evolve
from tests.registry.given import KATWIJK, LEIDEN, START, after, holland_rijnland, known_school, open_site, refused

SUMMER = date(2022, 8, 1)


def add(municipality: str = LEIDEN, sub_region: str | None = "LR") -> AddSite:
    return AddSite(
        site="99HH00",
        name="De Vlieger",
        school_type=SchoolType.SBO,
        municipality=municipality,
        sub_region=sub_region,
        valid_from=START,
    )


def test_a_site_carries_what_it_will_be_counted_by() -> None:
    assert decide(add(), None, holland_rijnland(), known_school()) == [
        SchoolSiteAdded(
            site="99HH00",
            school="99HH",
            name="De Vlieger",
            school_type=SchoolType.SBO,
            municipality=LEIDEN,
            sub_region="LR",
            valid_from=START,
        )
    ]


def test_added_twice_is_added_once_also_after_a_change() -> None:
    state = open_site()
    assert decide(add(), state, holland_rijnland(), known_school()) == []
    changed = decide(ChangeType(school_type=SchoolType.SO, valid_from=SUMMER), state, holland_rijnland(), None)
    assert decide(add(), after(evolve, changed, state), holland_rijnland(), known_school()) == []


def test_the_school_must_be_registered() -> None:
    assert refused(lambda: decide(add(), None, holland_rijnland(), None)) == ("invalid", "no-such-school", "/site")


def test_a_municipality_outside_the_region_is_as_unknown_as_one_that_does_not_exist() -> None:
    elsewhere = refused(lambda: decide(add("GM0503"), None, holland_rijnland(), known_school()))
    nowhere = refused(lambda: decide(add("GM9999"), None, holland_rijnland(), known_school()))
    assert elsewhere == nowhere == ("invalid", "no-such-municipality", "/municipality")


def test_the_sub_region_must_be_one_of_the_region() -> None:
    act = refused(lambda: decide(add(sub_region="XX"), None, holland_rijnland(), known_school()))
    assert act == ("invalid", "no-such-region", "/subRegion")


def test_a_type_holds_from_its_day_and_changing_twice_changes_once() -> None:
    command = ChangeType(school_type=SchoolType.SO_VSO, valid_from=SUMMER)
    state = after(evolve, decide(command, open_site(), holland_rijnland(), None), open_site())
    assert [state.types.at(START), state.types.at(SUMMER)] == [SchoolType.SBO, SchoolType.SO_VSO]
    assert decide(command, state, holland_rijnland(), None) == []


def test_a_site_closes_once_and_not_before_it_opened() -> None:
    close = CloseSite(valid_to=date(2022, 7, 31))
    state = after(evolve, decide(close, open_site(), holland_rijnland(), None), open_site())
    assert state.valid_to == date(2022, 7, 31)
    assert decide(close, state, holland_rijnland(), None) == []
    early = CloseSite(valid_to=date(2021, 12, 31))
    assert refused(lambda: decide(early, open_site(), holland_rijnland(), None))[1] == "period-reversed"


ACTS: list[SiteCommand] = [
    add(),
    Rename(name="De Zwaluw", valid_from=SUMMER),
    ChangeType(school_type=SchoolType.SO, valid_from=SUMMER),
    CloseSite(valid_to=SUMMER),
]


@pytest.mark.parametrize("command", ACTS)
@pytest.mark.parametrize("own_region", [None, replace(holland_rijnland(), municipalities=(KATWIJK,))])
def test_g21_a_site_of_another_region_answers_as_one_that_does_not_exist(
    command: SiteCommand, own_region: Region | None
) -> None:
    """G-21: neither changing it nor adding it again tells that it is there."""
    theirs = refused(lambda: decide(command, open_site(), own_region, known_school()))
    assert theirs[0] in ("unknown", "invalid")
    if not isinstance(command, AddSite):
        assert theirs == refused(lambda: decide(command, None, own_region, None))
