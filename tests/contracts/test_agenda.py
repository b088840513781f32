"""The contract calendar, and how calendar programs read it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar as reader
import pytest

from services.contracts import icalendar, notice
from services.contracts.agenda import DayKind, entries
from services.contracts.break_option import AgreeBreakOption, agree
from services.contracts.parts import Contract, Scope
from shared.domain.texts import Text
from tests.contracts.given import (
    LAST_MOMENT,
    MIDDEN,
    NOORD,
    NOW,
    TODAY,
    ZUID,
    after,
    drafted,
    extended,
    first_summer_day,
    signed,
)
from tests.contracts.given import notice as given
from tests.contracts.told import HAAGLANDEN, PROGRAMME, told

STAMP = datetime(2026, 9, 1, tzinfo=UTC)


def noticed() -> Contract:
    return after(extended(), list(notice.give(given(LAST_MOMENT), extended(), NOW, first_summer_day)))


def days(contract: Contract, kind: DayKind) -> dict[str | None, date]:
    return {one.site: one.day for one in entries(contract, first_summer_day) if one.kind is kind}


def read(text: str) -> list[reader.Event]:
    calendar = reader.Calendar.from_ical(text)
    return [one for one in calendar.walk("VEVENT") if isinstance(one, reader.Event)]


def test_after_a_notice_each_school_has_the_last_day_of_its_own_region() -> None:
    """INV-16."""
    assert days(noticed(), DayKind.LAST_SERVICE_DAY) == {
        NOORD: date(2027, 7, 9),
        MIDDEN: date(2027, 7, 16),
        ZUID: date(2027, 7, 23),
    }


def test_a_draft_has_no_days_and_the_end_of_2033_is_assumed() -> None:
    last = [one for one in entries(extended(), first_summer_day) if one.kind is DayKind.LAST_SERVICE_DAY]

    assert entries(drafted(), first_summer_day) == []
    assert {(one.day, one.assumed) for one in last} == {(date(2033, 7, 31), True)}


def test_the_last_service_day_of_2033_is_known_when_the_holiday_is_published() -> None:
    published = {NOORD: date(2033, 7, 9), MIDDEN: date(2033, 7, 16), ZUID: date(2033, 7, 23)}
    found = entries(extended(), lambda site, year: published[site] if year == 2033 else first_summer_day(site, year))
    last = [one for one in found if one.kind is DayKind.LAST_SERVICE_DAY]

    assert {one.site: one.day for one in last} == {one: day - timedelta(days=1) for one, day in published.items()}
    assert not any(one.assumed for one in last)


@pytest.mark.parametrize("day", [None, date(2032, 8, 1)])
def test_a_notice_for_a_summer_that_is_not_published_has_an_assumed_day(day: date | None) -> None:
    """Where a day was agreed, nothing is assumed."""
    option = AgreeBreakOption(agreed_on=TODAY, year=2032, scope=Scope.WHOLE, day=day)
    state = after(extended(), agree(option, extended(), TODAY))
    notice_of = given(LAST_MOMENT, year=2032)
    stopped = after(state, list(notice.give(notice_of, state, NOW, first_summer_day)))

    assert days(stopped, DayKind.LAST_SERVICE_DAY)[MIDDEN] == date(2032, 7, 31)
    assumed = {one.assumed for one in entries(stopped, first_summer_day) if one.kind is DayKind.LAST_SERVICE_DAY}
    assert assumed == {day is None}


def test_the_first_term_lasts_until_31_july_whatever_the_holiday() -> None:
    assert set(days(signed(), DayKind.LAST_SERVICE_DAY).values()) == {date(2027, 7, 31)}


def test_the_uid_of_a_day_stays_the_same_when_the_day_moves() -> None:
    before = {one.about: one.uid for one in entries(extended(), first_summer_day) if one.site == MIDDEN}
    after_notice = {one.about: one.uid for one in entries(noticed(), first_summer_day) if one.site == MIDDEN}
    uids = [one.uid for one in entries(extended(), first_summer_day)]

    assert before == after_notice
    assert len(set(uids)) == len(uids)


def test_a_calendar_program_reads_every_day_as_a_whole_day() -> None:
    found = entries(noticed(), first_summer_day)
    text = icalendar.render(found, STAMP, "nl", "JOS: contracten")

    events = read(text)

    assert [(str(e["UID"]), e["DTSTART"].dt, str(e["SUMMARY"])) for e in events] == [
        (one.uid, one.day, one.title.nl) for one in found
    ]
    assert all((e["DTEND"].dt - e["DTSTART"].dt).days == 1 and not e.errors for e in events)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("END:VCALENDAR\r\n")


def test_a_long_title_with_signs_of_its_own_survives_folding() -> None:
    long = "é;,\\" * 60
    entry = replace(entries(signed(), first_summer_day)[0], title=Text(long, long))

    [event] = read(icalendar.render([entry], STAMP, "nl", "JOS"))

    assert str(event["SUMMARY"]) == long


def test_a_recorded_summer_and_a_schools_own_take_the_place_of_what_is_published() -> None:
    facts = told(
        *HAAGLANDEN,
        ("holiday-corrected.v1", {"holidayRegion": "ZUID", "kind": "SUMMER", "validFrom": "2027-07-26"}),
        ("holiday-published.v1", {"holidayRegion": "MIDDEN", "kind": "SUMMER", "validFrom": "2033-07-16"}),
        ("site-holiday-set.v1", {"site": NOORD, "kind": "SUMMER", "validFrom": "2027-07-12"}),
        ("site-holiday-set.v1", {"site": NOORD, "kind": "MAY", "validFrom": "2027-04-24"}),
    )
    summer = facts.first_summer_day(PROGRAMME)

    assert [summer(site, 2027) for site in (NOORD, MIDDEN, ZUID)] == [
        date(2027, 7, 12),
        date(2027, 7, 17),
        date(2027, 7, 26),
    ]
    assert (summer(MIDDEN, 2033), summer(ZUID, 2033)) == (date(2033, 7, 16), None)


def test_signed_contracts_have_their_last_day_for_notice() -> None:
    [deadline] = [one for one in entries(signed(), first_summer_day) if one.kind is DayKind.NOTICE_DEADLINE]

    assert (deadline.day, deadline.year) == (date(2026, 12, 31), 2027)
