"""The steps of a trajectory: events as they are stored, and commands as the provider sends them."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field
from pydantic.alias_generators import to_snake

from services.interventions.codes import Duration, StopReason, TaperStep, Theme, TrajectoryForm, TrajectoryResult
from services.interventions.intervention import Outcomes
from services.interventions.words import Day, OwnKey, ProgrammeCode, PupilRef, SiteCode, Staff
from shared.domain.events import Event

# Events. Their names are the storage format.


class TrajectoryEvent(Event):
    """What every step of a trajectory says: where, which, by whom."""

    DAY: ClassVar[str]

    programme: ProgrammeCode
    site_code: SiteCode
    trajectory: OwnKey = Field(description="Eigen sleutel van het traject")

    @property
    def day(self) -> date:
        """The day of the step."""
        day: date = getattr(self, to_snake(self.DAY))
        return day

    @property
    def day_field(self) -> str:
        """The field that says when."""
        return self.DAY


class Started(TrajectoryEvent):
    """Help for one pupil begins."""

    DAY: ClassVar[str] = "startedOn"

    started_on: Day = Field(description="Eerste dag van het traject")
    staff: Staff
    duration: Duration = Field(description="Structureel of incidenteel (HR-22, HR-23)")
    form: TrajectoryForm = Field(description="Individueel of in een groep (HR-24)")
    theme: Theme | None = None
    signal: OwnKey | None = None
    help_request: OwnKey | None = None
    exception: OwnKey | None = None


class SupportTrajectoryStarted(Started):
    """A trajectory began."""

    TYPE: ClassVar[str] = "support-trajectory-started.v1"

    subject: UUID


class CarriesStart(Event):
    """What is copied from the start at append."""

    subject: UUID
    duration: Duration
    form: TrajectoryForm


class Tapered(TrajectoryEvent):
    """Help becomes less (afbouw)."""

    TYPE: ClassVar[str] = "support-trajectory-tapered.v1"
    DAY: ClassVar[str] = "taperedOn"

    tapered_on: Day = Field(description="Dag waarop de afbouw begint")
    step: TaperStep | None = None
    staff: Staff | None = None


class SupportTrajectoryTapered(Tapered, CarriesStart):
    """A trajectory is being phased out."""


class Completed(TrajectoryEvent):
    """Help is finished."""

    TYPE: ClassVar[str] = "support-trajectory-completed.v1"
    DAY: ClassVar[str] = "endedOn"

    ended_on: Day = Field(description="Laatste dag van het traject")
    result: TrajectoryResult = Field(description="Resultaat")
    outcomes: Outcomes | None = None
    staff: Staff | None = None


class SupportTrajectoryCompleted(Completed, CarriesStart):
    """A trajectory was finished; `endedOn` is its last day."""


class Stopped(TrajectoryEvent):
    """Help ends early."""

    TYPE: ClassVar[str] = "support-trajectory-stopped.v1"
    DAY: ClassVar[str] = "endedOn"

    ended_on: Day = Field(description="Laatste dag van het traject")
    reason: StopReason = Field(description="Reden")
    staff: Staff | None = None


class SupportTrajectoryStopped(Stopped, CarriesStart):
    """A trajectory was stopped early; `endedOn` is its last day."""


# Commands: the steps above as the provider sends them; only the start names the pupil.


class StartSupportTrajectory(Started):
    """As the provider sends it, with its own reference to the pupil."""

    TYPE: ClassVar[str] = SupportTrajectoryStarted.TYPE

    pupil_ref: PupilRef
