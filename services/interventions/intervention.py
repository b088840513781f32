"""What every intervention (inzet) has in common, whatever its kind (model.md 3.8)."""

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.interventions.codes import (
    Activity,
    Focus,
    Form,
    Function,
    HelpLevel,
    OutcomeTag,
    Purpose,
    Setting,
    Theme,
    Trigger,
)
from services.interventions.words import (
    Day,
    Minutes,
    Moment,
    OwnKey,
    ProgrammeCode,
    SiteCode,
    Staff,
    unique,
)
from shared.clock import AMSTERDAM
from shared.domain.events import Event

Outcomes = Annotated[list[OutcomeTag], Field(max_length=10), AfterValidator(unique)]


class Intervention(Event):
    """One intervention: where, when, how long, by whom, and what it was about.

    The moment in reality is `occurredOn`, or `startedAt` and `endedAt` where the EHR knows them. `signal` to `consent`
    are the provider's own keys of what it answers.
    """

    KIND: ClassVar[str]
    DAY_FIELDS: ClassVar[tuple[str, ...]] = ("occurredOn", "startedAt")

    programme: ProgrammeCode
    site_code: SiteCode
    occurred_on: Day | None = Field(default=None, description="Datum van de inzet")
    started_at: Moment | None = Field(default=None, description="Begin van de inzet")
    ended_at: Moment | None = Field(default=None, description="Einde van de inzet")
    minutes: Minutes
    staff: Staff
    function: Function | None = Field(default=None, description="Functie die handelde")
    setting: Setting | None = Field(default=None, description="Plaats van de inzet")
    purpose: Purpose | None = Field(default=None, description="Doel")
    focus: Focus | None = Field(default=None, description="Gericht op")
    trigger: Trigger | None = Field(default=None, description="Aanleiding")
    form: Form | None = Field(default=None, description="Vorm: casus of cursus")
    activity: Activity | None = Field(default=None, description="Soort activiteit")
    help_level: HelpLevel | None = Field(default=None, description="Zwaarte van de hulp")
    theme: Theme | None = Field(default=None, description="Thema")
    outcomes: Outcomes | None = Field(default=None, description="Opbrengsten")
    signal: OwnKey | None = Field(default=None, description="Eigen sleutel van het signaal")
    help_request: OwnKey | None = Field(default=None, description="Eigen sleutel van de hulpvraag")
    meeting: OwnKey | None = Field(default=None, description="Eigen sleutel van het MDO")
    trajectory: OwnKey | None = Field(default=None, description="Eigen sleutel van het traject")
    exception: OwnKey | None = Field(default=None, description="Eigen sleutel van de uitzondering (nee, tenzij)")
    consent: OwnKey | None = Field(default=None, description="Eigen sleutel van de instemming")

    @property
    def day(self) -> date:
        """The local day in the Netherlands on which it happened."""
        if self.occurred_on is not None:
            return self.occurred_on
        if self.started_at is None:
            raise AssertionError("validation asks for one of the two")
        return self.started_at.astimezone(AMSTERDAM).date()

    @property
    def day_field(self) -> str:
        """The field that says when."""
        return "occurredOn" if self.occurred_on is not None else "startedAt"

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if (self.occurred_on is None) == (self.started_at is None):
            raise PydanticCustomError("one-of", "either occurredOn, or startedAt and endedAt")
        if (self.started_at is None) != (self.ended_at is None):
            raise PydanticCustomError("one-of", "startedAt and endedAt go together")
        if self.started_at and self.ended_at and self.ended_at <= self.started_at:
            raise PydanticCustomError("time-order", "endedAt comes after startedAt")
        return self
