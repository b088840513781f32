"""Suitability, tariff variables and four eyes, decided without a database."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.contracts import contract as c
from services.contracts import four_eyes, rules, suitability, tariff
from services.contracts.contract import ContractEvent
from services.contracts.parts import Contract
from services.contracts.suitability import Candidate, Stretch, Verify
from shared.domain.findings import Refused, Severity
from tests.contracts.given import DRAFT, MIDDEN, TODAY, after, drafted, signed
from tests.contracts.told import HAAGLANDEN, PROGRAMME, PROVIDER, told

FIRST = date(2026, 8, 1)

# Suitability


def candidate(school_type: str = "SO_C4", **more: object) -> Candidate:
    fields: dict[str, object] = {"expertise": frozenset(), "experience": (), "wlz": False}
    return Candidate(school_type=school_type, day=FIRST, **(fields | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stretches", "enough"),
    [
        ([Stretch(date(2024, 8, 1), date(2026, 7, 31))], True),
        ([Stretch(date(2024, 8, 2), None)], False),
        ([Stretch(date(2024, 8, 1), None)], True),
        ([Stretch(date(2022, 1, 1), date(2022, 12, 31)), Stretch(date(2024, 1, 1), date(2024, 12, 31))], True),
        ([Stretch(date(2025, 8, 1), None), Stretch(date(2025, 8, 1), None)], False),
        ([Stretch(date(2026, 8, 1), None)], False),
        ([], False),
    ],
)
def test_inv_19_experience_is_24_months_before_the_reference_date(stretches: Sequence[Stretch], enough: bool) -> None:
    """INV-19, HG-37: days that two periods share count once."""
    finding = rules.experience(candidate(experience=tuple(stretches)), {"months": 24})

    assert (finding is None) is enough


def test_each_type_of_school_asks_its_own_expertise() -> None:
    """HG-32 to HG-35."""
    some = candidate(expertise=frozenset(("BEHAVIOURAL_PROBLEMS", "PSYCHIATRIC_DISORDERS")))
    finding = rules.suitability(some, {})

    assert finding is not None
    assert "SOCIAL_EMOTIONAL_PROBLEMS" in finding.text.en
    assert rules.suitability(candidate(expertise=suitability.EXPERTISE["SO_C4"]), {}) is None
    assert rules.suitability(candidate("PRO"), {}) is None


def test_cluster_3_asks_a_wlz_contract() -> None:
    """HG-36."""
    assert rules.wlz(candidate("SO_C3"), {}) is not None
    assert rules.wlz(candidate("SO_C3", wlz=True), {}) is None
    assert rules.wlz(candidate("SO_C4"), {}) is None


def test_what_a_provider_can_show_comes_from_the_registry_on_the_day_and_for_the_region() -> None:
    declared = ("provider-expertise-declared.v1", {"provider": PROVIDER, "tags": ["A"], "validFrom": "2026-01-01"})
    worked = {"provider": PROVIDER, "schoolType": "SO_C4", "validFrom": "2024-01-01", "validTo": None}
    facts = told(
        *HAAGLANDEN,
        declared,
        ("provider-experience-recorded.v1", worked | {"region": "HGL"}),
        ("provider-experience-recorded.v1", worked | {"region": "HR", "validFrom": "2020-01-01"}),
        ("wlz-contract-recorded.v1", {"provider": PROVIDER, "validFrom": "2026-01-01", "validTo": "2026-07-31"}),
    )

    found = facts.candidate(PROGRAMME, PROVIDER, MIDDEN, FIRST)

    assert found == candidate(expertise=frozenset("A"), experience=(Stretch(date(2024, 1, 1), None),), wlz=False)


def test_a_verification_records_what_is_lacking_and_the_same_again_is_nothing() -> None:
    command = Verify(school_type="SO_C3", reference_date=FIRST, evidence=("dossier/1",))
    lacking = [finding for finding in [rules.wlz(candidate("SO_C3"), {})] if finding]
    refused = after(drafted(), suitability.verify(command, drafted(), TODAY, lacking))

    assert refused.suitability[0].lacking == ("R-WLZ",)
    assert suitability.verify(command, refused, TODAY, lacking) == []
    assert after(refused, suitability.verify(command, refused, TODAY, [])).suitability[-1].suitable is True


def test_the_severity_is_the_programmes_and_off_is_not_asked() -> None:
    switches = {"R-SUITABILITY": rules.Switch(Severity.FLAG), "R-WLZ": rules.Switch(Severity.OFF)}

    found = rules.judge(candidate("SO_C3"), lambda rule: switches.get(rule, rules.Switch()), "/schools/0/site")

    assert [(one.code, one.severity, one.pointer) for one in found] == [
        ("R-SUITABILITY", Severity.FLAG, "/schools/0/site")
    ]


# Tariff variables


def test_variables_are_proposed_settled_and_proposed_anew() -> None:
    propose, settle = tariff.Propose(name="HOURLY_RATE", unit="EUR_PER_HOUR"), tariff.Settle(settled_on=TODAY)
    proposed = after(signed(), tariff.propose(propose, signed()))
    settled = after(proposed, tariff.settle(settle, proposed, TODAY))
    again = tariff.Propose(name="HOURLY_RATE", unit="EUR_PER_HOUR", value="81.50")

    assert tariff.propose(propose, proposed) == []
    assert tariff.settle(settle, settled, TODAY) == []
    assert settled.tariffs[0].settled_on == TODAY
    assert after(settled, tariff.propose(again, settled)).tariffs[0].settled_on is None
    with pytest.raises(Refused, match="nothing-proposed"):
        tariff.settle(settle, signed(), TODAY)


# Four eyes


def sign(state: Contract, by: str) -> Sequence[ContractEvent]:
    command = c.Sign(signed_on=date(2026, 6, 1))
    return four_eyes.confirmed(four_eyes.SIGNATURE, command, state, by, c.sign(command, state, TODAY))


def test_one_account_proposes_and_another_makes_it_happen() -> None:
    proposed = after(drafted(), sign(drafted(), "one"))
    done = after(proposed, sign(proposed, "other"))

    assert proposed.signed_on is None
    assert sign(proposed, "one") == []
    assert done.signed_on == date(2026, 6, 1)
    assert done.proposals == ()
    assert sign(done, "third") == []


def test_what_was_proposed_of_an_earlier_draft_is_not_confirmed_by_signing_a_later_one() -> None:
    proposed = after(drafted(), sign(drafted(), "one"))
    longer = DRAFT.model_copy(update={"valid_to": date(2028, 7, 31)})
    redrafted = after(proposed, c.draft(longer, proposed))

    assert after(redrafted, sign(redrafted, "other")).signed_on is None
