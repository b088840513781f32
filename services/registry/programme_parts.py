"""The parts of a programme's file: what the source says of schools, people, plans, meetings and contract.

Every part may be left out where a source is silent; `None` means that it does not say.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from services.registry.codes import (
    Command,
    Level,
    MunicipalityCode,
    Name,
    Register,
    SchoolType,
    Section,
    SiteCode,
    StaffFunction,
    SubRegionCode,
    TeamRole,
    number_only,
)
from services.registry.professional import Education
from services.registry.professional import Level as EducationLevel
from services.registry.provider import ExpertiseTag

Kind = Literal["GROUP", "INDIVIDUAL", "PARENT_SUPPORT", "COACHING", "CRISIS"]
Setting = Literal["SCHOOL", "CLASS", "HOME", "NETWORK", "DIGITAL", "STREET", "FREE_SITUATION"]
Exclusion = Literal["DIDACTIC", "LEARNING_SUPPORT", "PREVENTIVE_TRAINING", "REGULAR_TEACHER_TRAINING"]
SourceId = Annotated[str, Field(pattern=r"^(2C|ALK|HG|IJK|HR|OQ|INV)-[0-9A-Za-z]{1,6}$")]
"""A statement of the source documents or an open question, such as `HR-07`."""
Positive = Annotated[Decimal, BeforeValidator(number_only), Field(gt=0), PlainSerializer(float, when_used="json")]
Function = Literal["REGIONAL", "LOCAL"]
"""Whether a school is for its own municipality or for a region (*grensverkeer*, HG-43)."""


class Title(Command):
    """The programme's name in both languages."""

    nl: Name
    en: Name


class Municipalities(Command):
    """Which municipalities take part according to the source.

    `assumed`: the list is inferred; `complete` false: there are more, which the source does not name.
    """

    assumed: bool
    complete: bool = True
    codes: list[MunicipalityCode]


class NamedSchool(Command):
    """A school that the source names; `assumed` says which of the other fields we inferred.

    The source gives no BRIN: a region that knows it may pin the school down with `site`.
    """

    name: Name
    former_name: Name | None = None
    school_type: SchoolType | None = None
    municipality: MunicipalityCode | None = None
    sub_region: SubRegionCode | None = None
    function: Function | None = None
    level: Level | None = None
    provider: Name | None = None
    site: SiteCode | None = None
    assumed: list[Literal["name", "schoolType", "municipality", "provider"]] = Field(default_factory=list)


class UnnamedSchools(Command):
    """Schools that the source counts in without naming them (OQ-26): a type, in these municipalities (null: any)."""

    school_type: SchoolType
    municipalities: list[MunicipalityCode] | None = None
    function: Function | None = None


class Schools(Command):
    """The schools with which the programme starts according to the source; later ones are additions (HG-46)."""

    named: list[NamedSchool] = Field(default_factory=list)
    unnamed: list[UnnamedSchools] = Field(default_factory=list)


class Expected(Command):
    """The programme's size according to the source, to hold what was recorded against."""

    schools: int | None = Field(default=None, ge=0)
    municipalities: int | None = Field(default=None, ge=0)
    hosting_municipalities: int | None = Field(default=None, ge=0)
    providers: int | None = Field(default=None, ge=0)


class Qualification(Command):
    """What a worker must have (2C-34, HG-22), and where unregistered staff may work (*verantwoorde werktoedeling*)."""

    registers: list[Register]
    level: EducationLevel | None = None
    educations: list[Education] | None = None
    responsible_allocation: Literal["NO", "PER_LOT", "YES"] | None = None
    mbo_share_of_hours: Annotated[int, Field(ge=0, le=100)] | None = None
    advisor: list[StaffFunction] | None = None


class Staffing(Command):
    """Who is at a school, and how much (HG-26 to HG-30); `fte` tells, `presenceHoursPerWeek` leads (OQ-09)."""

    min_workers: Annotated[int, Field(ge=1)]
    fte: Positive | None = None
    presence_hours_per_week: Annotated[int, Field(ge=1, le=60)] | None = None
    whole_school_day: bool = False
    replacement_school_days: Annotated[int, Field(ge=0)] | None = None
    known_replacement_preferred: bool = False


