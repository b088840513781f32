"""The parts that a contract is made of: what is asked of it, and what it remembers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from services.contracts.codes import SiteCode, Year
from shared.domain.calendar import Day


class Part(BaseModel):
    """What a command or an event holds: strict values, lowerCamelCase keys, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True)


class Scope(StrEnum):
    """What a notice or a break option is about (HG-42): the whole contract, single schools, or the provider."""

    WHOLE = "WHOLE"
    SCHOOL = "SCHOOL"
    PROVIDER = "PROVIDER"


class Party(StrEnum):
    """Who gives notice (OQ-10: either party)."""

    PROVIDER = "PROVIDER"
    REGION = "REGION"


class NoticeReason(StrEnum):
    """Why notice is given (*reden van opzegging*)."""

    CAPACITY = "CAPACITY"
    QUALITY = "QUALITY"
    FINANCE = "FINANCE"
    POLICY = "POLICY"
    SCHOOL_CLOSES = "SCHOOL_CLOSES"
    OTHER = "OTHER"


class Covered(Part):
    """A school site under the contract, and from when to when."""

    site: SiteCode
    valid_from: Day
    valid_to: Day | None = None

    @property
    def empty(self) -> bool:
        """Whether it was ended before it began."""
        return self.valid_to is not None and self.valid_to < self.valid_from


class Coverage(Covered):
    """A signed coverage; `exclusive` when its days are claimed, so that no other contract has the school."""

    exclusive: bool = True


class TermPlan(Part):
    """What follows term 1 when the result agreement is extended (HG-38 to HG-41).

    `school_years` is the length of term 2; `notice_by` the last local day on which notice can be received to stop at
    the summer holiday in which term 1 ends, by default 31 December before it.
    """

    school_years: Annotated[int, Field(ge=1, le=10)] = 6
    notice_by: Day | None = None


class Term(Part):
    """A term (*looptijd*) with its first and last day."""

    term: int
    valid_from: date
    valid_to: date


class BreakOption(Part):
    """An agreed way out (*tussentijdse beëindiging*): in the summer of `year`, or on a day of its own (HG-42).

    `notice_by` is the last local day on which notice can be received for it.
    """

    year: Year
    scope: Scope
    day: date | None = None
    notice_by: date


class Stop(Part):
    """What one notice does to one coverage: the first day without service, and the last day that was said before."""

    site: SiteCode
    valid_from: date
    effective_on: date
    last_service_day: date
    previous_valid_to: date


class Notice(Part):
    """A notice (*opzegging*) as it was received, and what came of it.

    `stops` is empty for a late one; `withdrawn_on` None: it stands; `contract_valid_to` is the contract's last day
    before it.
    """

    notice: str
    by: Party
    scope: Scope
    sites: tuple[str, ...]
    received_at: datetime
    year: int
    reason: NoticeReason
    in_time: bool
    contract_valid_to: date | None
    stops: tuple[Stop, ...] = ()
    next_effective_on: date | None = None
    next_last_service_day: date | None = None
    withdrawn_on: date | None = None

    @property
    def stands(self) -> bool:
        """Whether it has effect: in time and not withdrawn."""
        return self.in_time and self.withdrawn_on is None


class Product(Part):
    """A product code in use at a school, or for one pupil of it where the programme says so (HG-31, OQ-14).

    `with_coverage`: it was asked without a last day, so it lasts as long as the school is under the contract.
    """

    code: str
    site: str
    subject: UUID | None
    valid_from: date
    valid_to: date | None
    exclusive: bool
    with_coverage: bool = False

    @property
    def empty(self) -> bool:
        """Whether it was ended before it began."""
        return self.valid_to is not None and self.valid_to < self.valid_from


class Verification(Part):
    """The provider's suitability for a school type on a day, as it was judged (HG-32 to HG-37)."""

    school_type: str
    reference_date: date
    suitable: bool
    lacking: tuple[str, ...]
    evidence: tuple[str, ...]


class TariffVariable(Part):
    """A variable of the tariff (*tariefopbouw*, OQ-25): a name and a unit; `settled_on` None: only proposed."""

    name: str
    unit: str
    value: str | None
    settled_on: date | None = None


class Proposal(Part):
    """An act that waits for a second pair of eyes; `by` is the account that asked for it."""

    act: str
    asked: dict[str, JsonValue]
    by: str


class Contract(Part):
    """A contract as it stands. `signed_on` None: still a draft; `coverage` only holds what was signed."""

    contract: str
    programme: str
    provider: str
    valid_from: date
    valid_to: date | None
    schools: tuple[Covered, ...]
    lot: str | None = None
    plan: TermPlan | None = None
    signed_on: date | None = None
    coverage: tuple[Coverage, ...] = ()
    terms: tuple[Term, ...] = ()
    extended: bool | None = None
    decided_on: date | None = None
    break_options: tuple[BreakOption, ...] = ()
    notices: tuple[Notice, ...] = ()
    products: tuple[Product, ...] = ()
    suitability: tuple[Verification, ...] = ()
    tariffs: tuple[TariffVariable, ...] = ()
    proposals: tuple[Proposal, ...] = ()
