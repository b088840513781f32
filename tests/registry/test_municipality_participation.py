"""A municipality takes part in a programme in periods."""

from datetime import date

from services.registry.municipality_participation import (
    JoinMunicipality,
    Leave,
    MunicipalityJoinedProgramme,
    MunicipalityLeftProgramme,
    MunicipalityParticipation,
    decide,
    evolve,
)
from tests.registry.given import LEIDEN, START, after, refused

JOIN = JoinMunicipality(municipality=LEIDEN, assumed=True, valid_from=START)
SUMMER = date(2022, 7, 31)


def joined() -> MunicipalityParticipation:
    return after(evolve, decide(JOIN, None, "HR-JOS"))


def left() -> MunicipalityParticipation:
    return after(evolve, decide(Leave(valid_to=SUMMER), joined(), "HR-JOS"), joined())


def test_joining_says_whether_it_is_assumed() -> None:
    assert decide(JOIN, None, "HR-JOS") == [
        MunicipalityJoinedProgramme(programme="HR-JOS", municipality=LEIDEN, assumed=True, valid_from=START)
    ]


def test_joined_or_left_twice_is_joined_or_left_once() -> None:
    assert decide(JOIN, joined(), "HR-JOS") == []
    assert decide(Leave(valid_to=SUMMER), left(), "HR-JOS") == []


def test_leaving_names_the_last_day() -> None:
    assert decide(Leave(valid_to=SUMMER), joined(), "HR-JOS") == [
        MunicipalityLeftProgramme(programme="HR-JOS", municipality=LEIDEN, valid_to=SUMMER)
    ]


def test_periods_do_not_overlap_but_may_follow_each_other() -> None:
    again = JoinMunicipality(municipality=LEIDEN, valid_from=date(2022, 8, 1))
    assert refused(lambda: decide(again, joined(), "HR-JOS")) == ("conflict", "period-overlaps", "/validFrom")
    state = after(evolve, decide(again, left(), "HR-JOS"), left())
    assert [(span.start, span.end) for span in state.spans] == [(START, SUMMER), (date(2022, 8, 1), None)]


def test_who_has_left_cannot_leave_on_another_day() -> None:
    other = Leave(valid_to=date(2022, 6, 30))
    assert refused(lambda: decide(other, left(), "HR-JOS")) == ("conflict", "already-left", "/validTo")


def test_the_last_day_is_not_before_the_first_and_strangers_cannot_leave() -> None:
    early = Leave(valid_to=date(2021, 12, 31))
    assert refused(lambda: decide(early, joined(), "HR-JOS"))[1] == "period-reversed"
    assert refused(lambda: decide(early, None, "HR-JOS"))[0] == "unknown"
