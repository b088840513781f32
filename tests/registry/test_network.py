"""Boards, partnerships, lots, sources, contacts, places, municipalities: registered once, changed from a day on."""

from datetime import date

from services.registry import board, contact, data_source, lot, municipality, partnership, site
from services.registry.at_school import AtSchool
from services.registry.board import RegisterBoard, RenameBoard
from services.registry.contact import ContactRole, FillContactRole
from services.registry.data_source import ChangeSourceStatus, RegisterDataSource, SourceStatus
from services.registry.lot import AllowResponsibleAllocation, DefineLot
from services.registry.municipality import MergeMunicipality, RegisterMunicipality
from services.registry.partnership import RegisterPartnership, RenamePartnership
from services.registry.site import ChangeMunicipality, PlaceInPartnership, SetFunction
from tests.registry.given import (
    KATWIJK,
    LEIDEN,
    START,
    after,
    holland_rijnland,
    hr_jos,
    known_school,
    open_site,
    participating,
    refused,
)

AUGUST = date(2022, 8, 1)
BEFORE = date(2021, 12, 31)


def test_a_board_and_a_partnership_have_a_name_on_every_day() -> None:
    register = RegisterBoard(board="41234", name="De Boom", valid_from=START)
    one = after(board.evolve, board.decide(register, None))
    one = after(board.evolve, board.decide(RenameBoard(name="Het Bos", valid_from=AUGUST), one), one)
    assert (one.names.at(START), one.names.at(AUGUST), board.decide(register, one)) == ("De Boom", "Het Bos", [])
    assert refused(lambda: board.decide(RenameBoard(name="X", valid_from=BEFORE), one))[1] == "before-start"
    named = RegisterPartnership(partnership="VO2801", name="Samen", valid_from=START)
    other = after(partnership.evolve, partnership.decide(named, None))
    assert other.sector == "VO"
    assert partnership.decide(RenamePartnership(name="Samen", valid_from=AUGUST), other) == []


def test_a_lot_allows_others_than_registered_people_only_where_it_says_so() -> None:
    """2C-35: the default is that it does not."""
    state = after(lot.evolve, lot.decide(DefineLot(lot="HR-P1", name="P1", valid_from=START), None, "HR"))
    allow = AllowResponsibleAllocation(allowed=True, valid_from=AUGUST)
    state = after(lot.evolve, lot.decide(allow, state, "HR"), state)
    assert (state.allowed.at(START), state.allowed.at(AUGUST), lot.decide(allow, state, "HR")) == (False, True, [])


def test_a_source_becomes_known_from_a_day_and_is_registered_once() -> None:
    register = RegisterDataSource(
        programme="HR-JOS", source="VERZUIM", name="Verzuim", kpis=[], status=SourceStatus.UNKNOWN, valid_from=START
    )
    state = after(data_source.evolve, data_source.decide(register, None, hr_jos()))
    known = ChangeSourceStatus(status=SourceStatus.KNOWN, owner="Bureau", valid_from=AUGUST)
    state = after(data_source.evolve, data_source.decide(known, state, hr_jos()), state)
    assert state.states.at(START) == (SourceStatus.UNKNOWN, None)
    assert state.states.at(AUGUST) == (SourceStatus.KNOWN, "Bureau")
    assert data_source.decide(register, state, hr_jos()) == data_source.decide(known, state, hr_jos()) == []
    assert refused(lambda: data_source.decide(register, None, None))[1] == "no-such-programme"


def test_a_role_has_an_organisation_until_nobody_has_it() -> None:
    known = AtSchool(hr_jos(), participating())
    state = None
    for organisation, day in (("jeugdteam", START), (None, AUGUST)):
        command = FillContactRole(
            programme="HR-JOS", site="99HH00", role=ContactRole.ACCESS, organisation=organisation, valid_from=day
        )
        state = after(contact.evolve, contact.decide(command, state, known), state)
        assert contact.decide(command, state, known) == []
    assert (state.on(START), state.on(AUGUST)) == ({ContactRole.ACCESS: "jeugdteam"}, {})


def test_a_site_stands_somewhere_on_every_day_and_its_first_record_can_still_be_repeated() -> None:
    region, school = holland_rijnland(), known_school()
    moved = ChangeMunicipality(municipality=KATWIJK, sub_region="DB", valid_from=AUGUST)
    state = after(site.evolve, site.decide(moved, open_site(), region, school), open_site())
    assert (state.place(START), state.place(AUGUST)) == ((LEIDEN, "LR"), (KATWIJK, "DB"))
    assert site.decide(moved, state, region, school) == []
    again = site.AddSite(
        site="99HH00",
        name="De Vlieger",
        school_type=state.types.steps[0][1],
        municipality=LEIDEN,
        sub_region="LR",
        valid_from=START,
    )
    assert site.decide(again, state, region, school) == []


def test_a_function_and_a_partnership_hold_from_their_day() -> None:
    region, school = holland_rijnland(), known_school()
    regional = SetFunction(function="REGIONAL", valid_from=AUGUST)
    state = after(site.evolve, site.decide(regional, open_site(), region, school), open_site())
    assert (state.functions.at(START), state.functions.at(AUGUST)) == (None, "REGIONAL")
    placed = PlaceInPartnership(partnership="PO2801", valid_from=START)
    assert refused(lambda: site.decide(placed, state, region, school))[1] == "no-such-partnership"
    assert site.decide(placed, state, region, school, partnership_known=True) != []


def test_a_municipality_that_merged_names_its_successor_after_its_last_day() -> None:
    register = RegisterMunicipality(municipality=KATWIJK, name="Katwijk", valid_from=START)
    state = after(municipality.evolve, municipality.decide(register, None))
    merge = MergeMunicipality(successor=LEIDEN, valid_to=date(2022, 12, 31))
    assert refused(lambda: municipality.decide(merge, state))[1:] == ("no-such-municipality", "/successor")
    state = after(municipality.evolve, municipality.decide(merge, state, successor_known=True), state)
    assert (state.merged(date(2022, 12, 31)), state.merged(date(2023, 1, 1))) == (None, LEIDEN)
    assert municipality.decide(merge, state, successor_known=True) == []
