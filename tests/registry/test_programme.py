"""A programme is applied from its file; the same file again changes nothing."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.registry.programme import (
    ProgrammeChangeProposed,
    ProgrammeDefined,
    ProgrammeRuleSwitched,
    confirmed,
    decide,
    evolve,
)
from services.registry.programmes import FILES, load
from shared.domain.findings import Severity
from tests.registry.given import START, after, changed_file, hr_jos, hr_jos_file, refused, switched

NEXT_YEAR = date(2023, 1, 1)


def test_the_first_application_defines_it_and_switches_every_rule() -> None:
    first, *rules = decide(hr_jos_file(), None, "HR", True)
    assert isinstance(first, ProgrammeDefined)
    assert (first.programme, first.version, first.region) == ("HR-JOS", 1, "HR")
    assert first.configuration == hr_jos_file().model_dump(mode="json", by_alias=True)
    assert len([event for event in rules if isinstance(event, ProgrammeRuleSwitched)]) == 35


def test_the_same_file_again_changes_nothing() -> None:
    assert decide(hr_jos_file(), hr_jos(), "HR", True) == []


def test_a_changed_rule_is_switched_from_its_day_and_no_other_is() -> None:
    file = changed_file(rules=switched("R-ONE-PROVIDER", severity="FLAG", validFrom="2023-01-01"))
    defined, switch = decide(file, hr_jos(), "HR", True)
    assert isinstance(defined, ProgrammeDefined) and isinstance(switch, ProgrammeRuleSwitched)
    assert (defined.version, switch.rule, switch.severity) == (2, "R-ONE-PROVIDER", Severity.FLAG)
    state = after(evolve, [defined, switch], hr_jos())
    assert state.severity("R-ONE-PROVIDER", date(2022, 12, 31)) is Severity.BLOCK
    assert state.severity("R-ONE-PROVIDER", NEXT_YEAR) is Severity.FLAG
    assert decide(file, state, "HR", True) == []


def test_a_changed_file_is_a_new_version_that_holds_from_its_day() -> None:
    file = changed_file(schoolTypes=["SBO"], validFrom="2023-01-01")
    [defined] = decide(file, hr_jos(), "HR", True)
    state = evolve(hr_jos(), defined)
    assert state.valid_from == START
    assert len(state.configuration(date(2022, 12, 31)).school_types or []) == 4
    assert len(state.configuration(NEXT_YEAR).school_types or []) == 1


def test_the_region_must_be_the_callers_and_defined() -> None:
    assert refused(lambda: decide(hr_jos_file(), None, "HGL", True)) == ("invalid", "no-such-region", "/region")
    assert refused(lambda: decide(hr_jos_file(), None, "HR", False)) == ("invalid", "no-such-region", "/region")


def test_g21_a_programme_of_another_region_answers_as_one_that_does_not_exist() -> None:
    """G-21: an administrator elsewhere cannot tell that it is there."""
    assert refused(lambda: decide(changed_file(region="HGL"), hr_jos(), "HGL", True))[0] == "unknown"


def test_a_rule_switched_next_year_leaves_this_year_as_it_was() -> None:
    later = [*switched("R-PLAN"), *(one for one in switched("R-PLAN", severity="BLOCK", validFrom="2023-01-01")
                                    if one["rule"] == "R-PLAN")]  # fmt: skip
    events = decide(changed_file(rules=later), None, "HR", True)
    assert len(events) == 1 + 36
    state = after(evolve, events)
    assert state.severity("R-PLAN", date(2022, 12, 31)) is Severity.FLAG
    assert state.severity("R-PLAN", NEXT_YEAR) is Severity.BLOCK


def test_a_rule_named_twice_from_one_day_is_refused() -> None:
    with pytest.raises(ValidationError, match="named more than once: R-PLAN"):
        changed_file(rules=[*switched("R-PLAN"), *(one for one in switched("R-PLAN") if one["rule"] == "R-PLAN")])


def test_the_first_file_applied_again_brings_back_what_it_says_on_every_later_day() -> None:
    changed = changed_file(
        rules=switched("R-ONE-PROVIDER", severity="FLAG", validFrom="2023-01-01"),
        schoolTypes=["SBO"],
        validFrom="2023-01-01",
    )
    state = after(evolve, decide(changed, hr_jos(), "HR", True), hr_jos())
    assert state.severity("R-ONE-PROVIDER", NEXT_YEAR) is Severity.FLAG
    back = decide(hr_jos_file(), state, "HR", True)
    assert [(event.TYPE, event.valid_from) for event in back] == [
        ("programme-defined.v1", NEXT_YEAR),
        ("programme-rule-switched.v1", NEXT_YEAR),
    ]
    state = after(evolve, back, state)
    assert state.severity("R-ONE-PROVIDER", NEXT_YEAR) is Severity.BLOCK
    assert state.configuration(NEXT_YEAR) == hr_jos_file()
    assert decide(hr_jos_file(), state, "HR", True) == []


def test_a_programme_whose_source_names_no_region_is_that_of_the_region_that_applies_it() -> None:
    product = load(FILES / "2C-PRODUCT.yaml")
    state = after(evolve, decide(product, None, "HGL", True))
    assert state.region == "HGL"
    assert decide(product, state, "HGL", True) == []
    assert refused(lambda: decide(product, state, "HR", True))[0] == "unknown"
    assert refused(lambda: decide(product, None, None, True)) == ("invalid", "no-such-region", "/region")


def test_where_the_newest_file_asks_for_four_eyes_a_change_waits_for_another_account() -> None:
    asking = changed_file(fourEyes=["RULE_CHANGE"])
    state = after(evolve, decide(asking, None, "HR", True))
    change = changed_file(fourEyes=[], schoolTypes=["SBO"])
    events = decide(change, state, "HR", True)
    [proposal] = confirmed(change, state, "first", events)
    assert isinstance(proposal, ProgrammeChangeProposed) and proposal.by == "first"
    waiting = evolve(state, proposal)
    assert waiting.configuration(START).school_types != ["SBO"]
    assert confirmed(change, waiting, "first", events) == []
    other = changed_file(fourEyes=[], schoolTypes=["SO"])
    [another] = confirmed(other, waiting, "second", decide(other, waiting, "HR", True))
    assert isinstance(another, ProgrammeChangeProposed)
    assert confirmed(change, waiting, "second", events) == events
    settled = after(evolve, events, waiting)
    assert settled.proposed == () and not settled.asks_a_second()
    assert confirmed(asking, None, "first", decide(asking, None, "HR", True)) == decide(asking, None, "HR", True)


def test_what_was_applied_once_goes_on_loading_whatever_is_asked_of_a_file_today() -> None:
    [defined, *_] = decide(hr_jos_file(), None, "HR", True)
    assert isinstance(defined, ProgrammeDefined)
    gone = {"rule": "R-GONE", "severity": "FLAG", "validFrom": "2022-01-01", "source": [], "parameters": {}}
    rules = [*switched("R-STAFF-MIN2", severity="BLOCK", parameters={"least": 2})[:20], gone]
    old = {**defined.configuration, "rules": rules, "exclusions": {"DIDACTIC": "BLOCK"}}
    state = evolve(None, defined.model_copy(update={"configuration": old}))
    assert state.configuration(START).school_types == hr_jos_file().school_types
    with pytest.raises(ValidationError):
        changed_file(rules=rules)
