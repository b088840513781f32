"""The facts grow from what registry and contracts tell, and only from that."""

from collections.abc import Iterator
from datetime import date

import pytest

from services.contracts import coverage as contracts
from services.interventions.facts import Facts, Worker
from services.interventions.learning import LESSONS, learn
from services.registry import api as registry
from shared.clock import FrozenClock
from shared.domain.events import Event
from shared.domain.findings import Severity
from tests.interventions.given import (
    AJ,
    CARDEA,
    MARIA,
    PROGRAMME,
    SITE,
    Json,
    Told,
    a_school_in_order,
    as_stored,
    assigned,
    chosen,
    closed,
    covered,
    programme,
    rule,
    site,
)

MARCH, MAY = date(2022, 3, 1), date(2022, 5, 1)


@pytest.fixture
def facts() -> Facts:
    """Nothing is known yet."""
    return Facts()


def tell(facts: Facts, clock: FrozenClock, *told: Told) -> set[str]:
    """Let these be known; what changed by it."""
    learn(facts, [as_stored(one, clock) for one in told])
    return facts.take_changed()


def test_a_school_in_order_is_that(facts: Facts, clock: FrozenClock) -> None:
    tell(facts, clock, *programme(), *a_school_in_order())
    assert facts.participates(PROGRAMME, SITE, MARCH)
    assert facts.covers(PROGRAMME, SITE, AJ, MARCH)
    assert not facts.covers(PROGRAMME, SITE, CARDEA, MARCH)
    assert facts.provider_of(PROGRAMME, SITE, MARCH) == AJ
    assert facts.assigned(PROGRAMME, SITE, Worker(AJ, MARIA), MARCH)
    assert facts.places_of(AJ) == [(PROGRAMME, SITE)]
    assert facts.staff_of(AJ) == [MARIA]


def test_told_twice_changes_nothing(clock: FrozenClock) -> None:
    told = [*programme(), *a_school_in_order(), closed(SITE, "2023-01-01"), chosen(provider=CARDEA, since="2022-06-01")]
    once, twice = Facts(), Facts()
    tell(once, clock, *told)
    tell(twice, clock, *told, *told)
    assert once == twice


def test_a_rule_holds_from_its_day_on(facts: Facts, clock: FrozenClock) -> None:
    tell(facts, clock, *programme(), rule("R-EXCL-LEARNING", "FLAG", "2022-04-01"))
    held = facts.programmes[PROGRAMME]
    assert held.severity("R-EXCL-LEARNING", MARCH) is Severity.BLOCK
    assert held.severity("R-EXCL-LEARNING", MAY) is Severity.FLAG
    assert held.severity("R-NO-UNLESS", MAY) is Severity.OFF


def test_coverage_of_one_contract_ends_without_touching_the_rest(facts: Facts, clock: FrozenClock) -> None:
    ended: Json = {
        "contract": "c-1",
        "programme": PROGRAMME,
        "provider": AJ,
        "site": SITE,
        "validFrom": "2022-01-01",
        "validTo": "2022-03-31",
        "previousValidTo": "2022-12-31",
    }
    tell(facts, clock, covered(), covered(provider=CARDEA), ("contracts", "school-coverage-ended.v1", ended))
    assert facts.covers(PROGRAMME, SITE, AJ, MARCH)
    assert not facts.covers(PROGRAMME, SITE, AJ, MAY)
    assert facts.covered_until(PROGRAMME, SITE, AJ, MAY) == date(2022, 3, 31)
    assert facts.covers(PROGRAMME, SITE, CARDEA, MAY)


def test_an_assignment_ends(facts: Facts, clock: FrozenClock) -> None:
    given = assigned()[2]
    ended = {**given, "validTo": "2022-03-31", "previousValidTo": None}
    tell(facts, clock, assigned(), ("registry", "assignment-ended.v1", ended))
    assert facts.assigned(PROGRAMME, SITE, Worker(AJ, MARIA), MARCH)
    assert not facts.assigned(PROGRAMME, SITE, Worker(AJ, MARIA), MAY)


def test_changes_are_told_in_the_words_that_held_events_wait_for(facts: Facts, clock: FrozenClock) -> None:
    assert tell(facts, clock, site()) == {f"site:{SITE}"}
    assert tell(facts, clock, covered()) == {f"place:{PROGRAMME}/{SITE}"}
    assert tell(facts, clock, *programme()) == {"anything"}
    assert facts.take_changed() == set()


def test_what_no_rule_reads_is_passed_over(facts: Facts, clock: FrozenClock) -> None:
    assert tell(facts, clock, ("registry", "pupil-count-recorded.v1", {})) == set()
    assert facts == Facts()


def test_every_lesson_is_about_an_event_that_the_neighbours_really_tell() -> None:
    """A test may look at all services at once; the services themselves never do."""
    assert registry.ROUTERS and contracts.__doc__
    assert LESSONS.keys() <= {event.TYPE for event in _events(Event) if "TYPE" in event.__dict__}


def _events(kind: type[Event]) -> Iterator[type[Event]]:
    for one in kind.__subclasses__():
        yield one
        yield from _events(one)


def test_forgetting_empties_everything(facts: Facts, clock: FrozenClock) -> None:
    tell(facts, clock, *programme(), *a_school_in_order())
    facts.reset()
    assert facts == Facts()
