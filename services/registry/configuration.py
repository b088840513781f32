"""A programme as its file describes it: which schools, which kinds of help, which rules, which figures.

The model validates the files of `services/registry/programmes/` and the body of `POST /registry/v1/programmes` alike.
The parts of the file are in `programme_parts.py`, the rules that it may name in `switchboard.py`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    JsonValue,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from services.registry.amount import FULL_TIME
from services.registry.codes import (
    Command,
    Name,
    ProgrammeCode,
    RegionCode,
    SchoolType,
    StaffFunction,
    SubRegionCode,
    TeamRole,
    number_only,
)
from services.registry.programme_parts import (
    AccessContact,
    ActionPlanPolicy,
    Cadence,
    ContractForm,
    Exclusion,
    Expected,
    Kind,
    Meeting,
    Milestone,
    Municipalities,
    NetworkGroup,
    ProductCodes,
    Qualification,
    Schools,
    Setting,
    SourceId,
    Staffing,
    Suitability,
    Title,
)
from services.registry.switchboard import RULES
from shared.domain.findings import Severity

__all__ = ["Kind", "Programme", "RuleSwitch", "Title"]

EXCLUSION_RULES: dict[Exclusion, str] = {
    "DIDACTIC": "R-EXCL-DIDACTIC",
    "LEARNING_SUPPORT": "R-EXCL-LEARNING",
    "PREVENTIVE_TRAINING": "R-EXCL-PREVENTIVE",
    "REGULAR_TEACHER_TRAINING": "R-EXCL-TEACHER-TRAINING",
}


STORED = "stored"
"""Says in a validation's context that the file was accepted before: then it only has to load."""


def _stored(info: ValidationInfo) -> bool:
    return bool(info.context and info.context.get(STORED))


class RuleSwitch(Command):
    """How the programme takes one rule from a day on; an empty `source` means our default, not the source's word."""

    rule: str
    severity: Severity
    valid_from: date
    source: list[SourceId]
    parameters: dict[str, JsonValue] = Field(default_factory=dict)

    @field_validator("rule")
    @classmethod
    def _known(cls, rule: str, info: ValidationInfo) -> str:
        if rule not in RULES and not _stored(info):
            raise PydanticCustomError("code", "no such rule", {"expected": ", ".join(f"'{known}'" for known in RULES)})
        return rule

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> "RuleSwitch":
        problems = [] if _stored(info) else list(self._misfits())
        if problems:
            raise ValidationError.from_exception_data("RuleSwitch", problems)
        return self

    def _misfits(self) -> Iterator[InitErrorDetails]:
        word = RULES[self.rule]
        if word.standing and self.severity is Severity.BLOCK:
            no_act = PydanticCustomError("rule-standing", "this rule has no act to refuse: FLAG, INFO or OFF")
            yield InitErrorDetails(type=no_act, loc=("severity",), input=None)
        for name, value in self.parameters.items():
            if name not in word.parameters:
                unknown = PydanticCustomError("unknown-field", "no such parameter", {"known": sorted(word.parameters)})
                yield InitErrorDetails(type=unknown, loc=("parameters", name), input=None)
                continue
            try:
                word.parameters[name].validate_python(value)
            except ValidationError:
                wrong = PydanticCustomError("parameter", "does not fit this parameter")
                yield InitErrorDetails(type=wrong, loc=("parameters", name), input=None)