class Suitability(Command):
    """What a provider must show for a type of school (HG-32 to HG-37)."""

    expertise: dict[SchoolType, list[ExpertiseTag]]
    wlz: list[SchoolType]
    experience_months: Annotated[int, Field(ge=0)]


class ProductCodes(Command):
    """The code under which the programme's help is declared, and those that exclude each other (HG-31, OQ-14)."""

    collective: Annotated[str, Field(pattern=r"^[0-9A-Z]{2,8}$")]
    mutually_exclusive: list[Annotated[str, Field(pattern=r"^[0-9A-Z]{2,8}$")]]
    scope: Literal["SCHOOL", "PUPIL"]


class ActionPlanPolicy(Command):
    """Whether a plan per school (*plan van aanpak*) is asked, who directs it (HR-09), and its sections (HG-62)."""

    required: bool
    directed_by: Literal["MUNICIPALITY", "PROVIDER", "SCHOOL"] | None = None
    sections: list[Section] = Field(default_factory=list)
    development_questions: Annotated[int, Field(ge=0)] | None = None


class AccessContact(Command):
    """Which organisation is the access to help in a sub-region or municipality (HR-47)."""

    area: SubRegionCode | MunicipalityCode
    organisation: Name
    assumed: bool


class Cadence(Command):
    """How often something is done; an empty `source` is our default."""

    what: Literal["KPI", "EVALUATION", "INTERVIEWS", "NETWORK_GROUP", "LEARNING_NETWORK", "SELF_ASSESSMENT"]
    times: Annotated[int, Field(ge=1)]
    per: Literal["YEAR", "SCHOOL_YEAR"]
    source: list[SourceId]


class Milestone(Command):
    """A day that the source names; `approximate` when it says no day ("mid-March")."""

    what: Literal["RESEARCH_INTERIM", "RESEARCH_FINAL"]
    day: date
    approximate: bool
    source: list[SourceId]


class NetworkGroup(Command):
    """Who sits in the group that thinks along (*netwerkgroep*, ALK-22, ALK-47); it advises, it decides nothing."""

    seats: dict[TeamRole, Annotated[int, Field(ge=0)]]
    parties: list[Literal["PARTNERSHIP", "EDUCATION", "MUNICIPALITY", "PROVIDER"]]


class Meeting(Command):
    """Who must be at a multidisciplinary meeting (*MDO*, IJK-03a), and how many steps its checklist has (IJK-07a)."""

    parent_or_pupil: Annotated[int, Field(ge=0)]
    school_role: Annotated[int, Field(ge=0)]
    joint_invitation: bool
    checklist_steps: Annotated[int, Field(ge=0)]


class TermPlan(Command):
    """A term (*looptijd*) in school years; `ifExtended`: only when the result agreement is extended (HG-40)."""

    first: Annotated[str, Field(pattern=r"^20[0-9]{2}-20[0-9]{2}$")]
    last: Annotated[str, Field(pattern=r"^20[0-9]{2}-20[0-9]{2}$")]
    if_extended: bool = False


class NoticePlan(Command):
    """Until when notice can be received (local date), to stop at the summer holiday of a year (HG-41, OQ-10)."""

    received_by: date
    stops_in_summer_of: Annotated[int, Field(ge=2022, le=2100)]


class ContractForm(Command):
    """How the help is contracted; `term` null when the source does not state it.

    `breakOptions` are years in which the contract may be ended early; empty: none (OQ-06).
    """

    form: Literal["CONTRACTED_PROVIDERS", "LOT_ANNEX", "INTENT_AND_COOPERATION_AGREEMENT", "EXTENSION", "NONE"]
    term: Name | None
    providers: list[Name] = Field(default_factory=list)
    terms: list[TermPlan] = Field(default_factory=list)
    notice: NoticePlan | None = None
    break_options: list[Annotated[int, Field(ge=2022, le=2100)]] = Field(default_factory=list)
