"""A programme as its file describes it: which schools, which kinds of help, which rules, which figures.

The model validates the files of `services/registry/programmes/` and the body of `POST /registry/v1/programmes` alike.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    JsonValue,
    PlainSerializer,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from services.registry.amount import FULL_TIME
from services.registry.codes import (
    Command,
    MunicipalityCode,
    Name,
    ProgrammeCode,
    RegionCode,
    Register,
    SchoolType,
    SubRegionCode,
    number_only,
)
from services.registry.rules import RULES
from shared.domain.findings import Severity

Kind = Literal["GROUP", "INDIVIDUAL", "PARENT_SUPPORT", "COACHING", "CRISIS"]
Setting = Literal["SCHOOL", "CLASS", "HOME", "NETWORK", "DIGITAL", "STREET", "FREE_SITUATION"]
Exclusion = Literal["DIDACTIC", "LEARNING_SUPPORT", "PREVENTIVE_TRAINING", "REGULAR_TEACHER_TRAINING"]
SourceId = Annotated[str, Field(pattern=r"^(2C|ALK|HG|IJK|HR|OQ|INV)-[0-9A-Za-z]{1,6}$")]
"""A statement of the source documents or an open question, such as `HR-07`."""

EXCLUSION_RULES: dict[Exclusion, str] = {
    "DIDACTIC": "R-EXCL-DIDACTIC",
    "LEARNING_SUPPORT": "R-EXCL-LEARNING",
    "PREVENTIVE_TRAINING": "R-EXCL-PREVENTIVE",
    "REGULAR_TEACHER_TRAINING": "R-EXCL-TEACHER-TRAINING",
}


class Title(Command):
    """The programme's name in both languages."""

    nl: Name
    en: Name


class Municipalities(Command):
    """Which municipalities take part according to the source; `assumed` when the list is inferred."""

    assumed: bool
    codes: list[MunicipalityCode]


class Expected(Command):
    """The programme's size according to the source, to hold what was recorded against."""

    schools: int = Field(ge=0)
    municipalities: int = Field(ge=0)
    hosting_municipalities: int = Field(ge=0)
    providers: int = Field(ge=0)


class Qualification(Command):
    """What a worker must have (2C-34)."""

    registers: list[Register]


class ActionPlanPolicy(Command):
    """Whether a plan per school (*plan van aanpak*) is asked, and who directs it (HR-09)."""

    required: bool
    directed_by: Literal["MUNICIPALITY", "PROVIDER", "SCHOOL"] | None = None


class AccessContact(Command):
    """Which organisation is the access to help in a sub-region or municipality (HR-47)."""

    area: SubRegionCode | MunicipalityCode
    organisation: Name
    assumed: bool


class ContractForm(Command):
    """How the help is contracted; `term` null when the source does not state it."""

    form: Literal["CONTRACTED_PROVIDERS", "LOT_ANNEX", "INTENT_AND_COOPERATION_AGREEMENT", "EXTENSION", "NONE"]
    term: Name | None


class RuleSwitch(Command):
    """How the programme takes one rule from a day on; an empty `source` means our default, not the source's word."""

    rule: str
    severity: Severity
    valid_from: date
    source: list[SourceId]
    parameters: dict[str, JsonValue] = Field(default_factory=dict)

    @field_validator("rule")
    @classmethod
    def _known(cls, rule: str) -> str:
        if rule not in RULES:
            raise PydanticCustomError("code", "no such rule", {"expected": ", ".join(f"'{known}'" for known in RULES)})
        return rule

    @model_validator(mode="after")
    def _parameters_fit(self) -> "RuleSwitch":
        known = RULES[self.rule].parameters
        problems: list[InitErrorDetails] = []
        for name, value in self.parameters.items():
            if name not in known:
                unknown = PydanticCustomError("unknown-field", "no such parameter", {"known": sorted(known)})
                problems.append(InitErrorDetails(type=unknown, loc=("parameters", name), input=None))
                continue
            try:
                known[name].validate_python(value)
            except ValidationError:
                wrong = PydanticCustomError("parameter", "does not fit this parameter")
                problems.append(InitErrorDetails(type=wrong, loc=("parameters", name), input=None))
        if problems:
            raise ValidationError.from_exception_data("RuleSwitch", problems)
        return self


class Programme(Command):
    """A whole programme file. `None` for a list means: not restricted by the source."""

    programme: ProgrammeCode
    title: Title
    status: Literal["DRAFT", "ACTIVE", "ENDED"]
    start: date
    valid_from: date
    region: RegionCode
    sub_regions: dict[SubRegionCode, Name]
    municipalities: Municipalities
    expected: Expected | None = None
    holiday_region: Literal["NOORD", "MIDDEN", "ZUID"] | None
    school_types: list[SchoolType] | None
    providers_per_school: Annotated[int, Field(ge=1)] | None
    allowed_kinds: list[Kind]
    flagged_kinds: list[Kind]
    settings: list[Setting] | None
    durations: list[Literal["STRUCTURAL", "INCIDENTAL"]]
    exclusions: dict[Exclusion, Severity]
    order_required: bool
    referral_required: bool
    residence_neutral: bool
    out_of_scope_register: bool
    full_time_hours: Annotated[
        Decimal, BeforeValidator(number_only), Field(gt=0, le=60), PlainSerializer(float, when_used="json")
    ] = FULL_TIME
    qualification: Qualification
    action_plan: ActionPlanPolicy
    access_contacts: list[AccessContact]
    kpis: list[Annotated[str, Field(pattern=r"^KPI-[A-Z0-9]{2,3}-[A-Z]?[0-9]{1,2}$")]]
    cadence: Literal["QUARTERLY", "HALF_YEARLY", "YEARLY", "SCHOOL_YEARLY"]
    contract: ContractForm
    rules: list[RuleSwitch]

    @field_validator("rules")
    @classmethod
    def _complete(cls, rules: list[RuleSwitch]) -> list[RuleSwitch]:
        named = [switch.rule for switch in rules]
        twice = sorted({rule for rule in named if named.count(rule) > 1})
        missing = sorted(set(RULES) - set(named))
        if twice:
            raise PydanticCustomError("rule-twice", "named more than once: {rules}", {"rules": ", ".join(twice)})
        if missing:
            raise PydanticCustomError("rule-missing", "not named: {rules}", {"rules": ", ".join(missing)})
        return rules

    @model_validator(mode="after")
    def _agrees(self) -> "Programme":
        severities = {switch.rule: switch.severity for switch in self.rules}
        for exclusion, rule in EXCLUSION_RULES.items():
            if self.exclusions.get(exclusion, Severity.OFF) != severities[rule]:
                told = {"exclusion": exclusion, "rule": rule}
                raise PydanticCustomError("rule-differs", "exclusions.{exclusion} and {rule} disagree", told)
        if set(self.flagged_kinds) - set(self.allowed_kinds):
            raise PydanticCustomError("kind-differs", "a flagged kind must be an allowed kind")
        return self
