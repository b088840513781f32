"""Crisis interventions (crisisinterventies, 2C-31)."""

from typing import ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.interventions.codes import Escalation
from services.interventions.intervention import Intervention
from services.interventions.words import GroupSize, PupilRef


class Crisis(Intervention):
    """A crisis at school, of one pupil or of a group."""

    KIND: ClassVar[str] = "CRISIS"

    group_size: GroupSize | None = None
    escalation: Escalation = Field(description="Opschaling")


class CrisisInterventionRecorded(Crisis):
    """A crisis was met."""

    TYPE: ClassVar[str] = "crisis-intervention-recorded.v1"

    subject: UUID | None = None


class RecordCrisisIntervention(Crisis):
    """As the provider sends it: a pupil or a group, not both."""

    TYPE: ClassVar[str] = CrisisInterventionRecorded.TYPE

    pupil_ref: PupilRef | None = None

    @model_validator(mode="after")
    def _one_pupil_or_a_group(self) -> Self:
        if (self.pupil_ref is None) == (self.group_size is None):
            raise PydanticCustomError("one-of", "either pupilRef or groupSize")
        return self
