"""A school is registered once and renamed from a day on."""

from datetime import date

from services.registry.school import RegisterSchool, Rename, SchoolRenamed, decide, evolve
from tests.registry.given import START, known_school, refused

SUMMER = date(2022, 8, 1)


def test_registered_twice_is_registered_once() -> None:
    assert decide(RegisterSchool(school="99HH", name="De Vlieger", valid_from=START), known_school()) == []


def test_registered_otherwise_is_refused() -> None:
    other = RegisterSchool(school="99HH", name="De Windvang", valid_from=START)
    assert refused(lambda: decide(other, known_school()))[1] == "already-registered"


def test_a_new_name_holds_from_its_day() -> None:
    [event] = decide(Rename(name="De Zwaluw", valid_from=SUMMER), known_school())
    assert event == SchoolRenamed(school="99HH", site=None, name="De Zwaluw", valid_from=SUMMER)
    state = evolve(known_school(), event)
    assert [state.names.at(date(2022, 7, 31)), state.names.at(SUMMER)] == ["De Vlieger", "De Zwaluw"]
    assert decide(Rename(name="De Zwaluw", valid_from=SUMMER), state) == []


def test_a_name_before_the_school_existed_is_refused() -> None:
    early = Rename(name="De Zwaluw", valid_from=date(2021, 12, 31))
    assert refused(lambda: decide(early, known_school())) == ("invalid", "before-start", "/validFrom")


def test_a_school_that_does_not_exist_cannot_be_renamed() -> None:
    assert refused(lambda: decide(Rename(name="De Zwaluw", valid_from=SUMMER), None))[0] == "unknown"