class Programme(Command):
    """A whole programme file. `None` for a list means: not restricted by the source.

    `region` null: the source names none, and the programme is that of the region which applies it. `start_assumed`: the
    source names no first day.
    """

    programme: ProgrammeCode
    title: Title
    status: Literal["DRAFT", "ACTIVE", "ENDED"]
    start: date
    start_assumed: bool = False
    valid_from: date
    region: RegionCode | None
    region_name: Name | None = None
    sub_regions: dict[SubRegionCode, Name]
    municipalities: Municipalities
    schools: Schools = Field(default_factory=Schools)
    new_schools_from: date | None = None
    providers: list[Name] = Field(default_factory=list)
    expected: Expected | None = None
    holiday_region: Literal["NOORD", "MIDDEN", "ZUID"] | None
    school_types: list[SchoolType] | None
    other_settings: list[Literal["CHILDCARE", "PARENT_CHILD_CARE"]] = Field(default_factory=list)
    providers_per_school: Annotated[int, Field(ge=1)] | None
    allowed_kinds: list[Kind]
    flagged_kinds: list[Kind]
    settings: list[Setting] | None
    durations: list[Literal["STRUCTURAL", "INCIDENTAL"]]
    exclusions: dict[Exclusion, Severity]
    order_required: bool
    orders_requested_by: list[StaffFunction] = Field(default_factory=list)
    referral_required: bool
    residence_neutral: bool
    out_of_scope_register: bool
    full_time_hours: Annotated[
        Decimal, BeforeValidator(number_only), Field(gt=0, le=60), PlainSerializer(float, when_used="json")
    ] = FULL_TIME
    qualification: Qualification
    staffing: Staffing | None = None
    attended_meetings: list[Literal["CTO", "PARENT_TALK", "CORE_TEAM", "CVB", "OT"]] = Field(default_factory=list)
    suitability: Suitability | None = None
    product_codes: ProductCodes | None = None
    teams: dict[SubRegionCode, list[TeamRole]] = Field(default_factory=dict)
    action_plan: ActionPlanPolicy
    meetings: Meeting | None = None
    case_coordinator_from_parties: Annotated[int, Field(ge=2)] | None = None
    goal_domains: list[Literal["EDUCATION", "HOME", "YOUTH_HELP"]] = Field(default_factory=list)
    arrangements: bool = False
    network_group: NetworkGroup | None = None
    access_contacts: list[AccessContact]
    kpis: list[Annotated[str, Field(pattern=r"^KPI-[A-Z0-9]{2,3}-[A-Z]?[0-9]{1,2}$")]]
    baseline_year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    target_year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    cadence: Literal["QUARTERLY", "HALF_YEARLY", "YEARLY", "SCHOOL_YEARLY"]
    cadences: list[Cadence] = Field(default_factory=list)
    milestones: list[Milestone] = Field(default_factory=list)
    contract: ContractForm
    four_eyes: list[Literal["SIGNATURE", "NOTICE", "RULE_CHANGE"]] = Field(default_factory=list)
    rules: list[RuleSwitch]

    @field_validator("rules")
    @classmethod
    def _complete(cls, rules: list[RuleSwitch], info: ValidationInfo) -> list[RuleSwitch]:
        """Every rule is named; twice only from different days."""
        if _stored(info):
            return rules
        named = [(switch.rule, switch.valid_from) for switch in rules]
        twice = sorted({rule for rule, day in named if named.count((rule, day)) > 1})
        missing = sorted(set(RULES) - {rule for rule, _ in named})
        if twice:
            raise PydanticCustomError("rule-twice", "named more than once: {rules}", {"rules": ", ".join(twice)})
        if missing:
            raise PydanticCustomError("rule-missing", "not named: {rules}", {"rules": ", ".join(missing)})
        return rules

    @model_validator(mode="after")
    def _agrees(self, info: ValidationInfo) -> "Programme":
        if _stored(info):
            return self
        for exclusion, rule in EXCLUSION_RULES.items():
            if self.exclusions.get(exclusion, Severity.OFF) != self.switch(rule).severity:
                told = {"exclusion": exclusion, "rule": rule}
                raise PydanticCustomError("rule-differs", "exclusions.{exclusion} and {rule} disagree", told)
        for place, rule, parameter, said in self._said_twice():
            switch = self.switch(rule)
            if switch.severity is not Severity.OFF and switch.parameters.get(parameter) != said:
                told = {"place": place, "rule": rule, "parameter": parameter}
                raise PydanticCustomError("rule-differs", "{place} and {rule} {parameter} disagree", told)
        if set(self.flagged_kinds) - set(self.allowed_kinds):
            raise PydanticCustomError("kind-differs", "a flagged kind must be an allowed kind")
        return self

    @classmethod
    def stored(cls, configuration: Mapping[str, JsonValue]) -> "Programme":
        """A file as it was applied once: what is asked of a file today is not asked of it."""
        return cls.model_validate(configuration, strict=False, context={STORED: True})

    def switch(self, rule: str) -> RuleSwitch:
        """How the file takes a rule on its own first day; where it names it later only, as it begins."""
        named = sorted((one for one in self.rules if one.rule == rule), key=lambda one: one.valid_from)
        return ([one for one in named if one.valid_from <= self.valid_from] or named[:1])[-1]

    def _said_twice(self) -> Iterator[tuple[str, str, str, object]]:
        """What the file says for people and once more as a rule's parameter: (place, rule, parameter, value)."""
        file = self.model_dump(mode="json", by_alias=True)
        for place, rule, parameter in SAID_TWICE:
            section, _, key = place.partition(".")
            said = file[section] if not key else (file[section] or {}).get(key)
            if said:
                yield place, rule, parameter, said


SAID_TWICE = (
    ("newSchoolsFrom", "R-NEW-SCHOOL-2027", "from"),
    ("qualification.registers", "R-QUAL-REGISTERED", "registers"),
    ("qualification.educations", "R-QUAL-HBO", "educations"),
    ("qualification.mboShareOfHours", "R-QUAL-HBO", "allocatedShareOfHours"),
    ("qualification.advisor", "R-ADVISOR", "functions"),
    ("staffing.minWorkers", "R-STAFF-MIN2", "minimum"),
    ("staffing.presenceHoursPerWeek", "R-PRESENCE", "hoursPerWeek"),
    ("staffing.replacementSchoolDays", "R-REPLACEMENT", "schoolDays"),
    ("suitability.expertise", "R-SUITABILITY", "expertise"),
    ("suitability.experienceMonths", "R-EXPERIENCE", "months"),
    ("suitability.wlz", "R-WLZ", "schoolTypes"),
    ("productCodes.mutuallyExclusive", "R-CODE-MUTEX", "codes"),
    ("productCodes.scope", "R-CODE-MUTEX", "scope"),
    ("teams", "R-TEAM-COMPOSITION", "roles"),
    ("actionPlan.sections", "R-PLAN", "sections"),
    ("actionPlan.developmentQuestions", "R-PLAN", "developmentQuestions"),
    ("ordersRequestedBy", "R-ORDER-RESIDENCE", "functions"),
    ("caseCoordinatorFromParties", "R-CASE-COORD", "parties"),
    ("meetings.parentOrPupil", "R-MDO-QUORUM", "parentOrPupil"),
    ("meetings.schoolRole", "R-MDO-QUORUM", "schoolRole"),
)
"""The file's word and the rule's parameter must be the same, or a reader would believe the wrong one."""
