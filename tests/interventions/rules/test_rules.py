"""The rules of HR-JOS, one by one: what each finds, and how severely."""

from datetime import date
from typing import Any

import pytest

from services.interventions.catalogue import EVENT_TYPES
from services.interventions.facts import Facts
from services.interventions.learning import learn
from services.interventions.reading import as_content
from services.interventions.rules import RULES, judge
from services.interventions.rules.happening import Happening
from services.interventions.rules.rule import Rule
from shared.clock import FrozenClock
from shared.domain.events import TYPE_PREFIX
from shared.domain.findings import Severity
from tests.interventions.given import (
    AJ,
    CARDEA,
    CONFIGURATION,
    JOB,
    NAMES,
    OTHER_SITE,
    SAMPLES,
    SITE,
    Told,
    a_school_in_order,
    as_stored,
    assigned,
    chosen,
    closed,
    content,
    covered,
    joined,
    programme,
    rule,
    site,
    worker,
)

TODAY = date(2022, 7, 5)
ORDER = [*programme(), *a_school_in_order()]
NO_CONTENT: Any = type("NoContent", (), {"day_field": "occurredOn"})()
"""Tells the name of the field that says when, and nothing else."""


def known(clock: FrozenClock, *told: Told) -> Facts:
    """The facts after these events."""
    facts = Facts()
    learn(facts, [as_stored(one, clock) for one in told])
    return facts


def happening(kind: str, provider: str = AJ, recorded_on: date = TODAY, at: str = "/data", **changed: Any) -> Happening:
    """One of the samples, changed."""
    model = EVENT_TYPES[TYPE_PREFIX + NAMES[kind]].pushed
    data = model.model_validate(content(SAMPLES[kind], **changed), by_alias=True, by_name=False)
    return Happening(as_content(data), provider, recorded_on, TODAY, at)


def found(event: Happening, facts: Facts) -> list[tuple[str, str, bool]]:
    """What the rules find: code, severity, and whether it may still come."""
    return [(one.code, str(one.severity), one.waits) for one in judge(event, facts)]


@pytest.mark.parametrize("kind", ["group", "individual", "parents", "coaching", "start", "taper", "complete", "stop"])
def test_at_a_school_in_order_nothing_is_found(clock: FrozenClock, kind: str) -> None:
    assert found(happening(kind), known(clock, *ORDER)) == []


def test_the_day_is_today_at_the_latest(clock: FrozenClock) -> None:
    facts = known(clock, *ORDER)
    assert found(happening("group", occurredOn="2022-07-05"), facts) == []
    assert found(happening("group", occurredOn="2022-07-06"), facts) == [("time-future", "BLOCK", False)]


def test_the_day_of_an_instant_is_that_of_the_netherlands(clock: FrozenClock) -> None:
    """23:30 UTC on 5 July is half past one on 6 July in Amsterdam."""
    late: dict[str, Any] = {"occurredOn": None, "startedAt": "2022-07-05T23:30:00Z", "endedAt": "2022-07-05T23:45:00Z"}
    [finding] = judge(happening("group", **late), known(clock, *ORDER))
    assert (finding.code, finding.pointer) == ("time-future", "/data/startedAt")


def test_nothing_happens_before_the_programme(clock: FrozenClock) -> None:
    facts = known(clock, *programme(), site(), joined(since="2021-01-01"), worker(), covered(since="2021-01-01"))
    [finding, *_] = judge(happening("group", occurredOn="2021-12-31"), facts)
    assert (finding.code, finding.pointer) == ("time-past", "/data/occurredOn")
    [finding, *_] = judge(happening("group", recorded_on=date(2021, 12, 31)), facts)
    assert (finding.code, finding.pointer) == ("time-past", "/time")


def test_an_unknown_programme_is_not_waited_for(clock: FrozenClock) -> None:
    assert ("programme-unknown", "BLOCK", False) in found(happening("group"), known(clock, *a_school_in_order()))


def test_a_school_nobody_recorded_may_still_come(clock: FrozenClock) -> None:
    assert ("school-unknown", "BLOCK", True) in found(happening("group", siteCode=OTHER_SITE), known(clock, *ORDER))


def test_a_closed_school_is_closed_from_the_day_after(clock: FrozenClock) -> None:
    facts = known(clock, *ORDER, closed(SITE, "2022-03-14"))
    assert found(happening("group"), facts) == []
    assert found(happening("group", occurredOn="2022-03-15"), facts) == [("school-closed", "BLOCK", False)]


def test_a_school_that_does_not_take_part_may_still(clock: FrozenClock) -> None:
    facts = known(clock, *programme(), site(), worker(), assigned(), covered(), joined(since="2022-03-15"))
    assert found(happening("group"), facts) == [("not-participating", "BLOCK", True)]
    assert found(happening("group", occurredOn="2022-03-15"), facts) == []


def test_a_type_of_school_outside_the_programme(clock: FrozenClock) -> None:
    facts = known(clock, *programme(), site(school_type="VO"), joined(), worker(), assigned(), covered())
    assert found(happening("group"), facts) == [("school-type-not-allowed", "BLOCK", True)]


def test_staff_that_is_unknown_may_still_come_and_all_are_named(clock: FrozenClock) -> None:
    [finding] = judge(happening("group", staff=["m-77", JOB, "m-79"]), known(clock, *ORDER))
    assert (finding.code, finding.pointer, finding.waits) == ("staff-unknown", "/data/staff/1", True)
    assert finding.hint is not None and "m-78, m-79" in finding.hint.en


