"""Suitability (*geschiktheidseis*): whether a provider may help at a type of school (HG-32 to HG-37, INV-19).

Three rules judge it, each taken as the programme takes it on the reference date. What they judge by comes from the
registry: the provider's declared expertise, its experience by school type and region, its contracts under the WLZ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from services.contracts.codes import Reference
from services.contracts.contract import ContractEvent, check_not_ahead, known
from services.contracts.parts import Contract, Part, Verification
from shared.domain.calendar import Day
from shared.domain.findings import Finding

SCHOOL_TYPE = r"^[A-Z][A-Z0-9_]{1,11}$"

EXPERTISE: dict[str, frozenset[str]] = {
    "SO_C4": frozenset(("PSYCHIATRIC_DISORDERS", "BEHAVIOURAL_PROBLEMS", "SOCIAL_EMOTIONAL_PROBLEMS")),
    "VSO_C4": frozenset(("PSYCHIATRIC_DISORDERS", "BEHAVIOURAL_PROBLEMS", "SOCIAL_EMOTIONAL_PROBLEMS")),
    "SBO": frozenset(("BEHAVIOURAL_PROBLEMS", "COGNITIVE_DELAYS", "SOCIAL_EMOTIONAL_DELAYS")),
    "SO_C3": frozenset(("MILD_INTELLECTUAL_DISABILITY",)),
}
"""What each type of school asks (HG-32 to HG-35); a type that is not named asks nothing."""
CLUSTER_3 = frozenset(("SO_C3", "VSO_C3"))
EXPERIENCE_MONTHS = 24

# Events


class SuitabilityVerified(ContractEvent):
    """The provider is suitable for this type of school on the reference date."""

    TYPE: ClassVar[str] = "suitability-verified.v1"
    school_type: str
    reference_date: date
    evidence: tuple[str, ...]


class SuitabilityRefused(ContractEvent):
    """The provider is not: `lacking` names the rules that say so."""

    TYPE: ClassVar[str] = "suitability-refused.v1"
    school_type: str
    reference_date: date
    evidence: tuple[str, ...]
    lacking: tuple[str, ...]


EVENTS = (SuitabilityVerified, SuitabilityRefused)


# Commands


class Verify(Part):
    """Judge the provider for a type of school on a day; `evidence` names the documents that were seen."""

    school_type: str = Field(pattern=SCHOOL_TYPE)
    reference_date: Day
    evidence: Annotated[tuple[Reference, ...], Field(max_length=20)] = ()


# What is judged


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a first to a last day (inclusive; None: open)."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider for a type of school on the reference date: what it can show."""

    school_type: str
    day: date
    expertise: frozenset[str]
    experience: tuple[Stretch, ...]
    """At schools of this type within the programme's region."""
    wlz: bool

    def experienced_days(self) -> int:
        """Days of experience before the reference date; days that two periods share count once."""
        days, reached = 0, date.min
        for one in sorted(self.experience, key=lambda stretch: stretch.first):
            first, last = max(one.first, reached), min(one.last or date.max, self.day - timedelta(days=1))
            if last >= first:
                days += (last - first).days + 1
                reached = last + timedelta(days=1)
        return days


# Decide


def verify(
    command: Verify, state: Contract | None, today: date, blocking: Sequence[Finding]
) -> Sequence[ContractEvent]:
    """Record the judgement: refused with every rule that blocks, else verified. The same again is nothing."""
    contract = known(state)
    check_not_ahead(command.reference_date, max(today, contract.valid_from), "/referenceDate")
    lacking = tuple(finding.code for finding in blocking)
    fields = {name: getattr(command, name) for name in Verify.model_fields}
    judged = Verification(**fields, suitable=not lacking, lacking=lacking)
    if contract.suitability and judged == _latest(contract, command.school_type):
        return []
    if lacking:
        return [SuitabilityRefused.of(contract, **fields, lacking=lacking)]
    return [SuitabilityVerified.of(contract, **fields)]


def _latest(contract: Contract, school_type: str) -> Verification | None:
    return next((one for one in reversed(contract.suitability) if one.school_type == school_type), None)


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember the judgement."""
    match event:
        case SuitabilityVerified() | SuitabilityRefused():
            judged = Verification(
                school_type=event.school_type,
                reference_date=event.reference_date,
                suitable=isinstance(event, SuitabilityVerified),
                lacking=event.lacking if isinstance(event, SuitabilityRefused) else (),
                evidence=event.evidence,
            )
            return state.model_copy(update={"suitability": (*state.suitability, judged)})
    return state
