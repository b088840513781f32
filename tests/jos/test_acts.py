"""What the demo's administrator records."""

from decimal import Decimal

from jos.demo import figures
from jos.demo.acts import Act, stages
from jos.demo.schools import PERIOD_END, PROVIDERS, SCHOOLS
from jos.demo.spread import deliveries

STAGES = list(stages({"programme": "HR-JOS"}, deliveries()))
ACTS = [act for stage in STAGES for act in stage]


def _at(path: str) -> list[Act]:
    return [act for act in ACTS if act.path == path]


def test_every_act_has_a_key_of_its_own_and_the_same_one_again() -> None:
    assert len({act.key for act in ACTS}) == len(ACTS)
    again = [act.key for stage in stages({"programme": "HR-JOS"}, deliveries()) for act in stage]
    assert again == [act.key for act in ACTS]


def test_each_services_last_stage_is_a_single_act() -> None:
    for service in ("registry", "contracts"):
        assert len([stage for stage in STAGES if stage[0].service == service][-1]) == 1


def test_every_school_takes_part_has_one_provider_and_is_under_its_contract() -> None:
    sites = {school.site for school in SCHOOLS}
    assert {act.body["site"] for act in _at("/participations")} == sites
    chosen = [act for act in ACTS if act.path.endswith("/provider-choices")]
    assert len(chosen) == len(SCHOOLS)
    assert sum(bool(act.body["assumed"]) for act in chosen) == 12
    covered = [school["site"] for act in _at("/contracts") for school in act.body["schools"]]  # type: ignore[attr-defined]
    assert sorted(covered) == sorted(sites)
    assert len(_at("/contracts")) == len(PROVIDERS)


def test_the_assignments_of_the_last_day_are_the_fte_of_the_source() -> None:
    fte = {act.body["assignment"]: Decimal(str(act.body["fte"])) for act in _at("/assignments")}
    for act in ACTS:
        if act.path.endswith("/hours"):
            assert str(act.body["validFrom"]) <= PERIOD_END.isoformat()
            fte[act.path.split("/")[2]] = Decimal(str(act.body["fte"]))
    assert sum(fte.values()) == figures.FTE


def test_the_pupil_counts_are_marked_synthetic_and_sum_to_the_source() -> None:
    counts = _at("/pupil-counts")
    assert {act.body["source"] for act in counts} == {"SYNTHETIC"}
    assert sum(int(str(act.body["count"])) for act in counts) == figures.PUPILS