def test_staff_of_another_provider_is_unknown(clock: FrozenClock) -> None:
    facts = known(clock, *programme(), site(), joined(), worker("m-77", CARDEA), covered())
    assert ("staff-unknown", "BLOCK", True) in found(happening("group"), facts)


def test_staff_that_is_not_assigned_that_day_counts_with_a_flag(clock: FrozenClock) -> None:
    facts = known(clock, *ORDER, worker(JOB), assigned(staff=JOB, since="2022-03-15"))
    assert found(happening("group", staff=[JOB]), facts) == [("staff-not-assigned", "FLAG", False)]
    assert found(happening("group", staff=[JOB], occurredOn="2022-03-15"), facts) == []


def test_a_kind_the_programme_lacks_is_refused_and_one_it_does_not_mention_is_flagged(clock: FrozenClock) -> None:
    narrow = {**CONFIGURATION, "allowedKinds": ["GROUP", "CRISIS"]}
    facts = known(clock, *programme(narrow), *a_school_in_order())
    assert found(happening("coaching"), facts) == [("kind-not-allowed", "BLOCK", False)]
    assert found(happening("crisis"), facts) == [("kind-not-mentioned", "FLAG", False)]
    assert found(happening("start"), facts) == [], "a trajectory is no kind of intervention"


def test_no_contract_on_the_day(clock: FrozenClock) -> None:
    others = [worker("m-77", CARDEA), assigned(provider=CARDEA), chosen(provider=CARDEA)]
    [finding] = judge(happening("group", provider=CARDEA), known(clock, *ORDER, *others))
    assert (finding.code, finding.waits, finding.text.en) == ("no-coverage", True, "No contract known.")


def test_another_chosen_provider_blocks_unless_the_programme_says_otherwise(clock: FrozenClock) -> None:
    facts = known(clock, *ORDER, chosen(provider=CARDEA, since="2022-03-01"))
    assert found(happening("group"), facts) == [("R-ONE-PROVIDER", "BLOCK", True)]
    switched = known(clock, *ORDER, chosen(provider=CARDEA, since="2022-03-01"), rule("R-ONE-PROVIDER", "FLAG"))
    assert found(happening("group"), switched) == [("R-ONE-PROVIDER", "FLAG", True)]


def test_a_school_whose_choice_is_not_known_is_let_through(clock: FrozenClock) -> None:
    facts = known(clock, *programme(), site(), joined(), worker(), assigned(), covered())
    assert found(happening("group"), facts) == []


@pytest.mark.parametrize("form", ["CASE", "COURSE", None])
def test_learning_support_is_excluded_in_whatever_form(clock: FrozenClock, form: str | None) -> None:
    event = happening("individual", activity="LEARNING_SUPPORT", form=form)
    assert found(event, known(clock, *ORDER)) == [("R-EXCL-LEARNING", "BLOCK", False)]


def test_an_excluded_theme_does_not_exist(clock: FrozenClock) -> None:
    """2C-T1: the test is the form, not the theme."""
    assert found(happening("group", activity="TRAINING", theme="SOCIAL_SKILLS"), known(clock, *ORDER)) == []


@pytest.mark.parametrize("severity", ["FLAG", "INFO"])
def test_the_severity_is_that_of_the_day_it_happened(clock: FrozenClock, severity: str) -> None:
    facts = known(clock, *ORDER, rule("R-EXCL-LEARNING", severity, "2022-03-14"))
    before = happening("individual", activity="LEARNING_SUPPORT", occurredOn="2022-03-13")
    after = happening("individual", activity="LEARNING_SUPPORT", occurredOn="2022-03-14")
    assert found(before, facts) == [("R-EXCL-LEARNING", "BLOCK", False)]
    assert found(after, facts) == [("R-EXCL-LEARNING", severity, False)]


def test_a_rule_that_is_off_finds_nothing(clock: FrozenClock) -> None:
    facts = known(clock, *ORDER, rule("R-EXCL-LEARNING", "OFF"))
    assert found(happening("individual", activity="LEARNING_SUPPORT"), facts) == []


def test_pointers_of_a_correction_go_into_its_content(clock: FrozenClock) -> None:
    [finding] = judge(happening("group", at="/data/data", activity="LEARNING_SUPPORT"), known(clock, *ORDER))
    assert finding.pointer == "/data/data/activity"
    assert finding.severity is Severity.BLOCK


def test_the_list_of_rules_names_each_function_once() -> None:
    assert len({one.check for one in RULES}) == len(RULES)


def test_what_was_in_order_is_judged_anew_when_the_facts_change(clock: FrozenClock) -> None:
    facts = known(clock, *ORDER)
    assert found(happening("group"), facts) == []
    learn(facts, [as_stored(closed(SITE, "2022-01-31"), clock)])
    assert ("school-closed", "BLOCK", False) in found(happening("group"), facts)


def test_a_place_in_order_does_not_excuse_the_content(clock: FrozenClock) -> None:
    facts = known(clock, *ORDER)
    assert found(happening("group"), facts) == []
    assert [code for code, *_ in found(happening("group", activity="LEARNING_SUPPORT"), facts)] == ["R-EXCL-LEARNING"]


@pytest.mark.parametrize("rule_", [one for one in RULES if not one.of_content], ids=lambda one: one.check.__name__)
def test_a_rule_that_looks_at_the_content_says_so(clock: FrozenClock, rule_: Rule) -> None:
    """The others are not asked again for the same people at the same place on the same day."""
    for facts in (known(clock, *ORDER), known(clock, *programme()), Facts()):
        event = happening("group")
        event.content = NO_CONTENT
        rule_.check(event, facts)
