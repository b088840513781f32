"""Individual interventions (individuele observaties en begeleiding, 2C-28)."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.interventions.codes import IndividualMode, SchoolImpact, TalkResult
from services.interventions.intervention import Intervention
from services.interventions.words import PupilRef


class Individual(Intervention):
    """Help for exactly one pupil (INV-03)."""

    KIND: ClassVar[str] = "INDIVIDUAL"

    mode: IndividualMode = Field(description="Werkwijze")
    school_impact: SchoolImpact | None = Field(default=None, description="Impact op klas of school (2C-20)")
    talk_result: TalkResult | None = Field(default=None, description="Resultaat van het gesprek")


class IndividualInterventionRecorded(Individual):
    """One pupil was observed, guided or talked with."""

    TYPE: ClassVar[str] = "individual-intervention-recorded.v1"

    subject: UUID


class RecordIndividualIntervention(Individual):
    """As the provider sends it, with its own reference to the pupil."""

    TYPE: ClassVar[str] = IndividualInterventionRecorded.TYPE

    pupil_ref: PupilRef
